//go:build amd64 || arm64 || riscv64

package files_test

import (
	"testing"
	"time"
)

// What is beside a file in memory is remembered for a second; what is opened in the end is always what is there.
func TestCodingsOfCachedFile(t *testing.T) {
	inFuture(t, func(t *testing.T) {
		site := t.TempDir()
		writeFile(t, site+"/a.js", "original")
		tree, cache := openCached(t, site, 1<<20, codings...)
		check := func(when, want string, varies bool) {
			t.Helper()
			file, err := tree.Open("/a.js", "gzip")
			if err != nil {
				t.Fatal(err)
			}
			if string(file.Data()) != want || file.Varies() != varies {
				t.Errorf("%s: got %q, varies: %t, want %q, %t", when, file.Data(), file.Varies(), want, varies)
			}
		}
		check("alone", "original", false)
		writeFile(t, site+"/a.js.gz", "compressed")
		time.Sleep(time.Second)
		check("compressed a second ago", "compressed", true)
		rewrite(t, site+"/a.js.gz", "COMPRESSED")
		check("compressed again", "COMPRESSED", true)
		setTime(t, site+"/a.js.gz", time.Unix(1e9, 0))
		check("older now", "original", true)
		time.Sleep(time.Second)
		check("older for a second", "original", false)
		rewrite(t, site+"/a.js.gz", "new")
		time.Sleep(time.Second)
		check("new for a second", "new", true)
		remove(t, site+"/a.js.gz")
		check("deleted", "original", true)
		wantKept(t, cache, 2)
	})
}
