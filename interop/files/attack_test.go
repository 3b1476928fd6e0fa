package files_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute"
)

// secret is what no answer may have. It is in files beside the root, and in hidden ones.
const secret = "nobody may read this"

// newFortress makes a site in the directory www, secrets around and in it, and links that lead out of it.
func newFortress(t *testing.T) (root string) {
	t.Helper()
	around := newSite(t, map[string]string{
		"secret.txt": secret, "www2/secret.txt": secret, "outside/secret.txt": secret,
		"www/a.txt": "anybody may read this", "www/sub/b.txt": "this, too",
		"www/.hidden": secret, "www/.git/config": secret, "www/sub/.env": secret,
	})
	root = filepath.Join(around, "www")
	if runtime.GOOS == "windows" {
		return root
	}
	targets := []string{"../secret.txt", "../outside", filepath.Join(around, "secret.txt"), "../link.txt", "../..", "/"}
	for i, name := range links {
		if err := os.Symlink(targets[i], filepath.Join(root, name)); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// links are those that lead out of a fortress.
var links = []string{"link.txt", "link", "absolute.txt", "sub/chain.txt", "sub/up", "root"}

// attacks returns targets that lead out of the directory at prefix, or into a hidden file, for one who reads them wrongly. They
// set out from each of the paths in begins.
func attacks(prefix string, begins ...string) (targets []string) {
	dots := []string{
		"..", "%2e%2e", ".%2e", "%2E.", "..%00", "%00..", "..%20", "..;", "..;x=1", "...", "..%2e", "%252e%252e", "%25%32%65%25%32%65",
		"%c0%ae%c0%ae", "%c0%2e%c0%2e", "%e0%80%ae%e0%80%ae", "%f0%80%80%ae%f0%80%80%ae", "%uff0e%uff0e", "%ef%bc%8e%ef%bc%8e",
		"%u002e%u002e", "0x2e0x2e", "..%0a", "..%09", "%2e%2e%3b", "..%5c", "..%c0%af",
	}
	slashes := []string{
		"/", "//", "/./", "%2f", "%2F", "/%2e/", "\\", "%5c", "%5C", "/\\", "\\/", "%252f", "%255c", "%c0%af", "%c1%9c",
		"%e0%80%af", "%ef%bc%8f", "%u2215", "%u2216", "/;/", "/%00/", "/%20/", "/%09/",
	}
	for _, begin := range begins {
		for _, dot := range dots {
			for _, slash := range slashes {
				for depth := 1; depth <= 2; depth++ {
					up := strings.Repeat(dot+slash, depth)
					targets = append(targets, prefix+begin+up+"secret.txt", prefix+begin+up+"www2/secret.txt")
				}
			}
		}
	}
	for _, name := range []string{
		"/link.txt", "/link/secret.txt", "/absolute.txt", "/sub/chain.txt", "/sub/up/secret.txt", "/root/etc/passwd", "/link/", "/link",
		"/.hidden", "/%2ehidden", "/%2Ehidden", "/./.hidden", "//.hidden", "/sub/../.hidden", "/.git/config", "/%2egit/config",
		"/.git%2fconfig", "/.GIT/config", "/sub/.env", "/sub%2f.env", "/sub/%2eenv", "/.hidden/", "/.hidden%00", "/a.txt/../.hidden",
		"/a.txt/../../secret.txt", "/a.txt%00/../../secret.txt", "/sub/..", "/../www2/secret.txt", "/..www2/secret.txt",
		"../secret.txt", "..%2fsecret.txt", "2/secret.txt", // the prefix without its slash
		"/secret.txt::$DATA", "/..::$INDEX_ALLOCATION/secret.txt", "/C:/secret.txt", "/~/secret.txt", "/%7e/secret.txt",
		"/etc/passwd", "//etc/passwd", "/%2fetc/passwd", "/%2f%2fetc/passwd", "/proc/self/environ", "/\\etc\\passwd", "/file:///etc/passwd",
		"/?../secret.txt", "/?/../../secret.txt", "/sub?/../../secret.txt", "/sub/%3f/../../../secret.txt",
	} {
		targets = append(targets, prefix+name)
	}
	return targets
}

// TestAttacks asks for secrets by every spelling. Most of them are no path, and some name what is there: whatever is answered,
// it is a whole answer, and no secret.
func TestAttacks(t *testing.T) {
	root := newFortress(t)
	targets := append(attacks("", "/", "/sub/", "/missing/", "//", "/./"), "http://a.test/../secret.txt", "http://a.test/%2e%2e/secret.txt", "http://a.test../secret.txt",
		"file:///etc/passwd", "../secret.txt", "..", "secret.txt", ".hidden", "%2f..%2fsecret.txt", "\\..\\secret.txt", "*/../secret.txt")
	onEach(t, root, nil, func(t *testing.T, address string) {
		attack(t, address, targets)
		wantFiles(t, address, "")
	})
}

// TestAttacksOnStatic attacks other files of the same directory. An os.DirFS follows links, so its directory has none.
func TestAttacksOnStatic(t *testing.T) {
	linked, err := os.OpenRoot(newFortress(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { linked.Close() })
	plain := newFortress(t)
	for _, name := range links {
		os.Remove(filepath.Join(plain, name))
	}
	prepare := func(app *microroute.App) {
		app.Static("/linked", linked.FS())
		app.Group("/plain").Static("/dir", os.DirFS(plain), microroute.StaticConfig{Fallback: ".hidden"})
	}
	targets := append(attacks("/linked", "/", "/sub/"), attacks("/plain/dir", "/", "/sub/")...)
	onEach(t, "", prepare, func(t *testing.T, address string) {
		attack(t, address, targets)
		wantFiles(t, address, "/linked")
		wantFiles(t, address, "/plain/dir")
	})
}

// wantFiles checks that what is below prefix is still served.
func wantFiles(t *testing.T, address, prefix string) {
	t.Helper()
	for path, want := range map[string]string{prefix + "/a.txt": "anybody may read this", prefix + "/sub/b.txt": "this, too"} {
		if status, answer, err := ask(address, path); status != 200 || !strings.HasSuffix(answer, "\r\n\r\n"+want) {
			t.Errorf("GET %s: got %d %q, %v, want %q", path, status, answer, err, want)
		}
	}
}

// attack sends the targets.
func attack(t *testing.T, address string, targets []string) {
	t.Helper()
	answers := make(map[int]int)
	for _, target := range targets {
		status, answer, err := ask(address, target)
		if err != nil {
			t.Errorf("GET %s: %v", target, err)
			continue
		}
		answers[status]++
		if strings.Contains(answer, secret) || strings.Contains(answer, "root:x:") {
			t.Errorf("GET %s: got the secret, %d %q", target, status, answer)
		}
		if status != 400 && status != 404 && !leadsInside(target, status) {
			t.Errorf("GET %s: got %d %q, want 400 or 404", target, status, answer)
		}
	}
	if answers[404] == 0 || answers[400] == 0 {
		t.Errorf("got %v answers by their status, want 400 and 404 among them", answers)
	}
}

// leadsInside reports whether a target may have another answer than 400 and 404: that for the root or a directory, whose
// query means nothing.
func leadsInside(target string, status int) bool {
	path, _, _ := strings.Cut(target, "?")
	return path != target && (status == 200 || status == 301)
}

// ask sends a request on a connection of its own and returns the whole answer.
func ask(address, target string) (status int, answer string, err error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return 0, "", err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(soon))
	if _, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n", target); err != nil {
		return 0, "", err
	}
	var all strings.Builder
	r, err := http.ReadResponse(bufio.NewReader(io.TeeReader(conn, &all)), nil)
	if err != nil {
		return 0, all.String(), err
	}
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		return 0, all.String(), err
	}
	return r.StatusCode, all.String(), nil
}
