//go:build linux && (amd64 || arm64 || riscv64)

package files_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/microroute/microroute/internal/files"
)

// Each file costs its size, its name and 512 octets.
func TestCacheLimit(t *testing.T) {
	const maxCached = 128 << 10
	for _, test := range []struct {
		size, limit int
		kept        int
	}{
		{0, 0, 0},
		{0, 512 + 1 - 1, 0},
		{0, 512 + 1, 1},
		{1000, 1000, 0},
		{1000, 1000 + 512 + 1 - 1, 0},
		{1000, 1000 + 512 + 1, 1},
		{1000, 10 * (1000 + 512 + 1), 10},
		{1000, 10*(1000+512+1) - 1, 9},
		{1000, -1, 0},
		{maxCached, 1 << 30, 20},
		{maxCached + 1, 1 << 30, 0},
	} {
		t.Run(fmt.Sprintf("%d octets, limit %d", test.size, test.limit), func(t *testing.T) {
			inFuture(t, func(t *testing.T) {
				site := t.TempDir()
				tree, cache := openCached(t, site, int64(test.limit))
				for i := range 20 {
					name := string(rune('a' + i))
					writeFile(t, filepath.Join(site, name), strings.Repeat(name, test.size))
					file := mustOpen(t, tree, "/"+name)
					if got := content(t, file); got != strings.Repeat(name, test.size) {
						t.Errorf("%s: got %.20q", name, got)
					}
				}
				wantKept(t, cache, test.kept)
			})
		})
	}
}

// Files that are asked for again and again stay, however many others are asked for once.
func TestCacheSparesWhatIsUsed(t *testing.T) {
	inFuture(t, func(t *testing.T) {
		site := t.TempDir()
		for i := range 100 {
			writeFile(t, fmt.Sprintf("%s/%02d", site, i), "content")
		}
		tree, _ := openCached(t, site, 10*(512+7+2))
		hot := mustOpen(t, tree, "/00")
		for i := range 100 {
			mustOpen(t, tree, fmt.Sprintf("/%02d", i)).Close()
			if mustOpen(t, tree, "/00") != hot {
				t.Fatalf("after %d other files: /00 is not in memory any more", i)
			}
		}
	})
}

// Files that are each asked for once leave in the order in which they came.
func TestCacheForgetsTheOldest(t *testing.T) {
	inFuture(t, func(t *testing.T) {
		site := t.TempDir()
		tree, _ := openCached(t, site, 4*(512+7+1))
		var opened []*files.File
		for name := 'a'; name <= 'z'; name++ {
			writeFile(t, filepath.Join(site, string(name)), "content")
			opened = append(opened, mustOpen(t, tree, "/"+string(name)))
		}
		for i, name := range "wxyz" {
			if mustOpen(t, tree, "/"+string(name)) != opened[len(opened)-4+i] {
				t.Errorf("/%c, one of the last four, is not in memory any more", name)
			}
		}
	})
}

// Whatever happens to files, what is in memory is accounted for.
func TestCacheAccount(t *testing.T) {
	inFuture(t, func(t *testing.T) {
		site := t.TempDir()
		tree, cache := openCached(t, site, 5000, "gzip")
		random := rand.New(rand.NewPCG(1, 2))
		for range 2000 {
			name := string(rune('a' + random.IntN(12)))
			path := filepath.Join(site, name+[]string{"", ".gz"}[random.IntN(2)])
			switch random.IntN(6) {
			case 0:
				os.Remove(path)
			case 1:
				rewrite(t, path, strings.Repeat("x", random.IntN(2000)))
			default:
				if file, err := tree.Open("/"+name, "gzip"); err == nil {
					file.Close()
				}
			}
			if _, err := cache.Kept(); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// Readers beside a writer see whole versions, and none that had been replaced before they asked.
func TestCacheBesideWriter(t *testing.T) {
	const versions = 500
	inFuture(t, func(t *testing.T) {
		site := t.TempDir()
		version := func(n int) []byte { return bytes.Repeat([]byte{'a' + byte(n%26)}, n) }
		replace := func(n int) {
			rewrite(t, site+"/new", string(version(n)))
			rename(t, site+"/new", site+"/file")
		}
		replace(1)
		tree, cache := openCached(t, site, 1<<20)
		var current atomic.Int64
		current.Store(1)
		var readers sync.WaitGroup
		for range 4 {
			readers.Go(func() {
				for before := int64(0); before < versions; {
					before = current.Load()
					file, err := tree.Open("/file", "")
					if err != nil {
						t.Error(err)
						return
					}
					text := content(t, file)
					if file.Size < before || text != string(version(len(text))) {
						t.Errorf("version %d or later: got one of %d octets, %.20q", before, len(text), text)
						return
					}
				}
			})
		}
		for n := 2; n <= versions; n++ {
			replace(n)
			current.Store(int64(n))
		}
		readers.Wait()
		wantKept(t, cache, 1)
	})
}

func TestCacheAllocates(t *testing.T) {
	inFuture(t, func(t *testing.T) {
		site := newSite(t)
		writeFile(t, site+"/sub/deep/c.txt.gz", "smaller")
		tree, _ := openCached(t, site, 1<<20, "gzip")
		for _, test := range []struct {
			path, acceptEncoding string
			most                 float64
		}{
			{"/a.txt", "", 0},
			{"/sub/deep/c.txt", "", 0},
			{"/sub/deep/c.txt", "gzip", 1}, // the name of the sibling
			{"/sub/", "gzip", 1},           // the name of the default page
		} {
			if n := testing.AllocsPerRun(100, func() {
				file, err := tree.Open(test.path, test.acceptEncoding)
				if err != nil || file.Data() == nil {
					t.Fatal(file, err)
				}
			}); n > test.most {
				t.Errorf("Open(%q, %q): %v allocations, want at most %v", test.path, test.acceptEncoding, n, test.most)
			}
		}
	})
}

// What a small file costs until its octets are there: from memory, and from the disk.
func BenchmarkSmallFile(b *testing.B) {
	site := b.TempDir()
	writeFile(b, filepath.Join(site, "file"), strings.Repeat("x", 1000))
	cache := files.NewCache(1 << 20)
	for _, test := range []struct {
		name    string
		options files.Options
	}{{"memory", files.Options{Cache: cache}}, {"disk", files.Options{}}} {
		b.Run(test.name, func(b *testing.B) {
			tree, err := files.OpenTree(site, test.options)
			if err != nil {
				b.Fatal(err)
			}
			defer tree.Close()
			for n := 0; n == 0 && test.options.Cache != nil; n, _ = cache.Kept() { // not before the file has been there for 2 s
				mustOpen(b, tree, "/file").Close()
			}
			buffer := make([]byte, 1000)
			b.ReportAllocs()
			for b.Loop() {
				file, err := tree.Open("/file", "")
				if err != nil {
					b.Fatal(err)
				}
				if file.Data() == nil {
					if _, err := io.ReadFull(file.Part(0, file.Size), buffer); err != nil {
						b.Fatal(err)
					}
				}
				file.Close()
			}
		})
	}
}
