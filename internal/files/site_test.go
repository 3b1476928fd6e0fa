package files_test

import (
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/microroute/microroute/internal/files"
)

var pages = []string{"index.html", "index.htm"}

// newSite makes a directory with the root www in it, whose files contain their own names, and secrets beside it. It
// returns the path of the root.
func newSite(t testing.TB) string {
	t.Helper()
	base := t.TempDir()
	for _, name := range []string{
		"secret.txt", "outside/secret.txt", "outside/index.html", "www-old/secret.txt",
		"www/index.html", "www/a.txt", "www/sp ace.txt", "www/ü世.txt", "www/UPPER.HTML", "www/noext", "www/a~b.txt",
		"www/%2e%2e", "www/a..b", "www/~",
		"www/.hidden", "www/.git/config", "www/.git/index.html", "www/sub/.env",
		"www/.well-known/x", "www/.well-known/.hidden", "www/.well-known/.well-known/x", "www/sub/.well-known/x",
		"www/sub/index.html", "www/sub/b.txt", "www/sub/deep/c.txt",
		"www/old/index.htm", "www/both/index.html", "www/both/index.htm", "www/bare/x.txt",
		"www/odd/index.html/x.txt", "www/odd/index.htm",
	} {
		writeFile(t, filepath.Join(base, filepath.FromSlash(name)), name)
	}
	root := filepath.Join(base, "www")
	if runtime.GOOS != "windows" {
		for _, name := range []string{`back\slash.txt`, "bell\a.txt", "del\x7f.txt", "a."} {
			writeFile(t, filepath.Join(root, name), name)
		}
	}
	for name, target := range map[string]string{
		"in.txt": "a.txt", "insub": "sub", "sub/up.txt": "../a.txt", "insub2": "insub", "unhidden.txt": ".hidden",
		"out.txt": "../secret.txt", "outdir": "../outside", "outout": "outdir", "sub/out.txt": "../../secret.txt",
		"parent": "..", "sibling": "../www-old", "abs.txt": filepath.Join(base, "secret.txt"), "absdir": base,
		"absin.txt": filepath.Join(root, "a.txt"),
		"back.txt":  "../www/a.txt", "dangling": "nothing", "loop": "loop", "proc": "/proc/self/root",
	} {
		symlink(t, target, filepath.Join(root, name))
	}
	makeDirectory(t, filepath.Join(root, "leak"))
	symlink(t, "../../secret.txt", filepath.Join(root, "leak", "index.html"))
	return root
}

func writeFile(t testing.TB, path, content string) {
	t.Helper()
	makeDirectory(t, filepath.Dir(path))
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func makeDirectory(t testing.TB, path string) {
	t.Helper()
	if err := os.MkdirAll(path, 0o755); err != nil {
		t.Fatal(err)
	}
}

func symlink(t testing.TB, target, path string) {
	t.Helper()
	if err := os.Symlink(target, path); err != nil {
		t.Skip("no symbolic links: ", err)
	}
}

func openRoot(t testing.TB, dir string) *files.Tree {
	t.Helper()
	root, err := files.OpenTree(dir, files.Options{Pages: pages})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return root
}

// content reads file and closes it.
func content(t testing.TB, file *files.File) string {
	t.Helper()
	defer file.Close()
	text, err := io.ReadAll(file.Part(0, file.Size))
	if err != nil {
		t.Fatal(err)
	}
	if int64(len(text)) != file.Size {
		t.Errorf("%s: Size %d, but read %d octets", file.Name(), file.Size, len(text))
	}
	return string(text)
}

func mustOpen(t testing.TB, tree *files.Tree, path string) *files.File {
	t.Helper()
	file, err := tree.Open(path, "")
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func setTime(t testing.TB, path string, modified time.Time) {
	t.Helper()
	if err := os.Chtimes(path, modified, modified); err != nil {
		t.Fatal(err)
	}
}
