package files_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/microroute/microroute/internal/files"
)

// waysTo opens a directory in every way that keeps clients inside: as this system does it best, as others do, and as an
// fs.FS.
func waysTo(t testing.TB, dir string, o files.Options) map[string]*files.Tree {
	t.Helper()
	system, err := files.OpenTree(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	portable, err := files.OpenTreePortably(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	trees := map[string]*files.Tree{"system": system, "os.Root": portable, "fs.FS": files.NewTree(root.FS(), o)}
	t.Cleanup(func() {
		for _, tree := range trees {
			tree.Close()
		}
		root.Close()
	})
	return trees
}

// outcome says what Open makes of a path, in the words of who asked for it.
func outcome(t testing.TB, tree *files.Tree, path string) string {
	t.Helper()
	file, err := tree.Open(path, "")
	switch {
	case err == nil:
		return "opened " + content(t, file)
	case err == files.ErrNoSlash:
		return "wants a slash"
	case errors.Is(err, fs.ErrNotExist):
		return "not found"
	}
	return err.Error()
}

// Whichever way a root is opened: what is in it, what leads out and what only looks like it comes to the same.
func TestWaysAgree(t *testing.T) {
	site := newSite(t)
	var paths []string
	err := fs.WalkDir(os.DirFS(site), ".", func(name string, entry fs.DirEntry, err error) error {
		path := "/" + strings.TrimPrefix(name, ".")
		paths = append(paths, path, path+"/", "/insub2"+path, "/sub/.."+path, path+"/..")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, more := range refused {
		paths = append(paths, more...)
	}
	for _, o := range []files.Options{
		{},
		{Pages: pages},
		{Pages: pages, Dotfiles: true, Listing: true, Encodings: []string{"gzip"}, Cache: files.NewCache(1 << 20)},
	} {
		trees := waysTo(t, site, o)
		for _, path := range paths {
			want := outcome(t, trees["system"], path)
			for way, tree := range trees {
				if got := outcome(t, tree, path); got != want {
					t.Errorf("%+v: Open(%.80q) by %s: %s, by the system: %s", o, path, way, got, want)
				}
			}
		}
	}
}

// A file system in memory knows neither links nor the operating system's ways to spell a name.
func TestMemoryRefuses(t *testing.T) {
	site := newSite(t)
	tree := files.NewTree(memoryOf(t, site), files.Options{Pages: pages})
	if got := outcome(t, tree, "/sub/"); got != "opened www/sub/index.html" {
		t.Errorf("Open(%q): %s", "/sub/", got)
	}
	for name, paths := range refused {
		for _, path := range paths {
			if got := outcome(t, tree, path); got != "not found" {
				t.Errorf("%s: Open(%.80q): %s", name, path, got)
			}
		}
	}
}

// memoryOf copies the regular files below dir into an fs.FS.
func memoryOf(t testing.TB, dir string) fstest.MapFS {
	t.Helper()
	copied := fstest.MapFS{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			var text []byte
			text, err = os.ReadFile(filepath.Join(dir, name))
			copied[name] = &fstest.MapFile{Data: text}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return copied
}
