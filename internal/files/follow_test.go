package files_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"
)

func TestRootClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		site := newSite(t)
		root := openRoot(t, site)
		check := func(when string) {
			t.Helper()
			file, err := root.Open("/a.txt", "")
			if !errors.Is(err, fs.ErrClosed) || errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%s: Open = %v, %v, want fs.ErrClosed", when, file, err)
			}
		}
		if err := root.Close(); err != nil {
			t.Fatal(err)
		}
		check("at once")
		if err := os.Rename(site, site+".gone"); err != nil {
			t.Fatal(err)
		}
		writeFile(t, filepath.Join(site, "a.txt"), "new")
		time.Sleep(time.Minute)
		check("with another directory in its place")
	})
}

// A deployment changes a link, a build deletes its directory and makes it anew.
func TestRootFollowsItsName(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		base := t.TempDir()
		writeFile(t, filepath.Join(base, "1", "a.txt"), "one")
		writeFile(t, filepath.Join(base, "2", "a.txt"), "two")
		www := filepath.Join(base, "www")
		symlink(t, "1", www)
		root := openRoot(t, www)
		check := func(want string) {
			t.Helper()
			time.Sleep(time.Second)
			file, err := root.Open("/a.txt", "")
			if err != nil {
				t.Fatalf("got %v, want %q", err, want)
			}
			if got := content(t, file); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		}
		replace := func(target string) {
			t.Helper()
			symlink(t, target, www+".new")
			if err := os.Rename(www+".new", www); err != nil {
				t.Fatal(err)
			}
		}
		check("one")
		replace("2")
		check("two")
		replace("nowhere")
		check("two")
		writeFile(t, filepath.Join(base, "nowhere", "a.txt"), "three")
		check("three")
		if err := os.RemoveAll(filepath.Join(base, "nowhere")); err != nil {
			t.Fatal(err)
		}
		if file, err := root.Open("/a.txt", ""); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Open in a deleted directory = %v, %v, want an error that is fs.ErrNotExist", file, err)
		}
		writeFile(t, filepath.Join(base, "nowhere", "a.txt"), "four")
		check("four")
	})
}

// A root given by a relative path stays where it is when the program goes elsewhere.
func TestRootIsAbsolute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		site := newSite(t)
		t.Chdir(filepath.Dir(site))
		root := openRoot(t, "www")
		other := t.TempDir()
		writeFile(t, filepath.Join(other, "www", "a.txt"), "elsewhere")
		t.Chdir(other)
		time.Sleep(time.Second)
		file, err := root.Open("/a.txt", "")
		if err != nil {
			t.Fatal(err)
		}
		if got := content(t, file); got != "www/a.txt" {
			t.Errorf("got %q, want www/a.txt", got)
		}
	})
}
