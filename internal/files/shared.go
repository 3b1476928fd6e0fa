package files

import (
	"sync/atomic"
	"time"
)

// shared is the content of a file that is too long to be kept in memory, but open for all who ask for it. It is closed when
// the last of them has closed it; the Cache is one of them for a moment.
type shared struct {
	content
	users atomic.Int64
}

func (s *shared) Close() error {
	if s.users.Add(-1) > 0 {
		return nil
	}
	return s.content.Close()
}

// reopen returns the same content with an offset of its own, nil if there is no way to that.
func (s *shared) reopen(name string) content {
	if d, ok := s.content.(descriptor); ok {
		return d.reopen(name)
	}
	return nil
}

// use returns a File with the same content, to be closed by its user.
func (f *File) use() *File {
	open, ok := f.content.(*shared)
	if !ok {
		return f // in memory
	}
	open.users.Add(1)
	return &File{Size: f.Size, ModTime: f.ModTime, Coding: f.Coding, name: f.name, state: f.state, content: open,
		tag: f.tag, date: f.date, kept: f}
}

// maxOpen is how many files a Cache keeps open at most.
const maxOpen = 64

// share keeps the file open for others, if there are not too many already.
func (c *Cache) share(key cacheKey, file *File, now time.Time) *File {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.shared == maxOpen {
		return file
	}
	open := &shared{content: file.content}
	open.users.Store(1)
	kept := file.keptAs(&key)
	kept.content = open
	c.insert(key, kept, now)
	if c.shared++; c.shared == 1 {
		time.AfterFunc(trustInterval, c.closeUnused)
	}
	return kept.use()
}

// closeUnused closes the files that nobody has asked for of late, so that the space of one which has been deleted is free,
// and its file system can be unmounted. It is called every second while there are open ones.
func (c *Cache) closeUnused() {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	for i := len(c.ring) - 1; i >= 0; i-- {
		if one := c.ring[i]; one.file.data == nil && now.Sub(one.opened) >= trustInterval {
			c.remove(i)
		}
	}
	if c.shared > 0 {
		time.AfterFunc(trustInterval, c.closeUnused)
	}
}
