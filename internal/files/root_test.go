package files_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/microroute/microroute/internal/files"
)

func TestRootOpens(t *testing.T) {
	root := openRoot(t, newSite(t))
	for path, want := range map[string]string{
		"/a.txt":                "www/a.txt",
		"/sp ace.txt":           "www/sp ace.txt",
		"/ü世.txt":               "www/ü世.txt",
		"/UPPER.HTML":           "www/UPPER.HTML",
		"/noext":                "www/noext",
		"/%2e%2e":               "www/%2e%2e", // decoded once, and not again
		"/a..b":                 "www/a..b",
		"/~":                    "www/~",
		"/sub/b.txt":            "www/sub/b.txt",
		"/sub/deep/c.txt":       "www/sub/deep/c.txt",
		"/index.html":           "www/index.html",
		"/":                     "www/index.html",
		"/sub/":                 "www/sub/index.html",
		"/old/":                 "www/old/index.htm",
		"/both/":                "www/both/index.html",
		"/odd/":                 "www/odd/index.htm", // index.html is a directory
		"/in.txt":               "www/a.txt",
		"/insub/":               "www/sub/index.html",
		"/insub2/b.txt":         "www/sub/b.txt",
		"/sub/up.txt":           "www/a.txt",
		"/.well-known/x":        "www/.well-known/x",
		"/unhidden.txt":         "www/.hidden", // the link is the decision to show it
		"/odd/index.html/x.txt": "www/odd/index.html/x.txt",
	} {
		file, err := root.Open(path, "")
		if err != nil {
			t.Errorf("Open(%q): %v", path, err)
			continue
		}
		if got := content(t, file); got != want {
			t.Errorf("Open(%q) opened %q, want %q", path, got, want)
		}
	}
}

func TestRootWantsSlash(t *testing.T) {
	root := openRoot(t, newSite(t))
	for _, path := range []string{"/sub", "/old", "/insub", "/odd"} {
		file, err := root.Open(path, "")
		if err != files.ErrNoSlash || file != nil {
			t.Errorf("Open(%q) = %v, %v, want ErrNoSlash", path, file, err)
		}
	}
}

// refused is what looks like a path to a file, and yet shows nothing.
var refused = map[string][]string{
	"missing":    {"/nothing", "/sub/nothing", "/nothing/", "/nothing/a.txt", "/a.txt ", "/dangling"},
	"not a path": {"", "a.txt", "*", "./a.txt", "http://t.example/a.txt", " /a.txt"},
	"dot": {"/.hidden", "/.git/config", "/.git/", "/.git", "/sub/.env", "/.", "/./", "/./a.txt", "/sub/./b.txt",
		"/sub/.", "/.well-known/.well-known/x", "/sub/.well-known/x", "/.well-known/.hidden"},
	"dot dot": {"/..", "/../", "/../secret.txt", "/sub/../a.txt", "/sub/../../secret.txt", "/sub/..", "/.../a.txt",
		"/../www/a.txt", "/a.txt/..", "/a.txt/../a.txt"},
	"backslash": {`/..\secret.txt`, `/sub\b.txt`, `\a.txt`, `/\a.txt`, `/sub\..\..\secret.txt`, `/a.txt\`, `/back\slash.txt`},
	"still encoded": {"/%2e%2e/secret.txt", "/..%2fsecret.txt", "/%252e%252e/secret.txt", "/..%5csecret.txt",
		"/sub%2Fb.txt"},
	"control character": {"/a.txt\x00", "/a.txt\x00.html", "/\x00", "/../secret.txt\x00/a.txt", "/a\n.txt", "/a.txt\r",
		"/\x7fa.txt", "/\x1b[2J", "/a\t.txt", "/bell\a.txt", "/del\x7f.txt"},
	"bad UTF-8": {"/\xc0\xae\xc0\xae/secret.txt", "/\xc0\xafa.txt", "/\xff\xfe", "/\xe0\x80\xae./secret.txt"},
	"lookalike": {"/\u2024\u2024/secret.txt", "/\uff0e\uff0e/secret.txt", "/sub\u2215b.txt", "/sub\uff0fb.txt",
		"/\u200b../secret.txt"},
	"empty name": {"//", "//a.txt", "/sub//b.txt", "/sub//", "///", "//etc/passwd", "//sub/", "/sub///b.txt"},
	"absolute": {"//etc/passwd", "/etc/passwd", "/c:/windows/win.ini", "/C:", "/proc/self/environ",
		"/file:///etc/passwd"},
	"slash behind file": {"/a.txt/", "/index.html/", "/in.txt/", "/a.txt//"},
	"through a file":    {"/a.txt/b", "/a.txt/index.html"},
	"no default page":   {"/bare", "/bare/", "/odd/index.html", "/odd/index.html/"},
	"link that leaves": {"/out.txt", "/outdir", "/outdir/", "/outdir/secret.txt", "/outout/secret.txt", "/sub/out.txt",
		"/parent/secret.txt", "/parent", "/parent/", "/parent/www/a.txt", "/sibling/secret.txt", "/abs.txt", "/absin.txt",
		"/absdir/secret.txt", "/absdir/", "/leak/", "/leak", "/leak/index.html", "/back.txt", "/proc/etc/passwd"},
	"link in circles": {"/loop", "/loop/", "/loop/a.txt"},
	"too long": {"/" + strings.Repeat("n", 300), "/" + strings.Repeat("n", 300) + "/", strings.Repeat("/n", 5000),
		"/sub/" + strings.Repeat("n", 300), "/" + strings.Repeat("n", 300) + "/a.txt", "/" + strings.Repeat("ü", 200)},
}

func TestRootRefuses(t *testing.T) {
	for way, tree := range waysTo(t, newSite(t), files.Options{Pages: pages}) {
		for name, paths := range refused {
			t.Run(way+"/"+name, func(t *testing.T) {
				for _, path := range paths {
					file, err := tree.Open(path, "")
					if !errors.Is(err, fs.ErrNotExist) || file != nil {
						t.Errorf("Open(%.50q) = %v, %v, want an error that is fs.ErrNotExist", path, file, err)
					}
				}
			})
		}
	}
}

// The client is told nothing, but the log is.
func TestRootSaysWhy(t *testing.T) {
	root := openRoot(t, newSite(t))
	for path, why := range map[string]string{
		"/.hidden": "name that is never served",
		"/bare/":   "directory without a default page",
		"/out.txt": "cross-device link",
	} {
		_, err := root.Open(path, "")
		if err == nil || !strings.HasPrefix(err.Error(), "files: "+path+": ") || !strings.Contains(err.Error(), why) {
			t.Errorf("Open(%q): %v, want an error that names the path and says %q", path, err, why)
		}
	}
}

func TestTreeWithoutDefaultPages(t *testing.T) {
	root, err := files.OpenTree(newSite(t), files.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	for _, path := range []string{"/", "/sub", "/sub/"} {
		if file, err := root.Open(path, ""); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Open(%q) = %v, %v, want an error that is fs.ErrNotExist", path, file, err)
		}
	}
}

func TestOpenTreeFails(t *testing.T) {
	site := newSite(t)
	for _, dir := range []string{"", filepath.Join(site, "nothing"), filepath.Join(site, "a.txt")} {
		if root, err := files.OpenTree(dir, files.Options{Pages: pages}); err == nil {
			t.Errorf("OpenTree(%q) = %v, want an error", dir, root)
			root.Close()
		}
	}
}

// Whatever the path, what is opened is a regular file inside the root, and none that begins with a dot; and whichever way
// the root is opened, the answer is the same.
func FuzzRootOpen(f *testing.F) {
	site := newSite(f)
	if err := os.Remove(filepath.Join(site, "unhidden.txt")); err != nil {
		f.Fatal(err)
	}
	visible := append(visibleFiles(f, site), "www/.well-known/x")
	trees := waysTo(f, site, files.Options{Pages: pages})
	for _, paths := range refused {
		for _, path := range paths {
			f.Add(path)
		}
	}
	for _, path := range []string{"/", "/sub/", "/sub", "/a.txt", "/insub2/b.txt", "/ü世.txt"} {
		f.Add(path)
	}
	f.Fuzz(func(t *testing.T, path string) {
		answer := outcome(t, trees["system"], path)
		if text, ok := strings.CutPrefix(answer, "opened "); ok && !slices.Contains(visible, text) {
			t.Errorf("Open(%q) opened %s, which is not for everybody to see", path, text)
		}
		for way, tree := range trees {
			if got := outcome(t, tree, path); got != answer {
				t.Errorf("Open(%q) by %s: %s, by the system: %s", path, way, got, answer)
			}
		}
	})
}

// visibleFiles returns the content, all different, of the regular files below dir that have no dot in front of any of their
// names. It follows no links.
func visibleFiles(t testing.TB, dir string) (visible []string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name != "." && strings.HasPrefix(entry.Name(), "."):
			if entry.IsDir() {
				return fs.SkipDir
			}
		case entry.Type().IsRegular():
			text, err := os.ReadFile(filepath.Join(dir, name))
			visible = append(visible, string(text))
			return err
		}
		return nil
	})
	if err != nil || len(visible) == 0 {
		t.Fatalf("%d files, %v", len(visible), err)
	}
	return visible
}

func BenchmarkRootOpen(b *testing.B) {
	trees := waysTo(b, newSite(b), files.Options{Pages: pages})
	for _, way := range []string{"system", "os.Root"} {
		for _, path := range []string{"/a.txt", "/sub/deep/c.txt", "/sub/", "/nothing"} {
			b.Run(way+path, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if file, err := trees[way].Open(path, ""); err == nil {
						file.Close()
					}
				}
			})
		}
	}
}
