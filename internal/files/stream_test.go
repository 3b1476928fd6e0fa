package files_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/microroute/microroute/internal/files"
)

// A Stream has what is left of its part, and leaves the rest of the file to others.
func TestStream(t *testing.T) {
	for way, file := range digitFiles(t) {
		for _, part := range []struct{ offset, length, skip int64 }{{0, 10, 0}, {3, 4, 0}, {3, 4, 2}, {0, 0, 0}, {9, 5, 0}} {
			p := file.Part(part.offset, part.length)
			p.Skip(part.skip)
			got, err := io.ReadAll(p.Stream())
			end := min(part.offset+part.length, int64(len(digits)))
			if want := digits[part.offset+part.skip : end]; err != nil || string(got) != want {
				t.Errorf("%s: %+v: got %q, %v, want %q", way, part, got, err, want)
			}
		}
		if text, err := io.ReadAll(file.Part(0, file.Size)); string(text) != digits || err != nil {
			t.Errorf("%s: after streams: got %q, %v", way, text, err)
		}
	}
}

// A descriptor is closed once, whoever has taken it over: the number may be that of another file the second time.
func TestCloseTwice(t *testing.T) {
	site := newSite(t)
	for name, use := range map[string]func(*files.File){
		"unread":   func(*files.File) {},
		"read":     func(f *files.File) { io.ReadAll(f.Part(0, f.Size)) },
		"streamed": func(f *files.File) { io.ReadAll(f.Part(0, f.Size).Stream()) },
	} {
		for way, tree := range waysTo(t, site, files.Options{}) {
			file := mustOpen(t, tree, "/a.txt")
			use(file)
			part := file.Part(0, file.Size)
			if err := file.Close(); err != nil {
				t.Errorf("%s, %s: Close: %v", way, name, err)
			}
			other, err := os.Open(filepath.Join(site, "noext")) // gets the number that has become free
			if err != nil {
				t.Fatal(err)
			}
			if err := file.Close(); !errors.Is(err, fs.ErrClosed) {
				t.Errorf("%s, %s: second Close: %v, want fs.ErrClosed", way, name, err)
			}
			if n, err := part.Read(make([]byte, 9)); n != 0 || !errors.Is(err, fs.ErrClosed) {
				t.Errorf("%s, %s: read %d octets, %v behind the end, want fs.ErrClosed", way, name, n, err)
			}
			if fd, _, ok := part.Descriptor(); ok {
				t.Errorf("%s, %s: descriptor %d of a closed file", way, name, fd)
			}
			if text, err := io.ReadAll(other); string(text) != "www/noext" || err != nil {
				t.Errorf("%s, %s: another file: got %q, %v", way, name, text, err)
			}
			other.Close()
		}
	}
}

// A part beyond what four octets can count.
func TestHugeFile(t *testing.T) {
	const size = 5<<30 + 3
	site := t.TempDir()
	path := filepath.Join(site, "huge")
	writeFile(t, path, "begin")
	if err := os.Truncate(path, size-3); err != nil {
		t.Skip("no sparse files: ", err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteString("end")
	if err = errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	for way, tree := range waysTo(t, site, files.Options{Cache: files.NewCache(1 << 40)}) {
		file := mustOpen(t, tree, "/huge")
		for name, r := range map[string]io.Reader{"part": file.Part(size-4, 4), "stream": file.Part(size-4, 4).Stream()} {
			if got, err := io.ReadAll(r); file.Size != size || string(got) != "\x00end" || err != nil {
				t.Errorf("%s, %s: got %q, %v at the end of %d octets", way, name, got, err, file.Size)
			}
		}
		file.Close()
	}
}

// A file that has shrunk ends early.
func TestShrunkFile(t *testing.T) {
	site := t.TempDir()
	for way, tree := range waysTo(t, site, files.Options{}) {
		for _, stream := range []bool{false, true} {
			path := filepath.Join(site, "digits")
			writeFile(t, path, digits)
			file := mustOpen(t, tree, "/digits")
			if err := os.Truncate(path, 4); err != nil {
				t.Fatal(err)
			}
			part := file.Part(2, 8)
			r := io.Reader(part)
			if stream {
				r = part.Stream()
			}
			if got, err := io.ReadAll(r); string(got) != "23" || err != nil {
				t.Errorf("%s, stream: %t: got %q, %v, want %q", way, stream, got, err, "23")
			}
			file.Close()
		}
	}
}
