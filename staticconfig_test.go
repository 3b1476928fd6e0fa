package microroute_test

import (
	"strings"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/microroutetest"
)

func TestCacheRules(t *testing.T) {
	fsys := tree(map[string]string{
		"index.html": "", "app.css": "", "a.woff2": "font", "app/index.html": "", "app/main.js": "", "app/lib/x/y.js": "", "lib/app/z.js": "", "[a].txt": "",
	})
	app := microroute.New()
	app.Static("/files", fsys, microroute.StaticConfig{CacheControl: []microroute.CacheRule{
		{`\[a\].txt`, ""},
		{"*.woff2", "max-age=1"},
		{"/index.html", "max-age=2"},
		{"app/**/lib/**/y.js", "max-age=3"},
		{"**/app/*.js", "max-age=4"},
		{"app/**", "max-age=5"},
		{"*.[ct]*", "max-age=6"},
	}})
	server := serve(t, app)
	for target, want := range map[string]string{
		"/files/":               "max-age=2",
		"/files/index.html":     "max-age=2",
		"/files/app/":           "max-age=5",
		"/files/app/main.js":    "max-age=4",
		"/files/app/lib/x/y.js": "max-age=3",
		"/files/lib/app/z.js":   "max-age=4",
		"/files/a.woff2":        "max-age=1",
		"/files/app.css":        "max-age=6",
		"/files/[a].txt":        "",
		"/files/none.woff2":     "",
		"/files/app":            "", // a redirect
	} {
		wireCase{"GET " + target, ask(t, server, target).line[9:12] + " …", []string{"Cache-Control: " + want}}.check(t, server)
	}
	tag := ask(t, server, "/files/a.woff2").header.Get("ETag")
	for _, test := range []wireCase{
		{"GET /files/a.woff2\nIf-None-Match: " + tag, "304 ", []string{"Cache-Control: max-age=1"}},
		{"HEAD /files/a.woff2", "200 ", []string{"Cache-Control: max-age=1"}},
		{"GET /files/a.woff2\nRange: bytes=5-", "416 <!doctype…", []string{"Cache-Control:"}},
		{"GET /files/a.woff2\nIf-Match: \"a\"", "412 <!doctype…", []string{"Cache-Control:"}},
	} {
		test.check(t, server)
	}
}

// What the program says of caching itself goes before the rules, and stays when there is no file.
func TestCacheRulesYield(t *testing.T) {
	app := microroute.New()
	app.With(before(func(c *Context) error { c.Response.Header.Set("Cache-Control", "private"); return nil })).
		Static("/", tree(map[string]string{"a.txt": "text"}), microroute.StaticConfig{CacheControl: []microroute.CacheRule{{"*", "max-age=1"}}})
	server := serve(t, app)
	for _, test := range []wireCase{
		{"GET /a.txt", "200 text", []string{"Cache-Control: private"}},
		{"GET /none", "404 <!doctype…", []string{"Cache-Control: private"}},
	} {
		test.check(t, server)
	}
}

func TestFallback(t *testing.T) {
	fsys := tree(map[string]string{"index.html": "app", "index.html.gz": "zipped", "a.css": "css", "sub/x.txt": "x"})
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		app.Post("/api/teas", func(*Context) string { return "made" })
		app.Static("/", fsys, microroute.StaticConfig{Fallback: "index.html", CacheControl: []microroute.CacheRule{{"*.html", "no-cache"}}})
		app.Static("/broken", fsys, microroute.StaticConfig{Fallback: "none.html"})
		server := serve(t, app)
		const page = "\nAccept: text/html,application/xhtml+xml,*/*;q=0.8"
		tag := ask(t, server, "/").header.Get("ETag")
		for _, test := range []wireCase{
			{"GET /teas/7" + page, "200 app", []string{"Vary: Accept | Accept-Encoding", "Cache-Control: no-cache", "ETag: " + tag, "Content-Type: text/html; charset=utf-8"}},
			{"GET /teas/7" + page + "\nAccept-Encoding: gzip", "200 zipped", []string{"Content-Encoding: gzip", "Content-Type: text/html; charset=utf-8"}},
			{"HEAD /teas/7" + page, "200 ", []string{"Content-Length: 3"}},
			{"GET /teas/" + page, "200 app", nil},
			{"GET /sub/" + page, "200 app", nil},
			{"GET /sub" + page, "200 app", nil},
			{"GET /te.as/7" + page, "200 app", nil},
			{"GET /teas/7" + page + "\nIf-None-Match: " + tag, "304 ", []string{"ETag: " + tag, "Vary: Accept | Accept-Encoding"}},
			{"GET /teas/7" + page + "\nRange: bytes=1-", "206 pp", nil},
			{"GET /a.css" + page, "200 css", []string{"Vary:"}},
			{"GET /b.css" + page, "404 <!doctype…", []string{"Vary: Accept"}},
			{"GET /.git" + page, "404 <!doctype…", nil},
			{"GET /teas/7", "404 <!doctype…", []string{"Vary: Accept"}},
			{"GET /teas/7\nAccept: */*", "404 <!doctype…", []string{"Vary: Accept"}},
			{"GET /teas/7\nAccept: application/json", "404 {…", nil},
			{"GET /teas/7\nAccept: application/json, text/html;q=0.5", "404 {…", nil},
			{"POST /teas/7" + page, "404 <!doctype…", nil},
			{"GET /api/teas" + page, "200 app", nil},
			{"POST /api/teas" + page, "200 made", nil},
			{"GET /broken/7" + page, "404 <!doctype…", nil},
		} {
			test.check(t, server)
		}
	})
}

func TestEncodings(t *testing.T) {
	files := map[string]string{
		"a.js": "plain", "a.js.zst": "zstd", "a.js.br": "brotli", "a.js.gz": "gzip octets", "b.js": "plain", "sub/index.html": "page",
		"sub/index.html.gz": "zipped page", "only.js.gz": "only",
	}
	root := site(t, files)
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		config := app.Config()
		config.Root = root
		app = microroute.New(config)
		app.Static("/fs", tree(files))
		app.Static("/gzip", tree(files), microroute.StaticConfig{Encodings: []string{"gzip", "br"}})
		app.Static("/none", tree(files), microroute.StaticConfig{Encodings: []string{}})
		server := serve(t, app)
		const javaScript = "Content-Type: application/javascript; charset=utf-8"
		for _, below := range []string{"", "/fs"} {
			a := "GET " + below + "/a.js"
			tags := map[string]bool{}
			for _, coding := range []string{"identity", "zstd", "br", "gzip"} {
				got := parse(t, talk(t, server, lines(a+" HTTP/1.1", "Host: a.test", "Connection: close", "Accept-Encoding: "+coding)))
				tag := got.header.Get("ETag")
				if tags[tag] || tag == "" || got.header.Get("Vary") != "Accept-Encoding" {
					t.Errorf("%s, %s: got %v, want Vary and an ETag of its own", a, coding, got.header)
				}
				tags[tag] = true
				wireCase{a + "\nAccept-Encoding: " + coding + "\nIf-None-Match: " + tag, "304 ", []string{"Vary: Accept-Encoding", "ETag: " + tag, "Content-Encoding:"}}.check(t, server)
			}
			for _, test := range []wireCase{
				{a, "200 plain", []string{"Content-Encoding:", "Vary: Accept-Encoding", javaScript}},
				{a + "\nAccept-Encoding: gzip, br, zstd", "200 zstd", []string{"Content-Encoding: zstd", javaScript, "Content-Length: 4"}},
				{a + "\nAccept-Encoding: gzip, br;q=0.9, zstd;q=0", "200 gzip octets", []string{"Content-Encoding: gzip", javaScript}},
				{a + "\nAccept-Encoding: gzip;q=0, identity;q=0", "200 plain", []string{"Content-Encoding:"}},
				{"HEAD" + a[3:] + "\nAccept-Encoding: gzip\nRange: bytes=0-3", "200 ", []string{"Content-Encoding: gzip", "Content-Length: 11", "Content-Range:"}},
				{a + "\nAccept-Encoding: gzip\nRange: bytes=5-", "206 octets", []string{"Content-Encoding: gzip", "Content-Range: bytes 5-10/11"}},
				{a + "\nAccept-Encoding: gzip\nRange: bytes=11-", "416 <!doctype…", []string{"Content-Encoding:", "Content-Range: bytes */11", "Vary: Accept-Encoding | Accept"}},
				{a + ".gz\nAccept-Encoding: gzip", "200 gzip octets", []string{"Content-Encoding:", "Content-Type: application/gzip"}},
				{"GET " + below + "/b.js\nAccept-Encoding: gzip", "200 plain", []string{"Content-Encoding:", "Vary:"}},
				{"GET " + below + "/only.js\nAccept-Encoding: gzip", "404 <!doctype…", []string{"Content-Encoding:"}},
				{"GET " + below + "/sub/\nAccept-Encoding: gzip", "200 zipped page", []string{"Content-Encoding: gzip", "Content-Type: text/html; charset=utf-8"}},
			} {
				test.check(t, server)
			}
		}
		for _, test := range []wireCase{
			{"GET /gzip/a.js\nAccept-Encoding: zstd, br, gzip", "200 gzip octets", []string{"Content-Encoding: gzip"}},
			{"GET /none/a.js\nAccept-Encoding: zstd, br, gzip", "200 plain", []string{"Content-Encoding:", "Vary:"}},
		} {
			test.check(t, server)
		}
	})
}

// One Vary field names what others have named already only once.
func TestVaryIsExtended(t *testing.T) {
	files := tree(map[string]string{"a.js": "plain", "a.js.gz": "gzip"})
	for vary, want := range map[string]string{
		"":                         "Accept-Encoding",
		"Cookie":                   "Cookie | Accept-Encoding",
		"cookie, accept-encoding":  "cookie, accept-encoding",
		"Accept-Encoding , Origin": "Accept-Encoding , Origin",
		"*":                        "*",
	} {
		app := microroute.New()
		app.Before(func(c *Context) error {
			if vary != "" {
				c.Response.Header.Set("Vary", vary)
			}
			return nil
		})
		app.Static("/", files)
		if got := strings.Join(microroutetest.New(t, app).Get("/a.js").Header.Values("Vary"), " | "); got != want {
			t.Errorf("with Vary %q: got %q, want %q", vary, got, want)
		}
	}
}

func TestDotfiles(t *testing.T) {
	files := map[string]string{
		".env": "secret", ".well-known/security.txt": "known", ".well-known/.hidden": "secret", "sub/.well-known/a": "secret", ".git/config": "secret",
	}
	for name, test := range map[string]struct {
		dotfiles bool
		served   string
	}{
		"hidden": {false, ".well-known/security.txt"},
		"shown":  {true, ".env .well-known/security.txt .well-known/.hidden sub/.well-known/a .git/config"},
	} {
		t.Run(name, func(t *testing.T) {
			config := microroute.StaticConfig{Dotfiles: test.dotfiles}
			app := microroute.New(microroute.Config{Root: site(t, files), Static: config})
			app.Static("/fs", tree(files), config)
			server := serve(t, app)
			for file, text := range files {
				want := "404 <!doctype…"
				if strings.Contains(" "+test.served+" ", " "+file+" ") {
					want = "200 " + text
				}
				wireCase{"GET /" + file, want, nil}.check(t, server)
				wireCase{"GET /fs/" + file, want, nil}.check(t, server)
			}
		})
	}
}

func TestStaticDefaultPages(t *testing.T) {
	files := map[string]string{"index.html": "index", "start.txt": "start"}
	app := microroute.New(microroute.Config{Root: site(t, files)})
	app.DefaultPages = []string{"start.txt"}
	app.Static("/own", tree(files), microroute.StaticConfig{DefaultPages: []string{"none", "index.html"}})
	app.Static("/none", tree(files), microroute.StaticConfig{DefaultPages: []string{}})
	server := serve(t, app)
	for target, want := range map[string]string{"/": "200 start", "/own/": "200 index", "/none/": "404 <!doctype…", "/none": "404 <!doctype…"} {
		wireCase{"GET " + target, want, nil}.check(t, server)
	}
}
