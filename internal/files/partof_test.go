package files_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/microroute/microroute/internal/files"
)

// A Part of a reader has what is left of it, and the reader goes on where its Part was left.
func TestPartOf(t *testing.T) {
	path := filepath.Join(t.TempDir(), "digits")
	writeFile(t, path, digits)
	for name, tt := range map[string]struct {
		from func(f *os.File) io.Reader
		want string // of the part
		rest string // of the reader, when three octets of the part have been read
	}{
		"a file":                 {func(f *os.File) io.Reader { return f }, digits, digits[3:]},
		"from an offset":         {func(f *os.File) io.Reader { f.Seek(4, io.SeekStart); return f }, digits[4:], digits[7:]},
		"limited":                {func(f *os.File) io.Reader { return io.LimitReader(f, 5) }, digits[:5], digits[3:5]},
		"limited to more":        {func(f *os.File) io.Reader { return io.LimitReader(f, 99) }, digits, digits[3:]},
		"behind the end":         {func(f *os.File) io.Reader { f.Seek(99, io.SeekStart); return f }, "", ""},
		"limited to less than 0": {func(f *os.File) io.Reader { return io.LimitReader(f, -1) }, "", ""},
	} {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		r := tt.from(f)
		part, done := files.PartOf(r)
		if part == nil {
			t.Errorf("%s: got no part", name)
			continue
		}
		if part.Len() != int64(len(tt.want)) {
			t.Errorf("%s: the part has %d octets, want %d", name, part.Len(), len(tt.want))
		}
		got := make([]byte, min(3, part.Len()))
		if _, err := io.ReadFull(part, got); err != nil || string(got) != tt.want[:len(got)] {
			t.Errorf("%s: got %q, %v, want %q", name, got, err, tt.want[:len(got)])
		}
		done(int64(len(got)))
		if rest, err := io.ReadAll(r); string(rest) != tt.rest || err != nil {
			t.Errorf("%s: then the reader has %q, %v, want %q", name, rest, err, tt.rest)
		}
	}
}

func TestPartOfOthers(t *testing.T) {
	in, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	defer out.Close()
	closed, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	for name, r := range map[string]io.Reader{
		"a pipe":        in,
		"a closed file": closed,
		"a string":      strings.NewReader("a"),
		"limited":       io.LimitReader(bytes.NewReader(nil), 1),
	} {
		if part, _ := files.PartOf(r); part != nil {
			t.Errorf("%s: got a part of %d octets, want none", name, part.Len())
		}
	}
}
