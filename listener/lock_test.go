//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package listener

import (
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

// Only one has the lock, although its file comes and goes.
func TestLock(t *testing.T) {
	name := filepath.Join(t.TempDir(), "lock")
	var holders atomic.Int32
	var wanting sync.WaitGroup
	for range 8 {
		wanting.Go(func() {
			for range 200 {
				unlock, err := lock(name)
				if err != nil {
					t.Error(err)
					return
				}
				if n := holders.Add(1); n != 1 {
					t.Errorf("%d have the lock, want 1", n)
				}
				runtime.Gosched()
				holders.Add(-1)
				unlock()
			}
		})
	}
	wanting.Wait()
	if _, err := os.Lstat(name); !os.IsNotExist(err) {
		t.Errorf("the lock's file is still there (%v)", err)
	}
}

// A lock that somebody has left behind is nobody's; one that is no file is an error, not a way to another file.
func TestLockThatIsThere(t *testing.T) {
	name := filepath.Join(t.TempDir(), "lock")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	unlock, err := lock(name)
	if err != nil {
		t.Fatal(err)
	}
	unlock()
	if err := os.Symlink(name+".other", name); err != nil {
		t.Fatal(err)
	}
	if _, err := lock(name); err == nil {
		t.Error("got no error for a symbolic link")
	}
	if _, err := os.Lstat(name + ".other"); !os.IsNotExist(err) {
		t.Errorf("the link's target was made (%v)", err)
	}
}
