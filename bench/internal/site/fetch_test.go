package site_test

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/microroute/microroute/bench/internal/site"
)

// TestFetches compares the parts that are asked for with the files that are made.
func TestFetches(t *testing.T) {
	root := t.TempDir()
	if err := site.MakeRoot(root); err != nil {
		t.Fatal(err)
	}
	for _, f := range site.Fetches() {
		if len(f.Parts) == 0 && f.Size <= site.Sizes["10m"] {
			f.Parts = []site.Part{{Offset: 0, Length: f.Size}}
		}
		file, err := os.Open(filepath.Join(root, f.File))
		if err != nil {
			t.Fatal(err)
		}
		if info, err := file.Stat(); err != nil || info.Size() != int64(f.Size) {
			t.Errorf("%s: got %d bytes (%v), want %d", f.Name, info.Size(), err, f.Size)
		}
		for _, p := range f.Parts {
			got := make([]byte, p.Length)
			if _, err := file.ReadAt(got, int64(p.Offset)); err != nil {
				t.Fatal(err)
			}
			if want, _ := io.ReadAll(f.Content(p)); string(got) != string(want) {
				t.Errorf("%s: %+v differs from the file", f.Name, p)
			}
			if !strings.Contains(string(got), " of a file that ") {
				t.Errorf("%s: %+v has no line, so nobody would notice another part", f.Name, p)
			}
		}
		file.Close()
	}
}

// TestContent reads across the beginning and the end of a line of the largest file, in all ways.
func TestContent(t *testing.T) {
	const line = "MiB 0001 of a file that has nothing else in it\n"
	large := site.Fetch{Size: site.Sizes["1g"]}
	around := strings.Repeat("\x00", 60) + line + strings.Repeat("\x00", 60)
	for from := range around {
		for _, length := range []int{0, 1, 30, len(around) - from} {
			length = min(length, len(around)-from)
			got, err := io.ReadAll(large.Content(site.Part{Offset: 1<<20 - 60 + from, Length: length}))
			if want := around[from:][:length]; string(got) != want || err != nil {
				t.Fatalf("%d from %d: got %q, %v, want %q", length, from, got, err, want)
			}
		}
	}
}

func TestRequest(t *testing.T) {
	f := site.Fetch{File: "1k.html"}
	for parts, want := range map[int]string{0: "", 1: "Range: bytes=5-5\r\n", 2: "Range: bytes=5-5, 10-14\r\n"} {
		f.Parts = []site.Part{{Offset: 5, Length: 1}, {Offset: 10, Length: 5}}[:parts]
		if got, want := string(f.Request()), "GET /1k.html HTTP/1.1\r\nHost: 127.0.0.1\r\n"+want+"\r\n"; got != want {
			t.Errorf("%d parts: got %q, want %q", parts, got, want)
		}
	}
}
