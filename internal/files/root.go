package files

import (
	"io/fs"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// Root is a directory whose files may be served. It may be shared between goroutines.
//
// It follows its name: if another directory takes the place of the one that was opened, as when a symbolic link is
// changed or the directory made anew, files come from that one within a second.
type Root struct {
	dir   string // absolute, so that it means the same wherever the program goes
	cache *Cache // that keeps the files; may be nil

	mu      sync.Mutex
	current *held
	info    fs.FileInfo // of current
	checked time.Time   // when current last was what dir names
	closed  bool
}

// followInterval is how often a Root looks whether its name still means the same directory.
const followInterval = time.Second

// held is a source that is closed when nobody uses it any more. Its files leave the Cache then, since nothing can ask for
// them again.
type held struct {
	source
	cache *Cache
	users atomic.Int64 // whoever has opened it is one
}

func hold(in source, cache *Cache) *held {
	h := &held{source: in, cache: cache}
	h.users.Store(1)
	return h
}

func (h *held) release() error {
	if h.users.Add(-1) > 0 {
		return nil
	}
	h.cache.forget(h.source)
	return h.close()
}

// OpenRoot opens the directory with a path of the operating system, whose files cache keeps; it may be nil. An empty path
// is an error, not the working directory.
func OpenRoot(dir string, cache *Cache) (*Root, error) {
	current, info, err := openNamed(dir, cache)
	if err != nil {
		return nil, err
	}
	if dir, err = absolute(dir); err != nil {
		current.release()
		return nil, err
	}
	return &Root{dir: dir, cache: cache, current: current, info: info, checked: time.Now()}, nil
}

// openNamed opens a directory and says which one it is.
func openNamed(dir string, cache *Cache) (*held, fs.FileInfo, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, nil, err
	}
	in, err := openDirectory(dir)
	if err != nil {
		return nil, nil, err
	}
	return hold(in, cache), info, nil
}

// Close closes the directory. Files opened in it stay open.
func (r *Root) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil
	}
	r.closed = true
	return r.current.release()
}

// directory returns the directory that the root's name means now, to be released after use.
func (r *Root) directory() (*held, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, fs.ErrClosed
	}
	if now := time.Now(); now.Sub(r.checked) >= followInterval {
		r.checked = now
		r.follow()
	}
	r.current.users.Add(1)
	return r.current, nil
}

// follow opens another directory if that is what the name means now.
func (r *Root) follow() {
	if info, err := os.Stat(r.dir); err != nil || os.SameFile(info, r.info) {
		return
	}
	if current, info, err := openNamed(r.dir, r.cache); err == nil {
		r.current.release()
		r.current, r.info = current, info
	}
}
