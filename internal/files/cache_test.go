//go:build linux && (amd64 || arm64 || riscv64)

package files_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/microroute/microroute/internal/files"
)

// inFuture runs a test at a time when everything that is written during it has been there for long. Its files do change by
// the clock of the system, but whether they may be kept is judged by that of the test.
func inFuture(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(100 * 365 * 24 * time.Hour)
		test(t)
	})
}

func openCached(t testing.TB, dir string, limit int64, encodings ...string) (*files.Tree, *files.Cache) {
	t.Helper()
	cache := files.NewCache(limit)
	tree, err := files.OpenTree(dir, files.Options{Pages: pages, Cache: cache, Encodings: encodings})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		tree.Close()
		if n, err := cache.Kept(); n != 0 || err != nil {
			t.Errorf("%d files kept of a tree that is closed, %v", n, err)
		}
	})
	return tree, cache
}

// wantKept checks how many files are in memory, and that they are accounted for.
func wantKept(t testing.TB, cache *files.Cache, want int) {
	t.Helper()
	if n, err := cache.Kept(); n != want || err != nil {
		t.Errorf("%d files kept, %v, want %d", n, err, want)
	}
}

func TestCacheAnswersFromMemory(t *testing.T) {
	inFuture(t, func(t *testing.T) {
		tree, cache := openCached(t, newSite(t), 1<<20)
		before := len(descriptors(t))
		first := mustOpen(t, tree, "/a.txt")
		again := mustOpen(t, tree, "/a.txt")
		if string(first.Data()) != "www/a.txt" || first != again {
			t.Errorf("got %p with %q and %p, want the same file from memory", first, first.Data(), again)
		}
		if err := again.Close(); err != nil {
			t.Errorf("closing a file in memory: %v", err)
		}
		if got := content(t, again); got != "www/a.txt" {
			t.Errorf("closed, and read by others: got %q", got)
		}
		time.Sleep(time.Hour)
		if later := mustOpen(t, tree, "/a.txt"); later != first {
			t.Errorf("an hour later: got another file in memory, though it is the same on the disk")
		}
		if after := len(descriptors(t)); after != before {
			t.Errorf("%d descriptors before, %d after", before, after)
		}
		wantKept(t, cache, 1)
	})
}

// What has been done to a file in memory, or to what leads to it, is noticed at once.
func TestCacheNoticesChanges(t *testing.T) {
	longAgo := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		path   string
		change func(t *testing.T, site string)
		want   string
	}{
		"written to": {"/a.txt", func(t *testing.T, site string) { rewrite(t, site+"/a.txt", "WWW/A.TXT") }, "opened WWW/A.TXT"},
		"written to, time as it was": {"/a.txt", func(t *testing.T, site string) {
			rewrite(t, site+"/a.txt", "WWW/A.TXT")
			setTime(t, site+"/a.txt", longAgo)
		}, "opened WWW/A.TXT"},
		"longer": {"/a.txt", func(t *testing.T, site string) { rewrite(t, site+"/a.txt", "longer than it was") }, "opened longer than it was"},
		"cut":    {"/a.txt", func(t *testing.T, site string) { rewrite(t, site+"/a.txt", "") }, "opened "},
		"replaced": {"/a.txt", func(t *testing.T, site string) {
			writeFile(t, site+"/new", "NEW/A.TXT")
			setTime(t, site+"/new", longAgo)
			rename(t, site+"/new", site+"/a.txt")
		}, "opened NEW/A.TXT"},
		"deleted": {"/a.txt", func(t *testing.T, site string) { remove(t, site+"/a.txt") }, "not found"},
		"a link to the outside": {"/a.txt", func(t *testing.T, site string) {
			remove(t, site+"/a.txt")
			symlink(t, "../secret.txt", site+"/a.txt")
		}, "not found"},
		"a link to another file": {"/a.txt", func(t *testing.T, site string) {
			remove(t, site+"/a.txt")
			symlink(t, "noext", site+"/a.txt")
		}, "opened www/noext"},
		"the link leads elsewhere": {"/in.txt", func(t *testing.T, site string) {
			symlink(t, "noext", site+"/link")
			rename(t, site+"/link", site+"/in.txt")
		}, "opened www/noext"},
		"below a link to the outside": {"/sub/index.html", func(t *testing.T, site string) {
			rename(t, site+"/sub", site+"/gone")
			symlink(t, "../outside", site+"/sub")
		}, "not found"},
		"a directory": {"/a.txt", func(t *testing.T, site string) {
			remove(t, site+"/a.txt")
			writeFile(t, site+"/a.txt/index.html", "page")
		}, "wants a slash"},
		"a FIFO": {"/a.txt", func(t *testing.T, site string) {
			remove(t, site+"/a.txt")
			if err := syscall.Mkfifo(site+"/a.txt", 0o644); err != nil {
				t.Fatal(err)
			}
		}, "not found"},
		"another default page before it": {"/old/", func(t *testing.T, site string) { writeFile(t, site+"/old/index.html", "new page") },
			"opened new page"},
	} {
		t.Run(name, func(t *testing.T) {
			inFuture(t, func(t *testing.T) {
				site := newSite(t)
				setTime(t, site+"/a.txt", longAgo)
				tree, cache := openCached(t, site, 1<<20)
				if mustOpen(t, tree, test.path).Data() == nil {
					t.Fatalf("%s is not in memory", test.path)
				}
				test.change(t, site)
				if got := outcome(t, tree, test.path); got != test.want {
					t.Errorf("%s: got %q, want %q", test.path, got, test.want)
				}
				if _, err := cache.Kept(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// A file that has been moved out of the root is the same as before if a link leads to it. That is noticed a second after it
// was opened at the latest.
func TestCacheNoticesMoveToOutside(t *testing.T) {
	inFuture(t, func(t *testing.T) {
		site := newSite(t)
		tree, _ := openCached(t, site, 1<<20)
		for range 10 {
			mustOpen(t, tree, "/sub/b.txt")
			time.Sleep(time.Second / 4)
		}
		rename(t, site+"/sub", filepath.Dir(site)+"/moved")
		symlink(t, "../moved", site+"/sub")
		time.Sleep(time.Second)
		if got := outcome(t, tree, "/sub/b.txt"); got != "not found" {
			t.Errorf("got %q, want nothing from outside of the root", got)
		}
	})
}

// Two changes within the same step of a file system's clock cannot be told apart.
func TestCacheKeepsNothingFresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		site := newSite(t)
		tree, cache := openCached(t, site, 1<<20)
		info, err := os.Stat(site + "/a.txt")
		if err != nil {
			t.Fatal(err)
		}
		stat := info.Sys().(*syscall.Stat_t)
		changed := time.Unix(stat.Ctim.Sec, stat.Ctim.Nsec)
		for _, test := range []struct {
			age  time.Duration
			kept int
		}{{-time.Hour, 0}, {0, 0}, {2*time.Second - 1, 0}, {2 * time.Second, 1}} {
			time.Sleep(time.Until(changed.Add(test.age)))
			file := mustOpen(t, tree, "/a.txt")
			if inMemory := file.Data() != nil; inMemory != (test.kept > 0) {
				t.Errorf("changed %v ago: in memory: %t", test.age, inMemory)
			}
			file.Close()
			wantKept(t, cache, test.kept)
		}
	})
}

// rewrite changes what is in a file.
func rewrite(t testing.TB, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func rename(t testing.TB, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

func remove(t testing.TB, path string) {
	t.Helper()
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
}
