package files

import (
	"bytes"
	"io/fs"
	"strconv"
	"testing"
	"time"
	"unsafe"
)

// unsteady is a source with one file of seven octets, which may change when it has been opened.
type unsteady struct {
	content string
	change  func(*state) // of what is looked at after that
	opened  bool
	closed  bool
}

func (u *unsteady) look(string) (state, error) {
	s := state{kind: regular, size: 7, modTime: time.Unix(1e9, 0), changed: time.Unix(1e9, 0), exact: true, inode: 1}
	if u.opened {
		u.change(&s)
	}
	return s, nil
}

func (u *unsteady) open(name string) (content, state, error) {
	s, err := u.look(name)
	u.opened = true
	return unsteadyContent{bytes.NewReader([]byte(u.content)), u}, s, err
}

func (u *unsteady) list(string) ([]fs.DirEntry, error) { return nil, fs.ErrInvalid }

func (u *unsteady) close() error { return nil }

type unsteadyContent struct {
	*bytes.Reader
	source *unsteady
}

func (c unsteadyContent) Close() error {
	c.source.closed = true
	return nil
}

// What changes while it is read into memory is not kept there, for nobody knows of which version it is.
func TestCacheKeepsWhatIsSteady(t *testing.T) {
	now := time.Unix(2e9, 0)
	for name, test := range map[string]struct {
		in   *unsteady
		kept bool
	}{
		"steady":          {&unsteady{content: "content", change: func(*state) {}}, true},
		"written to":      {&unsteady{content: "content", change: func(s *state) { s.modTime = now }}, false},
		"time wound back": {&unsteady{content: "content", change: func(s *state) { s.changed = now }}, false},
		"replaced":        {&unsteady{content: "content", change: func(s *state) { s.inode = 2 }}, false},
		"device mounted":  {&unsteady{content: "content", change: func(s *state) { s.device = 2 }}, false},
		"longer":          {&unsteady{content: "content", change: func(s *state) { s.size = 8 }}, false},
		"shrunk":          {&unsteady{content: "con", change: func(*state) {}}, false},
		"a directory":     {&unsteady{content: "content", change: func(s *state) { s.kind = directory }}, false},
	} {
		cache := NewCache(1 << 20)
		file, err := cache.open(test.in, "name", "", now)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		n, err := cache.Kept()
		if kept := file.data != nil; kept != test.kept || kept != test.in.closed || kept != (n == 1) || err != nil {
			t.Errorf("%s: in memory: %t, %d in all, %v, closed: %t, want %t", name, kept, n, err, test.in.closed, test.kept)
		}
	}
}

// What is in memory is opened once a second, to see that it is within its source; and when the clock has been put back.
func TestCacheOpensEverySecond(t *testing.T) {
	start := time.Unix(2e9, 0)
	in, cache := &unsteady{content: "content", change: func(*state) {}}, NewCache(1<<20)
	var first *File
	for _, test := range []struct {
		at     time.Duration
		opened bool
	}{{0, true}, {1, false}, {time.Second - 1, false}, {time.Second, true}, {2*time.Second - 1, false}, {2 * time.Second, true},
		{time.Second, true}, {2*time.Second - 1, false}} {
		in.opened = false
		file, err := cache.open(in, "name", "", start.Add(test.at))
		if first == nil {
			first = file
		}
		if err != nil || file != first || in.opened != test.opened {
			t.Errorf("after %v: got %p, %v, opened: %t, want %p, %t", test.at, file, err, in.opened, first, test.opened)
		}
	}
}

// The head of a request, from which names are cut, is overwritten by the next one.
func TestCacheHasItsOwnNames(t *testing.T) {
	in, cache, now := &unsteady{content: "content", change: func(*state) {}}, NewCache(1<<20), time.Unix(2e9, 0)
	head := []byte("name")
	file, err := cache.open(in, unsafe.String(unsafe.SliceData(head), len(head)), "", now)
	if err != nil {
		t.Fatal(err)
	}
	copy(head, "next")
	again, err := cache.open(in, "name", "", now)
	if file.Name() != "name" || again != file || err != nil {
		t.Errorf("got %q, and by its name %p, %v, want %p", file.Name(), again, err, file)
	}
}

// Neither file systems that are made up nor files that they make up fill the memory.
func TestFileSystemsAreBounded(t *testing.T) {
	cache := NewCache(1 << 20)
	for range 2 * maxSystems {
		if fsys := new(madeUp); cache.system(fsys).FS != fs.FS(fsys) {
			t.Fatalf("got another file system")
		}
	}
	if n := len(cache.systems); n != maxSystems {
		t.Errorf("the Cache knows %d file systems, want %d", n, maxSystems)
	}
	s := newFileSystem(new(madeUp))
	for i := range 2*maxSums + 1 {
		s.sumOf(strconv.Itoa(i))
		if len(s.sums) > maxSums {
			t.Fatalf("%d sums after %d files, want at most %d", len(s.sums), i+1, maxSums)
		}
	}
}

type madeUp struct{ _ int }

func (*madeUp) Open(name string) (fs.File, error) { return nil, fs.ErrNotExist }
