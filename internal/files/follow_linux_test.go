//go:build amd64 || arm64 || riscv64

package files_test

import (
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/microroute/microroute/internal/files"
)

// A root that becomes another directory has the files of that one, although those of the old are in memory and look the
// same but for what is in them; and the old ones leave the memory.
func TestRootReplacedWhileCacheIsWarm(t *testing.T) {
	longAgo := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	inFuture(t, func(t *testing.T) {
		base := t.TempDir()
		www := filepath.Join(base, "www")
		for _, version := range []string{"1", "2"} {
			for _, name := range []string{"a.txt", "a.txt.gz", "sub/b.txt"} {
				writeFile(t, filepath.Join(base, version, name), version+" "+name)
				setTime(t, filepath.Join(base, version, name), longAgo)
			}
		}
		symlink(t, "1", www)
		tree, cache := openCached(t, www, 1<<20, "gzip")
		check := func(version string) {
			t.Helper()
			for range 2 {
				for path, want := range map[string]string{"/a.txt": " a.txt.gz", "/sub/b.txt": " sub/b.txt"} {
					file, err := tree.Open(path, "gzip")
					if err != nil {
						t.Fatal(err)
					}
					if got := string(file.Data()); got != version+want {
						t.Errorf("Open(%q): got %q, want %q", path, got, version+want)
					}
				}
			}
			wantKept(t, cache, 3)
		}
		check("1")
		before := len(descriptors(t))
		for _, version := range []string{"2", "1", "2"} {
			symlink(t, version, www+".new")
			rename(t, www+".new", www)
			time.Sleep(time.Second)
			check(version)
		}
		if after := len(descriptors(t)); after != before {
			t.Errorf("%d descriptors before, %d after", before, after)
		}
	})
}

// Requests go on while the root becomes another directory again and again.
func TestRootReplacedBesideReaders(t *testing.T) {
	inFuture(t, func(t *testing.T) {
		base := t.TempDir()
		www := filepath.Join(base, "www")
		for _, version := range []string{"1", "2"} {
			writeFile(t, filepath.Join(base, version, "a.txt"), "version "+version)
			writeFile(t, filepath.Join(base, version, "big.txt"), string(make([]byte, 200<<10)))
		}
		symlink(t, "1", www)
		tree, cache := openCached(t, www, 1<<20)
		before := len(descriptors(t))
		var readers sync.WaitGroup
		for range 4 {
			readers.Go(func() {
				for range 100 {
					for _, path := range []string{"/a.txt", "/big.txt"} {
						file, err := tree.Open(path, "")
						if err != nil {
							t.Errorf("Open(%q): %v", path, err)
							continue
						}
						if got := content(t, file); path == "/a.txt" && got != "version 1" && got != "version 2" {
							t.Errorf("Open(%q): got %q", path, got)
						}
					}
					time.Sleep(files.FollowInterval / 3)
				}
			})
		}
		for i := range 40 {
			symlink(t, []string{"2", "1"}[i%2], www+".new")
			rename(t, www+".new", www)
			time.Sleep(files.FollowInterval)
		}
		readers.Wait()
		if _, err := cache.Kept(); err != nil {
			t.Error(err)
		}
		if after := len(descriptors(t)); after != before {
			t.Errorf("%d descriptors before, %d after", before, after)
		}
	})
}
