package files_test

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/microroute/microroute/internal/files"
)

// names returns what a listing has: files with their size, directories with a slash.
func names(entries []files.Entry) string {
	var text []string
	for _, e := range entries {
		if e.IsDirectory {
			text = append(text, e.Name+"/")
		} else {
			text = append(text, fmt.Sprint(e.Name, " ", e.Size))
		}
	}
	slices.Sort(text)
	return strings.Join(text, ", ")
}

// newShelf makes a directory with the root www in it that has something of everything.
func newShelf(t *testing.T) string {
	t.Helper()
	base := t.TempDir()
	for _, name := range []string{"secret.txt", "outside/x", "www/b.txt", "www/a.txt", "www/.hidden", "www/.git/config",
		"www/.well-known/x", "www/sub/c.txt", "www/<i>.txt", "www/empty/.gitkeep"} {
		writeFile(t, filepath.Join(base, name), name)
	}
	for name, target := range map[string]string{"in": "a.txt", "insub": "sub", "out": "../secret.txt", "outdir": "../outside",
		"dangling": "nothing", "loop": "loop", "up": "..", "here": "."} {
		symlink(t, target, filepath.Join(base, "www", name))
	}
	return filepath.Join(base, "www")
}

func TestList(t *testing.T) {
	trees := waysTo(t, newShelf(t), files.Options{Pages: pages, Listing: true})
	for path, want := range map[string]string{
		"/":       "<i>.txt 11, a.txt 9, b.txt 9, empty/, here/, in 9, insub/, sub/",
		"/sub/":   "c.txt 13",
		"/insub/": "c.txt 13",
		"/empty/": "",
	} {
		for way, tree := range trees {
			entries, err := tree.List(path)
			if got := names(entries); err != nil || got != want {
				t.Errorf("%s: List(%q) = %s, %v, want %s", way, path, got, err, want)
			}
		}
	}
	for _, path := range []string{"", "/sub", "/a.txt/", "/a.txt", "/nothing/", "/.git/", "/outdir/", "/up/", "/../", "/sub/../",
		"//", "/dangling/", "/loop/", "/out/", "/up/outside/", "/\x00/"} {
		for way, tree := range trees {
			if entries, err := tree.List(path); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%s: List(%q) = %s, %v, want an error that is fs.ErrNotExist", way, path, names(entries), err)
			}
		}
	}
	for way, tree := range trees {
		if got := outcome(t, tree, "/sub"); got != "wants a slash" {
			t.Errorf("%s: Open(%q): %s", way, "/sub", got)
		}
		if got := outcome(t, tree, "/outdir"); got != "not found" {
			t.Errorf("%s: Open(%q): %s", way, "/outdir", got)
		}
	}
}

func TestListWithDotfiles(t *testing.T) {
	for way, tree := range waysTo(t, newShelf(t), files.Options{Listing: true, Dotfiles: true}) {
		const want = ".git/, .hidden 11, .well-known/, <i>.txt 11, a.txt 9, b.txt 9, empty/, here/, in 9, insub/, sub/"
		entries, err := tree.List("/")
		if got := names(entries); err != nil || got != want {
			t.Errorf("%s: got %s, %v, want %s", way, got, err, want)
		}
	}
}

func TestListOnlyIfAllowed(t *testing.T) {
	for way, tree := range waysTo(t, newShelf(t), files.Options{Pages: pages}) {
		for _, path := range []string{"/", "/sub/", "/empty/"} {
			if entries, err := tree.List(path); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%s: List(%q) = %s, %v, want an error that is fs.ErrNotExist", way, path, names(entries), err)
			}
		}
	}
}

func TestListOfMemory(t *testing.T) {
	memory := fstest.MapFS{
		"a":     {Data: []byte("1234"), ModTime: compiled},
		"sub/b": {}, "bad\\name": {}, ".hidden": {}, "device": {Mode: fs.ModeDevice}, "control\n": {},
	}
	for name, fsys := range map[string]fs.FS{"memory": memory, "zip": zipped(t, fstest.MapFS{"a": memory["a"], "sub/b": {}}, compiled)} {
		tree := files.NewTree(fsys, files.Options{Listing: true})
		entries, err := tree.List("/")
		if got, want := names(entries), "a 4, sub/"; err != nil || got != want {
			t.Errorf("%s: got %s, %v, want %s", name, got, err, want)
		}
		for _, e := range entries {
			if e.Name == "a" && e.ModTime.Unix() != compiled.Unix() {
				t.Errorf("%s: a was modified %v, want %v", name, e.ModTime, compiled)
			}
		}
	}
}
