package files_test

import (
	"archive/zip"
	"bytes"
	"embed"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/microroute/microroute/internal/files"
)

//go:embed testdata/site
var embedded embed.FS

// sequential hides of its files that one can seek in them or read them anywhere, and counts what is done.
type sequential struct {
	fs.FS
	count *count
}

// count is how often files have been opened and closed, and how many octets were read.
type count struct{ opened, closed, read atomic.Int64 }

func (s sequential) Open(name string) (fs.File, error) {
	file, err := s.FS.Open(name)
	if err != nil || s.count == nil {
		return struct{ fs.File }{file}, err
	}
	s.count.opened.Add(1)
	return counted{file, s.count}, nil
}

type counted struct {
	fs.File
	count *count
}

// Read lets all others run before.
func (c counted) Read(p []byte) (int, error) {
	for range 100 {
		runtime.Gosched()
	}
	n, err := c.File.Read(p)
	c.count.read.Add(int64(n))
	return n, err
}

func (c counted) Close() error {
	c.count.closed.Add(1)
	return c.File.Close()
}

// zipped makes a zip of a file system, of files that are compressed and all have this time.
func zipped(t *testing.T, fsys fs.FS, modified time.Time) fs.FS {
	t.Helper()
	var octets bytes.Buffer
	w := zip.NewWriter(&octets)
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		f, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: modified})
		if err != nil {
			return err
		}
		_, err = f.Write(text)
		return err
	})
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	r, err := zip.NewReader(bytes.NewReader(octets.Bytes()), int64(octets.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestFileSystems(t *testing.T) {
	site, err := fs.Sub(embedded, "testdata/site")
	if err != nil {
		t.Fatal(err)
	}
	local := os.DirFS(filepath.Join("testdata", "site"))
	for name, fsys := range map[string]fs.FS{
		"embed.FS":            site,
		"os.DirFS":            local,
		"zip.Reader":          zipped(t, local, compiled),
		"zip.Reader, no time": zipped(t, local, time.Time{}),
		"fstest.MapFS":        memoryOf(t, filepath.Join("testdata", "site")),
		"sequential":          sequential{FS: local},
	} {
		t.Run(name, func(t *testing.T) {
			tree := files.NewTree(fsys, files.Options{Pages: pages, Encodings: codings})
			defer tree.Close()
			for path, want := range map[string]string{
				"/": "opened site/index.html\n", "/sub/": "opened site/sub/index.html\n", "/sub": "wants a slash",
				"/sub/b.txt": "opened site/sub/b.txt\n", "/nothing": "not found", "/sub/b.txt/": "not found",
				"/sub/b.txt/c": "not found", "/../secret": "not found", "/\xff": "not found", "/empty/": "not found",
			} {
				if got := outcome(t, tree, path); got != want {
					t.Errorf("Open(%q): %s, want %s", path, got, want)
				}
			}
			file := mustOpen(t, tree, "/sub/b.txt")
			defer file.Close()
			for _, part := range []struct{ offset, length int64 }{{5, 3}, {0, 4}, {2, 1}, {9, 3}, {0, file.Size}} {
				got, err := io.ReadAll(file.Part(part.offset, part.length))
				if want := "site/sub/b.txt\n"[part.offset:][:part.length]; err != nil || string(got) != want {
					t.Errorf("part %v: got %q, %v, want %q", part, got, err, want)
				}
			}
		})
	}
}

// A file without a time has a tag that is made of its content, found out once, however many ask at the same time.
func TestSumIsComputedOnce(t *testing.T) {
	count := &count{}
	memory := fstest.MapFS{"a": {Data: []byte("content")}, "npm": {Data: []byte("content"), ModTime: time.Unix(499162500, 0)}}
	tree := files.NewTree(sequential{memory, count}, files.Options{})
	for name, want := range map[string]string{"/a": `"105q1zxxp9c3m-7"`, "/npm": `"105q1zxxp9c3m-7"`} {
		count.read.Store(0)
		var readers sync.WaitGroup
		for range 8 {
			readers.Go(func() {
				file, err := tree.Open(name, "")
				if err != nil {
					t.Error(err)
					return
				}
				defer file.Close()
				if v := file.Validators(now); v.ETag != want || !v.LastModified.IsZero() {
					t.Errorf("%s: got %+v, want tag %s and no date", name, v, want)
				}
			})
		}
		readers.Wait()
		if n := count.read.Load(); n != 7 {
			t.Errorf("%s: %d octets read, want 7", name, n)
		}
	}
	memory["a"].Data = []byte("longer content")
	file := mustOpen(t, tree, "/a")
	if got := file.Validators(now).ETag; strings.HasPrefix(got, `"105q1zxxp9c3m-`) || !strings.HasSuffix(got, `-e"`) {
		t.Errorf("longer: got tag %s, want another one", got)
	}
	file.Close()
	if opened, closed := count.opened.Load(), count.closed.Load(); opened != closed {
		t.Errorf("%d files opened, %d closed", opened, closed)
	}
}

// Files of the operating system change under the program: those without a time have no tag, as in a root.
func TestNoSumOfNativeFiles(t *testing.T) {
	site := t.TempDir()
	writeFile(t, filepath.Join(site, "a"), "content")
	setTime(t, filepath.Join(site, "a"), time.Unix(1, 0))
	trees := waysTo(t, site, files.Options{})
	trees["os.DirFS"] = files.NewTree(os.DirFS(site), files.Options{})
	for way, tree := range trees {
		file := mustOpen(t, tree, "/a")
		if v := file.Validators(now); v.ETag != "" || !v.LastModified.IsZero() {
			t.Errorf("%s: got %+v, want none", way, v)
		}
		file.Close()
	}
}

// onFire is a file system whose machine is in trouble.
type onFire struct{}

func (onFire) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: errors.New("disk on fire")}
}

// Trouble is not taken for a file that is not there.
func TestFileSystemInTrouble(t *testing.T) {
	tree := files.NewTree(onFire{}, files.Options{Pages: pages, Listing: true})
	for _, path := range []string{"/a.txt", "/sub/", "/"} {
		if _, err := tree.Open(path, ""); err == nil || errors.Is(err, fs.ErrNotExist) {
			t.Errorf("opening %s: %v, want what the file system says", path, err)
		}
		if _, err := tree.List(path); path != "/a.txt" && (err == nil || errors.Is(err, fs.ErrNotExist)) {
			t.Errorf("listing %s: %v, want what the file system says", path, err)
		}
	}
}
