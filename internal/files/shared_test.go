//go:build linux && (amd64 || arm64 || riscv64)

package files_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/microroute/microroute/internal/files"
)

// long is the content of a file that is too long for memory; its lines are numbers.
var long = func() string {
	var text strings.Builder
	for i := 0; text.Len() < 200<<10; i++ {
		fmt.Fprintf(&text, "%07d\n", i)
	}
	return text.String()
}()

// descriptorOf returns the descriptor that the file is read by.
func descriptorOf(t *testing.T, file *files.File) uintptr {
	t.Helper()
	part := file.Part(0, file.Size)
	fd, _, ok := part.Descriptor()
	if !ok {
		t.Fatalf("%s has no descriptor", file.Name())
	}
	return fd
}

func TestLongFileIsShared(t *testing.T) {
	inFuture(t, func(t *testing.T) {
		site := t.TempDir()
		writeFile(t, site+"/long.txt", long)
		before := len(descriptors(t))
		tree, cache := openCached(t, site, 1<<20)
		first, again := mustOpen(t, tree, "/long.txt"), mustOpen(t, tree, "/long.txt")
		if descriptorOf(t, first) != descriptorOf(t, again) {
			t.Error("opened twice within a second")
		}
		wantKept(t, cache, 0)
		first.Close()
		if _, err := first.Part(0, 1).Read(make([]byte, 1)); err == nil {
			t.Error("reading after Close: no error")
		}
		if err := first.Close(); err == nil {
			t.Error("closing twice: no error")
		}
		if got := content(t, again); got != long {
			t.Errorf("closed by another user: got %.20q… of %d octets", got, len(got))
		}
		mustOpen(t, tree, "/long.txt").Close()
		time.Sleep(5 * time.Second)
		if after := len(descriptors(t)); after != before+1 {
			t.Errorf("%d descriptors before, %d when nobody has asked for seconds, want one more, of the root", before, after)
		}
		if file := mustOpen(t, tree, "/long.txt"); content(t, file) != long {
			t.Error("after it had been closed: got something else")
		}
	})
}

// What somebody reads stays open, whatever happens to the file and however long it takes.
func TestLongFileStaysOpenForReaders(t *testing.T) {
	inFuture(t, func(t *testing.T) {
		site := t.TempDir()
		writeFile(t, site+"/long.txt", long)
		tree, _ := openCached(t, site, 1<<20)
		reader := mustOpen(t, tree, "/long.txt")
		writeFile(t, site+"/new", strings.ToUpper(long[8:]))
		rename(t, site+"/new", site+"/long.txt")
		if got := content(t, mustOpen(t, tree, "/long.txt")); got != long[8:] {
			t.Errorf("replaced: got %.20q… of %d octets", got, len(got))
		}
		remove(t, site+"/long.txt")
		if _, err := tree.Open("/long.txt", ""); err == nil {
			t.Error("removed: opened")
		}
		time.Sleep(time.Minute)
		tree.Close()
		if got := content(t, reader); got != long {
			t.Errorf("a minute later: got %.20q… of %d octets", got, len(got))
		}
	})
}

// Each Stream has an offset of its own, though the file is shared.
func TestStreamsOfSharedFile(t *testing.T) {
	inFuture(t, func(t *testing.T) {
		site := t.TempDir()
		writeFile(t, site+"/long.txt", long)
		before := len(descriptors(t))
		tree, _ := openCached(t, site, 1<<20)
		var readers []io.Reader
		var opened []*files.File
		for i := range 5 {
			file := mustOpen(t, tree, "/long.txt")
			opened = append(opened, file)
			part := file.Part(int64(i*80), 160)
			limited, ok := part.Stream().(*io.LimitedReader)
			if !ok {
				t.Fatalf("Stream is a %T", part.Stream())
			}
			if _, ok := limited.R.(*os.File); !ok {
				t.Fatalf("Stream reads a %T", limited.R)
			}
			readers = append(readers, limited)
		}
		for half := range 2 {
			for i, r := range readers {
				piece := make([]byte, 80)
				_, err := io.ReadFull(r, piece)
				if want := long[i*80+half*80:][:80]; string(piece) != want || err != nil {
					t.Errorf("reader %d: got %q, %v, want %q", i, piece, err, want)
				}
			}
		}
		for _, file := range opened {
			file.Close()
		}
		tree.Close()
		if after := len(descriptors(t)); after != before {
			t.Errorf("%d descriptors before, %d after", before, after)
		}
	})
}

func TestOpenFilesAreBounded(t *testing.T) {
	inFuture(t, func(t *testing.T) {
		site := t.TempDir()
		tree, cache := openCached(t, site, 1<<20)
		before := len(descriptors(t))
		for i := range 2 * files.MaxOpen {
			name := fmt.Sprintf("/%d.txt", i)
			writeFile(t, site+name, long)
			if got := content(t, mustOpen(t, tree, name)); got != long {
				t.Errorf("%s: got %.20q… of %d octets", name, got, len(got))
			}
		}
		wantKept(t, cache, 0)
		if kept := len(descriptors(t)) - before; kept != files.MaxOpen {
			t.Errorf("%d files open, want %d", kept, files.MaxOpen)
		}
	})
}

// Readers beside somebody who replaces the file get one version of it or the other, whole.
func TestSharedFileBesideWriters(t *testing.T) {
	inFuture(t, func(t *testing.T) {
		site := t.TempDir()
		versions := []string{long, strings.ReplaceAll(long, "0", "x"), strings.ReplaceAll(long, "1", "y")}
		longAgo := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
		put := func(i int) {
			writeFile(t, site+"/new", versions[i%3])
			setTime(t, site+"/new", longAgo.Add(time.Duration(i)))
			rename(t, site+"/new", site+"/long.txt")
		}
		put(0)
		tree, cache := openCached(t, site, 1<<20)
		stop := make(chan struct{})
		var readers sync.WaitGroup
		for range 4 {
			readers.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
					}
					file, err := tree.Open("/long.txt", "")
					if err != nil {
						t.Error(err)
						return
					}
					offset := rand.Int64N(file.Size)
					whole := make([]byte, file.Size)
					io.ReadFull(file.Part(0, file.Size), whole)
					rest, _ := io.ReadAll(file.Part(offset, file.Size-offset))
					file.Close()
					if string(rest) != string(whole[offset:]) || string(whole) != versions[0] && string(whole) != versions[1] && string(whole) != versions[2] {
						t.Errorf("got a mixture")
						return
					}
				}
			})
		}
		for i := range 200 {
			put(i)
		}
		close(stop)
		readers.Wait()
		if _, err := cache.Kept(); err != nil {
			t.Error(err)
		}
	})
}
