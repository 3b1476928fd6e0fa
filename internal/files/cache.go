package files

import (
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/microroute/microroute/message"
)

// Cache keeps small files in memory that are asked for again and again, and longer ones open for a moment. It may be shared
// between goroutines; a nil Cache keeps nothing.
//
// What it has is never trusted blindly: every time a file is asked for, one call asks the system what the name means now,
// and only the very same file (device, inode, size, and the times of its last change to the nanosecond) is taken from
// here. So a file that has been written to, replaced, deleted or moved is noticed at once. A file that has changed
// within the last 2 s is not kept, since a second change could hide behind the same times. That no symbolic link leads
// out of a root on the way is established again every second, by opening the file.
//
// Which files stay is decided as by a clock's hand that goes round when room is needed: it spares those that have been asked
// for again since it last came by, and takes the others. So many files that are each asked for once do not drive out those
// that everybody wants. Of a Tree that is closed, or a directory that a Root has left, none stay.
type Cache struct {
	limit int64 // of what all files cost together, in octets

	mu     sync.RWMutex
	files  map[cacheKey]*cached
	ring   []*cached
	hand   int
	used   int64 // what all files cost
	shared int   // how many are open

	systems map[fs.FS]*fileSystem // of OpenFS
}

type cacheKey struct {
	in           source
	name, coding string
}

type cached struct {
	key    cacheKey
	file   *File
	opened time.Time   // when it was last found to be within its source
	asked  atomic.Bool // again, since the hand came by
}

const (
	// maxCached is how long a file may be to be kept in memory.
	maxCached = 128 << 10
	// overhead is what a cached file costs besides its data and its name, roughly.
	overhead = 512
	// trustInterval is for how long a file that has not changed is taken to lie within its root without being opened.
	trustInterval = time.Second
)

// NewCache returns a Cache of files that have limit octets together, what describes them counted as well.
func NewCache(limit int64) *Cache {
	return &Cache{limit: limit, files: map[cacheKey]*cached{}, systems: map[fs.FS]*fileSystem{}}
}

// Open is Open with this Cache.
func (c *Cache) Open(path string) (*File, error) {
	file, err := c.open(system, path, "", time.Now())
	if err != nil {
		return nil, explain(path, err)
	}
	return file, nil
}

// open opens the regular file of this name, or the one beside it that is stored in a coding.
func (c *Cache) open(in source, name, coding string, now time.Time) (*File, error) {
	stored := name + suffix(coding)
	found, err := in.look(stored)
	if err == nil {
		err = found.check()
	}
	if err != nil {
		return nil, err
	}
	key := cacheKey{in, name, coding}
	if file := c.find(key, found, now); file != nil {
		return file, nil
	}
	file, err := openSeen(in, stored)
	if err != nil {
		return nil, err
	}
	file.name, file.Coding = name, coding
	if c == nil || file.cost() > c.limit || !file.state.isSettled(now) {
		return file, nil
	}
	if known := c.renew(key, file.state, now); known != nil {
		file.Close()
		return known, nil
	}
	if file.Size > maxCached {
		return c.share(key, file, now), nil
	}
	return c.keep(key, file, now), nil
}

// cost is how many octets of memory the file takes if it is kept.
func (f *File) cost() int64 {
	data := f.Size
	if data > maxCached {
		data = 0
	}
	return data + int64(len(f.name)) + overhead
}

// find returns the file that is in this state, if it is kept, else nil.
func (c *Cache) find(key cacheKey, found state, now time.Time) *File {
	if c == nil || !found.exact {
		return nil
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	one := c.files[key]
	if one == nil || one.file.state != found || now.Sub(one.opened) >= trustInterval || now.Before(one.opened) {
		return nil
	}
	if !one.asked.Load() {
		one.asked.Store(true)
	}
	return one.file.use()
}

// renew returns the file that is in the state which opening it has just shown, if it is kept, else nil. It is taken to be
// within its source for another while.
func (c *Cache) renew(key cacheKey, opened state, now time.Time) *File {
	c.mu.Lock()
	defer c.mu.Unlock()
	one := c.files[key]
	if one == nil || one.file.state != opened {
		return nil
	}
	one.opened = now
	one.asked.Store(true)
	return one.file.use()
}

// keep reads file into memory and closes it. A file that changes meanwhile is returned as it is.
func (c *Cache) keep(key cacheKey, file *File, now time.Time) *File {
	data := make([]byte, file.Size)
	if _, err := io.ReadFull(file.Part(0, file.Size), data); err != nil {
		return file // it has shrunk: the answer will be broken off
	}
	if again, err := key.in.look(key.name + suffix(key.coding)); err != nil || again != file.state {
		return file
	}
	file.Close()
	kept := file.keptAs(&key)
	kept.data = data
	c.mu.Lock()
	defer c.mu.Unlock()
	c.insert(key, kept, now)
	return kept
}

// keptAs returns the File to keep, without its content, and makes the name in its key its own: it was cut from the head of a
// request.
func (f *File) keptAs(key *cacheKey) *File {
	key.name = strings.Clone(key.name)
	kept := &File{Size: f.Size, ModTime: f.ModTime, Coding: f.Coding, name: key.name, state: f.state}
	if !isWiped(kept.ModTime) {
		kept.tag, kept.date = kept.makeTag(false), string(message.AppendDate(nil, kept.ModTime))
	}
	return kept
}

// insert takes a file in, and makes room for it before; c.mu is held.
func (c *Cache) insert(key cacheKey, file *File, now time.Time) {
	if old := c.files[key]; old != nil {
		c.remove(slices.Index(c.ring, old))
	}
	for c.used+file.cost() > c.limit {
		c.evict()
	}
	one := &cached{key: key, file: file, opened: now}
	c.files[key] = one
	c.used += file.cost()
	c.ring = slices.Insert(c.ring, c.hand, one)
	c.hand++ // it comes by here last
}

// evict moves the hand on to the first file that has not been asked for since it last came by, and takes that one out.
func (c *Cache) evict() {
	for ; ; c.hand++ {
		if c.hand >= len(c.ring) {
			c.hand = 0
		}
		if !c.ring[c.hand].asked.Swap(false) {
			c.remove(c.hand)
			return
		}
	}
}

// remove takes out the file at a place of the ring.
func (c *Cache) remove(i int) {
	one := c.ring[i]
	c.drop(one)
	c.ring = slices.Delete(c.ring, i, i+1)
	if i < c.hand {
		c.hand--
	}
}

// forget takes out all files of a source.
func (c *Cache) forget(in source) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hand = 0
	c.ring = slices.DeleteFunc(c.ring, func(one *cached) bool {
		if one.key.in != in {
			return false
		}
		c.drop(one)
		return true
	})
}

// drop takes a file out of all but the ring.
func (c *Cache) drop(one *cached) {
	c.used -= one.file.cost()
	delete(c.files, one.key)
	if open, ok := one.file.content.(*shared); ok {
		c.shared--
		open.Close()
	}
}
