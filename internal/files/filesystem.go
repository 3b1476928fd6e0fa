package files

import (
	"hash/fnv"
	"io"
	"io/fs"
	"os"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"
)

// fileSystem is an fs.FS as a source.
//
// Its files may have no time of modification, as those of an embed.FS. Such a file is taken to be part of the program: its
// entity tag is made of its content, once, and again only if its size is another one. That does not go for files of the
// operating system, which anybody may change.
type fileSystem struct {
	fs.FS
	mu   sync.Mutex
	sums map[string]*sum
}

// sum is what the content of a file of this size comes to.
type sum struct {
	mu   sync.Mutex // held while it is found out
	size int64
	text string // "" if it is not known yet
}

// maxSums is how many sums are kept, so that a file system which makes up files does not fill the memory.
const maxSums = 1 << 14

func newFileSystem(fsys fs.FS) *fileSystem { return &fileSystem{FS: fsys, sums: map[string]*sum{}} }

// OpenFS is Open for a file of fsys, by a name as fs.FS has it. The Cache keeps what the content of files without a time
// comes to.
func (c *Cache) OpenFS(fsys fs.FS, name string) (*File, error) {
	file, err := c.open(c.system(fsys), name, "", time.Now())
	if err != nil {
		return nil, explain(name, err)
	}
	return file, nil
}

// maxSystems is how many file systems a Cache knows. A program has a few; one that makes them up gets no more than that.
const maxSystems = 16

// system returns the source for fsys, the same each time if there can be a table of such values.
func (c *Cache) system(fsys fs.FS) *fileSystem {
	if c == nil || !reflect.ValueOf(fsys).Comparable() {
		return newFileSystem(fsys)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	known := c.systems[fsys]
	if known == nil {
		known = newFileSystem(fsys)
		if len(c.systems) < maxSystems {
			c.systems[fsys] = known
		}
	}
	return known
}

func (s *fileSystem) look(name string) (state, error) {
	info, err := fs.Stat(s.FS, name)
	if err != nil {
		return state{}, err
	}
	return stateOf(info), nil
}

func (s *fileSystem) open(name string) (content, state, error) {
	file, err := s.FS.Open(name)
	if err != nil {
		return nil, state{}, err
	}
	info, err := file.Stat()
	if err != nil {
		file.Close()
		return nil, state{}, err
	}
	c, ok := file.(content)
	if !ok {
		c = &sequence{fsys: s.FS, name: name, file: file}
	}
	found := stateOf(info)
	if _, native := file.(*os.File); !native && found.check() == nil && isWiped(found.modTime) {
		if found.sum, err = s.sum(name, c, found.size); err != nil {
			c.Close()
			return nil, state{}, err
		}
	}
	return c, found, nil
}

// list needs no order, which fs.ReadDir would bring about.
func (s *fileSystem) list(name string) ([]fs.DirEntry, error) {
	file, err := s.FS.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if directory, ok := file.(fs.ReadDirFile); ok {
		return directory.ReadDir(-1)
	}
	return nil, errNotRegular
}

func (s *fileSystem) close() error { return nil }

// sum returns what the content of a file comes to.
func (s *fileSystem) sum(name string, c content, size int64) (string, error) {
	one := s.sumOf(name)
	one.mu.Lock()
	defer one.mu.Unlock()
	if one.text == "" || one.size != size {
		text, err := Sum(io.NewSectionReader(c, 0, size))
		if err != nil {
			return "", err
		}
		one.size, one.text = size, text
	}
	return one.text, nil
}

// sumOf returns the sum that there is of a file, or is to be.
func (s *fileSystem) sumOf(name string) *sum {
	s.mu.Lock()
	defer s.mu.Unlock()
	one := s.sums[name]
	if one == nil {
		if len(s.sums) >= maxSums {
			clear(s.sums)
		}
		one = &sum{}
		s.sums[strings.Clone(name)] = one
	}
	return one
}

// Sum returns what the octets of r come to: 13 letters and digits that are others for other octets, but for a chance of 1 to
// 2^64. It is meant for versions of one's own files, not for the files of an enemy.
func Sum(r io.Reader) (string, error) {
	hash := fnv.New64a()
	if _, err := io.Copy(hash, r); err != nil {
		return "", err
	}
	text := strconv.FormatUint(hash.Sum64(), 36)
	return strings.Repeat("0", SumLength-len(text)) + text, nil
}

// SumLength is the length of what Sum returns: of the largest number of 64 bits in base 36.
const SumLength = 13
