package files_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"syscall"
	"testing"

	"github.com/microroute/microroute/internal/files"
)

// A file that this program may not read is missing for the client, but the log can tell.
func TestPermissionDenied(t *testing.T) {
	site := newSite(t)
	if err := os.Chmod(filepath.Join(site, "a.txt"), 0); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(site, "sub"), 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(filepath.Join(site, "sub"), 0o755) })
	root := openRoot(t, site)
	withoutPrivilege(t)
	for _, path := range []string{"/a.txt", "/sub/b.txt", "/in.txt", "/insub/b.txt"} {
		file, err := root.Open(path, "")
		if !errors.Is(err, fs.ErrNotExist) || !errors.Is(err, fs.ErrPermission) {
			t.Errorf("Root.Open(%q) = %v, %v, want an error that is fs.ErrNotExist and fs.ErrPermission", path, file, err)
		}
	}
}

// withoutPrivilege lets the rest of the test see files as a user without privileges does. Linux keeps that per thread.
func withoutPrivilege(t *testing.T) {
	const nobody = 65534
	if os.Geteuid() != 0 {
		return
	}
	runtime.LockOSThread()
	if err := syscall.Setfsuid(nobody); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		syscall.Setfsuid(0)
		runtime.UnlockOSThread()
	})
}

func TestNamesAreCaseSensitive(t *testing.T) {
	root := openRoot(t, newSite(t))
	for _, path := range []string{"/A.TXT", "/upper.html", "/SUB/", "/SUB"} {
		if file, err := root.Open(path, ""); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Open(%q) = %v, %v, want an error that is fs.ErrNotExist", path, file, err)
		}
	}
}

func TestNoDescriptorLeaks(t *testing.T) {
	site := newSite(t)
	writeFile(t, filepath.Join(site, "a.txt.gz"), "compressed")
	symlink(t, "../secret.txt", filepath.Join(site, "a.txt.br"))
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // that would close what is forgotten
	before := descriptors(t)
	t.Cleanup(func() {
		if after := descriptors(t); len(after) != len(before) {
			t.Errorf("descriptors before %v, after %v", before, after)
		}
	})
	for _, o := range []files.Options{
		{Pages: pages},
		{Pages: pages, Listing: true, Dotfiles: true, Encodings: codings},
		{Pages: pages, Listing: true, Encodings: codings, Cache: files.NewCache(1 << 20)},
		{Listing: true, Cache: files.NewCache(1)},
	} {
		for _, tree := range waysTo(t, site, o) {
			for _, paths := range refused {
				for _, path := range append(paths, "/", "/sub", "/sub/", "/a.txt", "/bare", "/bare/", "/insub", "/in.txt") {
					if file, err := tree.Open(path, "br, gzip"); err == nil {
						file.Close()
					}
					tree.List(path)
				}
			}
		}
	}
}

// A lack of descriptors is trouble of the machine, not a missing file.
func TestTooManyOpenFiles(t *testing.T) {
	trees := waysTo(t, newSite(t), files.Options{Pages: pages, Listing: true})
	allowDescriptors(t, 0)
	for way, tree := range trees {
		for _, path := range []string{"/a.txt", "/sub/b.txt", "/", "/sub", "/bare"} {
			file, err := tree.Open(path, "")
			if !errors.Is(err, syscall.EMFILE) || errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%s: Open(%q) = %v, %v, want EMFILE and not fs.ErrNotExist", way, path, file, err)
			}
		}
		entries, err := tree.List("/bare/")
		if !errors.Is(err, syscall.EMFILE) || errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: List = %v, %v, want EMFILE and not fs.ErrNotExist", way, entries, err)
		}
	}
}

// That a root cannot be opened as it should be for now is no reason to open it in another way for good.
func TestTooManyOpenFilesForRoot(t *testing.T) {
	site := newSite(t)
	for n := range 2 {
		t.Run(strconv.Itoa(n)+" left", func(t *testing.T) {
			allowDescriptors(t, n)
			if tree, err := files.OpenTree(site, files.Options{}); !errors.Is(err, syscall.EMFILE) {
				t.Errorf("got %v, %v, want EMFILE", tree, err)
			}
		})
	}
}

// allowDescriptors lets n more descriptors be opened during the rest of the test.
func allowDescriptors(t *testing.T, n int) {
	t.Helper()
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit) })
	lowered := limit
	lowered.Cur = uint64(firstFree(t) + n)
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &lowered); err != nil {
		t.Fatal(err)
	}
}

// firstFree returns the number that the next descriptor gets.
func firstFree(t *testing.T) int {
	t.Helper()
	f, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	return int(f.Fd())
}

func descriptors(t *testing.T) (open []int) {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if n, err := strconv.Atoi(entry.Name()); err == nil {
			open = append(open, n)
		}
	}
	return open
}
