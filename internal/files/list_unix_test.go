//go:build unix

package files_test

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/microroute/microroute/internal/files"
)

// What is neither a file nor a directory is not listed, and not opened to find out that it is no directory: an os.DirFS would
// wait for the FIFO's writer for ever, and a writer that waits would be released.
func TestListLeavesOutDevices(t *testing.T) {
	site := newShelf(t)
	if err := syscall.Mkfifo(filepath.Join(site, "sub", "fifo"), 0o644); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("unix", filepath.Join(site, "sub", "socket"))
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	symlink(t, "fifo", filepath.Join(site, "sub", "infifo"))
	symlink(t, "/dev/null", filepath.Join(site, "sub", "null"))

	trees := waysTo(t, site, files.Options{Listing: true})
	trees["os.DirFS"] = files.NewTree(os.DirFS(site), files.Options{Listing: true})
	for way, tree := range trees {
		entries, err := tree.List("/sub/")
		if got, want := names(entries), "c.txt 13"; err != nil || got != want {
			t.Errorf("%s: got %s, %v, want %s", way, got, err, want)
		}
		for _, path := range []string{"/sub/fifo/", "/sub/infifo/", "/sub/socket/", "/sub/null/"} {
			if entries, err := tree.List(path); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%s: List(%q) = %s, %v, want an error that is fs.ErrNotExist", way, path, names(entries), err)
			}
		}
	}
}
