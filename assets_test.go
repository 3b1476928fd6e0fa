package microroute_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/microroute/microroute"
)

const (
	forEver = "Cache-Control: public, max-age=31536000, immutable"
	asked   = "Cache-Control: no-cache"
)

// The URL of a file is the file's name with a hash in it, for names of every kind, and leads to the file.
func TestAssetURL(t *testing.T) {
	names := map[string]string{ // with # for the hash
		"app.css":                    "app.#.css",
		"app.css.map":                "app.css.#.map",
		"LICENSE":                    "LICENSE.#",
		"img/v1.2/logo":              "img/v1.2/logo.#",
		"img/a b ?#%.png":            "img/a%20b%20%3F%23%25.#.png",
		"größe.js":                   "gr%C3%B6%C3%9Fe.#.js",
		"draw.excalidrawlib":         "draw.#.excalidrawlib", // a suffix as long as a hash
		"app.0123456789abc.css":      "app.0123456789abc.#.css",
		"end.":                       "end.#.",
		".well-known/a.txt":          ".well-known/a.#.txt",
		"index.html":                 "index.#.html",
		"deep/er/index.0k3v9x2m1c7q": "deep/er/index.#.0k3v9x2m1c7q",
	}
	files := map[string]string{}
	for name := range names {
		files[name] = "content of " + name
	}
	root := site(t, files)
	for _, prefix := range []string{"/assets", "/", "/a/b c/"} {
		for kind, fsys := range map[string]fs.FS{"fstest.MapFS": tree(files), "os.DirFS": os.DirFS(root), "not seekable": sequential{tree(files)}} {
			assets := microroute.NewAssets(prefix, fsys)
			app := microroute.New()
			app.Assets(assets)
			server := serve(t, app)
			before := strings.ReplaceAll(strings.TrimSuffix(prefix, "/"), " ", "%20") + "/"
			for name, want := range names {
				got := assets.URL(name)
				pattern := "^" + strings.Replace(regexp.QuoteMeta(before+want), "#", "[0-9a-z]{13}", 1) + "$"
				if !regexp.MustCompile(pattern).MatchString(got) {
					t.Errorf("%s, URL(%q): got %s, want %s%s", kind, name, got, before, want)
				}
				wireCase{"GET " + got, "200 " + files[name], []string{forEver}}.check(t, server)
			}
		}
	}
}

func TestAssets(t *testing.T) {
	files := tree(map[string]string{
		"app.css": "css", "app.css.gz": "zipped", "app.css.br": "brotli", "dir/x.js": "js", "dir/index.html": "page", ".env": "secret",
		"lib.0123456789abc.js": "by its own name", "lib.js": "lib",
	})
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		assets := microroute.NewAssets("assets/", files)
		app.Assets(assets)
		app.Use(before(func(c *Context) error { c.Response.Header.Set("X-Through", "app"); return nil }))
		server := serve(t, app)
		css := assets.URL("app.css")
		tag := ask(t, server, css).header.Get("ETag")
		for _, test := range []wireCase{
			{"GET " + css, "200 css", []string{forEver, "Content-Type: text/css; charset=utf-8", "Vary: Accept-Encoding", "X-Through: app"}},
			{"HEAD " + css, "200 ", []string{forEver, "Content-Length: 3"}},
			{"GET " + css + "\nAccept-Encoding: gzip", "200 zipped", []string{forEver, "Content-Encoding: gzip", "Content-Type: text/css; charset=utf-8"}},
			{"GET " + css + "\nRange: bytes=1-", "206 ss", []string{forEver}},
			{"GET " + css + "\nRange: bytes=3-", "416 <!doctype…", []string{"Cache-Control:"}},
			{"GET " + css + "\nIf-None-Match: " + tag, "304 ", []string{forEver, "ETag: " + tag}},
			{"GET /assets/app.css", "200 css", []string{asked, "ETag: " + tag}},
			{"GET /assets/app.0123456789abc.css", "200 css", []string{asked}},
			{"GET /assets/app.0123456789ab.css", "404 <!doctype…", []string{"Cache-Control:"}},
			{"GET /assets/lib.0123456789abc.js", "200 by its own name", []string{asked}},
			{"GET /assets/none.0123456789abc.js", "404 <!doctype…", nil},
			{"GET /assets/dir", "301 ", []string{"Location: /assets/dir/", "Cache-Control:"}},
			{"GET /assets/dir/", "200 page", []string{asked}},
			{"GET /assets", "404 <!doctype…", nil},
			{"GET /assets/", "404 <!doctype…", nil},
			{"GET /assets/.env", "404 <!doctype…", nil},
			{"GET " + assets.URL(".env"), "404 <!doctype…", nil},
			{"GET /assets/../app.css", "404 <!doctype…", nil},
			{"GET /assets/dir%2Fx.js", "404 <!doctype…", nil},
			{"POST " + css, "405 <!doctype…", []string{"Allow: GET, HEAD, OPTIONS"}},
			{"OPTIONS " + css, "204 ", []string{"Allow: GET, HEAD, OPTIONS"}},
		} {
			test.check(t, server)
		}
		for name, want := range map[string]string{
			"none.css": "/assets/none.css", "dir": "/assets/dir", "../app.css": "/assets/../app.css", "/app.css": "/assets//app.css", "": "/assets/",
		} {
			if got := assets.URL(name); got != want {
				t.Errorf("URL(%q): got %s, want %s", name, got, want)
			}
		}
	})
}

// A file that changes has another URL at once, and the old one leads to what the file is now, but not for long.
func TestAssetsChange(t *testing.T) {
	root := site(t, map[string]string{"app.css": "first"})
	mapped := tree(map[string]string{"app.css": "first"})
	for kind, test := range map[string]struct {
		fsys   fs.FS
		change func()
		remove func()
	}{
		"os.DirFS": {os.DirFS(root), func() {
			if err := os.WriteFile(filepath.Join(root, "app.css"), []byte("other"), 0o644); err != nil {
				t.Fatal(err)
			}
		}, func() { os.Remove(filepath.Join(root, "app.css")) }},
		"fstest.MapFS": {mapped, func() {
			mapped["app.css"] = &fstest.MapFile{Data: []byte("other"), ModTime: longAgo.AddDate(1, 0, 0)}
		}, func() { delete(mapped, "app.css") }},
	} {
		assets := microroute.NewAssets("/assets", test.fsys)
		app := microroute.New(microroute.Config{Development: true, Logger: (&record{}).logger()})
		app.Assets(assets)
		server := serve(t, app)
		first := assets.URL("app.css")
		wireCase{"GET " + first, "200 first", []string{forEver}}.check(t, server)
		test.change()
		other := assets.URL("app.css")
		if other == first {
			t.Errorf("%s: got the same URL %s for other content", kind, first)
		}
		wireCase{"GET " + other, "200 other", []string{forEver}}.check(t, server)
		wireCase{"GET " + first, "200 other", []string{asked}}.check(t, server)
		test.remove()
		wireCase{"GET " + other, "404 <!doctype…", []string{"Cache-Control:"}}.check(t, server)
		if got := assets.URL("app.css"); got != "/assets/app.css" {
			t.Errorf("%s: got %s for a file that is gone, want the plain URL", kind, got)
		}
	}
}

// replacing is a file system in which a file is replaced between two looks at it.
type replacing struct {
	fstest.MapFS
	at int // how often it will have been opened
}

func (r *replacing) Open(name string) (fs.File, error) {
	if r.at--; r.at == 0 {
		r.MapFS["a.js"] = &fstest.MapFile{Data: []byte("other"), ModTime: longAgo.AddDate(1, 0, 0)}
	}
	return r.MapFS.Open(name)
}

// What has changed since the URL was judged is not kept for ever under the old one.
func TestAssetsChangeMeanwhile(t *testing.T) {
	for at := 1; at <= 6; at++ {
		fsys := &replacing{MapFS: tree(map[string]string{"a.js": "first"})}
		assets := microroute.NewAssets("/", fsys)
		app := microroute.New()
		app.Assets(assets)
		server := serve(t, app)
		url := assets.URL("a.js")
		fsys.at = at
		got := ask(t, server, url)
		if got.body == "other" && got.header.Get("Cache-Control") != "no-cache" {
			t.Errorf("replaced at the %d. opening: got the other file with %q, want no-cache", at, got.header.Get("Cache-Control"))
		}
	}
}

// Pages are made and files asked for by many goroutines.
func TestAssetsConcurrently(t *testing.T) {
	files := map[string]string{}
	for i := range 20 {
		files[fmt.Sprintf("%d.js", i)] = fmt.Sprint("file ", i)
	}
	assets := microroute.NewAssets("/", os.DirFS(site(t, files)))
	app := microroute.New()
	app.Assets(assets)
	server := serve(t, app)
	var clients sync.WaitGroup
	for range 4 {
		clients.Go(func() {
			for name, text := range files {
				if got := ask(t, server, assets.URL(name)); got.body != text {
					t.Errorf("%s: got %q, want %q", name, got.body, text)
				}
			}
		})
	}
	clients.Wait()
}
