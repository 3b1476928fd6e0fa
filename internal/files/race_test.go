//go:build unix

package files

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// swapped is where a file becomes something else between the look and the opening.
type swapped struct {
	looked, opened string
	last           *os.File
}

func (s *swapped) Stat(string) (fs.FileInfo, error) { return os.Stat(s.looked) }

func (s *swapped) OpenFile(_ string, flag int, perm fs.FileMode) (f *os.File, err error) {
	s.last, err = os.OpenFile(s.opened, flag, perm)
	return s.last, err
}

func TestFileSwappedBeforeOpening(t *testing.T) {
	dir := t.TempDir()
	file, fifo := filepath.Join(dir, "file"), filepath.Join(dir, "fifo")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(fifo, 0o644); err != nil {
		t.Fatal(err)
	}
	for opened, want := range map[string]error{fifo: errNotRegular, dir: errDirectory, os.DevNull: errNotRegular} {
		in := &swapped{looked: file, opened: opened}
		if f, err := open(portable{in}, "name"); err != want || f != nil {
			t.Errorf("open of what became %s = %v, %v, want %v", opened, f, err, want)
		}
		if err := in.last.Close(); !errors.Is(err, fs.ErrClosed) {
			t.Errorf("what became %s is still open", opened)
		}
	}
}

// What is no regular file is not opened to find that out.
func TestLooksBeforeOpening(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for looked, want := range map[string]error{dir: errDirectory, os.DevNull: errNotRegular} {
		in := &swapped{looked: looked, opened: file}
		if f, err := open(portable{in}, "name"); err != want || f != nil || in.last != nil {
			t.Errorf("open of %s = %v, %v, opened: %t, want %v before that", looked, f, err, in.last != nil, want)
		}
	}
}
