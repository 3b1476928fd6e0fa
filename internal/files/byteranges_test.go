package files_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/microroute/microroute/internal/files"
	"github.com/microroute/microroute/message"
)

const digits = "0123456789"

// digitFiles opens a file that has the digits as its content, from sources of all kinds.
func digitFiles(t *testing.T) map[string]*files.File {
	t.Helper()
	site := t.TempDir()
	writeFile(t, filepath.Join(site, "digits"), digits)
	opened := map[string]*files.File{}
	for way, tree := range waysTo(t, site, files.Options{}) {
		opened[way] = mustOpen(t, tree, "/digits")
	}
	memory := fstest.MapFS{"digits": {Data: []byte(digits), ModTime: compiled}}
	opened["memory"] = mustOpen(t, files.NewTree(memory, files.Options{}), "/digits")
	opened["sequence"] = mustOpen(t, files.NewTree(sequential{FS: memory}, files.Options{}), "/digits")
	t.Cleanup(func() {
		for _, file := range opened {
			file.Close()
		}
	})
	return opened
}

func TestByteRanges(t *testing.T) {
	for _, ranges := range [][]message.Range{
		{{Start: 0, Length: 1}, {Start: 9, Length: 1}},
		{{Start: 5, Length: 5}, {Start: 0, Length: 5}},
		{{Start: 0, Length: 10}, {Start: 3, Length: 4}, {Start: 2, Length: 1}},
	} {
		for way, file := range digitFiles(t) {
			content := file.ByteRanges(ranges, "text/plain; charset=utf-8")
			var text bytes.Buffer
			n, err := content.WriteTo(&text)
			if err != nil || n != int64(text.Len()) || n != content.Len() {
				t.Errorf("%s: %v: wrote %d octets, returned %d, %v, Len %d", way, ranges, text.Len(), n, err, content.Len())
			}
			if !bytes.HasPrefix(text.Bytes(), []byte("--")) {
				t.Errorf("%s: %v: got %q..., want no preamble", way, ranges, text.Bytes()[:4])
			}
			kind, parameters, err := mime.ParseMediaType(content.MIMEType())
			if err != nil || kind != "multipart/byteranges" {
				t.Fatalf("%s: type %q, %v", way, content.MIMEType(), err)
			}
			parts := multipart.NewReader(&text, parameters["boundary"])
			for _, r := range ranges {
				part, err := parts.NextRawPart()
				if err != nil {
					t.Fatalf("%s: %v: %v", way, ranges, err)
				}
				body, err := io.ReadAll(part)
				if want := digits[r.Start : r.Start+r.Length]; err != nil || string(body) != want {
					t.Errorf("%s: %v: got part %q, %v, want %q", way, r, body, err, want)
				}
				want := map[string]string{
					"Content-Type":  "text/plain; charset=utf-8",
					"Content-Range": fmt.Sprintf("bytes %d-%d/10", r.Start, r.Start+r.Length-1),
				}
				if len(part.Header) != len(want) {
					t.Errorf("%s: %v: got header %v, want %v", way, r, part.Header, want)
				}
				for name, value := range want {
					if got := part.Header.Get(name); got != value {
						t.Errorf("%s: %v: got %s %q, want %q", way, r, name, got, value)
					}
				}
			}
			if part, err := parts.NextRawPart(); err != io.EOF {
				t.Errorf("%s: %v: got another part %v, %v", way, ranges, part, err)
			}
		}
	}
}

var twoDigits = []message.Range{{Start: 0, Length: 1}, {Start: 9, Length: 1}}

// Two answers have two boundaries, so that nobody can put one into a file.
func TestByteRangesBoundary(t *testing.T) {
	file := digitFiles(t)["memory"]
	one, other := file.ByteRanges(twoDigits, "text/plain"), file.ByteRanges(twoDigits, "text/plain")
	if one.MIMEType() == other.MIMEType() {
		t.Errorf("got %s twice", one.MIMEType())
	}
}

func TestByteRangesTypeEndsItsField(t *testing.T) {
	content := digitFiles(t)["memory"].ByteRanges(twoDigits, "text/plain\r\nX-Injected: 1\r\n\r\n<script>")
	var text bytes.Buffer
	n, err := content.WriteTo(&text)
	if err != nil || n != content.Len() || bytes.Contains(text.Bytes(), []byte("Injected")) {
		t.Errorf("got %d of %d octets, %v: %q", n, content.Len(), err, text.Bytes())
	}
}

func TestByteRangesOfShrunkFile(t *testing.T) {
	site := t.TempDir()
	path := filepath.Join(site, "digits")
	for way, tree := range waysTo(t, site, files.Options{}) {
		writeFile(t, path, digits)
		file := mustOpen(t, tree, "/digits")
		if err := os.Truncate(path, 5); err != nil {
			t.Fatal(err)
		}
		content := file.ByteRanges(twoDigits, "text/plain")
		var text bytes.Buffer
		if n, err := content.WriteTo(&text); err != io.ErrUnexpectedEOF || n != int64(text.Len()) || n >= content.Len() {
			t.Errorf("%s: got %d of %d octets, %v, want fewer, and io.ErrUnexpectedEOF", way, n, content.Len(), err)
		}
		file.Close()
	}
}

// full is a writer that has room for so many octets.
type full int

var errFull = errors.New("full")

func (f *full) Write(p []byte) (int, error) {
	if n := int(*f); n < len(p) {
		*f = 0
		return n, errFull
	}
	*f -= full(len(p))
	return len(p), nil
}

func TestByteRangesStopWithTheirWriter(t *testing.T) {
	content := digitFiles(t)["memory"].ByteRanges(twoDigits, "text/plain")
	for room := range int(content.Len()) {
		w := full(room)
		if n, err := content.WriteTo(&w); err != errFull || n != int64(room) {
			t.Errorf("room for %d octets: wrote %d, %v, want %v", room, n, err, errFull)
		}
	}
}
