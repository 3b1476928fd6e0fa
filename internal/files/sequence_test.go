package files_test

import (
	"errors"
	"io/fs"
	"math"
	"testing"
	"testing/fstest"
	"time"

	"github.com/microroute/microroute/internal/files"
)

// Reading backwards begins anew, and what was open before is closed.
func TestSequenceGoesBack(t *testing.T) {
	count := &count{}
	memory := fstest.MapFS{"digits": {Data: []byte(digits), ModTime: compiled}}
	tree := files.NewTree(sequential{memory, count}, files.Options{})
	file := mustOpen(t, tree, "/digits")
	for range 3 {
		for _, start := range []int64{0, 4, 9, 1} {
			got := make([]byte, 1)
			if n, err := file.Part(start, 1).Read(got); n != 1 || err != nil || got[0] != digits[start] {
				t.Errorf("read %q, %v from %d on, want %q", got[:n], err, start, digits[start])
			}
		}
	}
	if err := file.Close(); err != nil {
		t.Error(err)
	}
	if opened, closed := count.opened.Load(), count.closed.Load(); opened != closed || opened < 6 {
		t.Errorf("%d files opened, %d closed, want both alike and at least 6", opened, closed)
	}
}

// faulty is an fs.FS with one file, that says of itself what it likes, and cannot be read.
type faulty struct {
	size  int64
	mode  fs.FileMode
	stat  error
	count *count
}

var errFaulty = errors.New("faulty")

func (f faulty) Open(name string) (fs.File, error) {
	f.count.opened.Add(1)
	return f, nil
}

func (f faulty) Read([]byte) (int, error) { return 0, errFaulty }

func (f faulty) Close() error {
	f.count.closed.Add(1)
	return nil
}

func (f faulty) Stat() (fs.FileInfo, error) { return f, f.stat }
func (f faulty) Name() string               { return "file" }
func (f faulty) Size() int64                { return f.size }
func (f faulty) Mode() fs.FileMode          { return f.mode }
func (f faulty) ModTime() time.Time         { return time.Time{} }
func (f faulty) IsDir() bool                { return f.mode.IsDir() }
func (f faulty) Sys() any                   { return nil }

// Whatever a file system makes up, nothing is left open, and nothing is sent that cannot be.
func TestFaultyFileSystem(t *testing.T) {
	for name, test := range map[string]struct {
		fsys faulty
		want error
	}{
		"negative size":       {faulty{size: -1}, fs.ErrNotExist},
		"size that overflows": {faulty{size: math.MaxInt64}, fs.ErrNotExist},
		"no state":            {faulty{stat: errFaulty}, errFaulty},
		"not readable":        {faulty{size: 1}, errFaulty},
		"device":              {faulty{mode: fs.ModeDevice}, fs.ErrNotExist},
	} {
		test.fsys.count = &count{}
		tree := files.NewTree(test.fsys, files.Options{Pages: pages, Listing: true})
		if file, err := tree.Open("/file", ""); !errors.Is(err, test.want) || file != nil {
			t.Errorf("%s: Open = %v, %v, want %v", name, file, err, test.want)
		}
		if entries, err := tree.List("/file/"); err == nil {
			t.Errorf("%s: List = %v, want an error", name, entries)
		}
		if opened, closed := test.fsys.count.opened.Load(), test.fsys.count.closed.Load(); opened != closed || opened == 0 {
			t.Errorf("%s: %d files opened, %d closed", name, opened, closed)
		}
	}
}

// A Cache knows a file system by its value, if that can be compared.
func TestOpenFS(t *testing.T) {
	memory := fstest.MapFS{"a": {Data: []byte("content")}}
	for name, test := range map[string]struct {
		fsys func(*count) fs.FS
		read int64 // octets, for the tags of three answers
	}{
		"comparable":   {func(c *count) fs.FS { return &sequential{memory, c} }, 7},
		"uncomparable": {func(c *count) fs.FS { return layers{sequential{memory, c}} }, 3 * 7},
	} {
		count := &count{}
		fsys, cache := test.fsys(count), files.NewCache(1<<20)
		for range 3 {
			file, err := cache.OpenFS(fsys, "a")
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if got := file.Validators(now).ETag; got != `"105q1zxxp9c3m-7"` {
				t.Errorf("%s: got tag %s", name, got)
			}
			file.Close()
		}
		if got := count.read.Load(); got != test.read {
			t.Errorf("%s: %d octets read, want %d", name, got, test.read)
		}
		if file, err := cache.OpenFS(fsys, "nothing"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: OpenFS of nothing = %v, %v", name, file, err)
		}
	}
	var none *files.Cache
	for i := range 40 { // more than a Cache knows
		file, err := none.OpenFS(&sequential{memory, &count{}}, "a")
		if err != nil {
			t.Fatalf("number %d: %v", i, err)
		}
		if got := content(t, file); got != "content" {
			t.Errorf("number %d: got %q", i, got)
		}
	}
}

// layers is an fs.FS whose values cannot be compared.
type layers []fs.FS

func (l layers) Open(name string) (fs.File, error) { return l[0].Open(name) }
