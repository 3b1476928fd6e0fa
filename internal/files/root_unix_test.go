//go:build unix

package files_test

import (
	"errors"
	"io/fs"
	"net"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/microroute/microroute/internal/files"
)

// What is no regular file is neither opened nor waited for: no writer ever comes to these FIFOs.
func TestOpensRegularFilesOnly(t *testing.T) {
	site := newSite(t)
	for _, name := range []string{"fifo", "queue/index.html"} {
		makeDirectory(t, filepath.Dir(filepath.Join(site, name)))
		if err := syscall.Mkfifo(filepath.Join(site, name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	listener, err := net.Listen("unix", filepath.Join(site, "socket"))
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	symlink(t, "fifo", filepath.Join(site, "infifo"))
	symlink(t, "/dev/zero", filepath.Join(site, "zero"))

	root := openRoot(t, site)
	for _, path := range []string{"/fifo", "/fifo/", "/infifo", "/queue", "/queue/", "/queue/index.html", "/socket", "/zero"} {
		if file, err := root.Open(path, ""); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Root.Open(%q) = %v, %v, want an error that is fs.ErrNotExist", path, file, err)
		}
	}
	for _, path := range []string{"fifo", "infifo", "socket", "zero"} {
		path = filepath.Join(site, path)
		if file, err := files.Open(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Open(%q) = %v, %v, want an error that is fs.ErrNotExist", path, file, err)
		}
	}
}
