package microroute_test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/microroute/microroute"
)

// tree is an fs.FS with these files, all from longAgo.
func tree(files map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text), ModTime: longAgo}
	}
	return fsys
}

// Rules come before files, and the files of the longest prefix before those of others.
func TestStaticPrefixes(t *testing.T) {
	root := site(t, map[string]string{"a.txt": "root", "shop/a.txt": "root's shop", "shop/teas/b.txt": "never"})
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		config := app.Config()
		config.Root = root
		app = microroute.New(config)
		app.Get("/shop/rule.txt", func(*Context) string { return "rule" })
		app.Post("/shop/a.txt", func(*Context) string { return "posted" })
		app.Static("/shop", tree(map[string]string{"a.txt": "shop", "rule.txt": "hidden by the rule"}))
		app.Static("shop/teas/", tree(map[string]string{"a.txt": "teas"}))
		app.Group("/größe").Static("50% off", tree(map[string]string{"ä b.txt": "sizes"}))
		server := serve(t, app)
		for _, test := range []wireCase{
			{"GET /a.txt", "200 root", nil},
			{"GET /shop/a.txt", "200 shop", nil},
			{"GET /sh%6Fp/%61.txt", "200 shop", nil},
			{"GET /shop/teas/a.txt", "200 teas", nil},
			{"GET /shop/teas/b.txt", "404 <!doctype…", nil},
			{"GET /shop/rule.txt", "200 rule", nil},
			{"POST /shop/a.txt", "200 posted", nil},
			{"PUT /shop/a.txt", "405 <!doctype…", []string{"Allow: GET, HEAD, OPTIONS, POST"}},
			{"OPTIONS /shop/a.txt", "204 ", []string{"Allow: GET, HEAD, OPTIONS, POST"}},
			{"PUT /shop/none.txt", "404 <!doctype…", []string{"Allow:"}},
			{"GET /gr%C3%B6%C3%9Fe/50%25%20off/%C3%A4%20b.txt", "200 sizes", nil},
			{"GET /shop%2Fa.txt", "404 <!doctype…", nil},
			{"GET /shop/%2e%2e/a.txt", "404 <!doctype…", nil},
			{"GET //shop/a.txt", "404 <!doctype…", nil},
			{"GET /Shop/a.txt", "404 <!doctype…", nil},
			{"OPTIONS *", "204 ", []string{"Allow: GET, HEAD, OPTIONS, POST"}},
		} {
			test.check(t, server)
		}
	})
}

// The path of a directory is completed on the same host, whatever is in it (open redirects).
func TestRedirectToDirectory(t *testing.T) {
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		app.Static("/", tree(map[string]string{
			"evil.test/index.html": "", `\evil.test/index.html`: "", "a b/ä?#/index.html": "", "a/@evil.test/index.html": "", "http:/index.html": "",
		}))
		server := serve(t, app)
		for target, want := range map[string]string{
			"/evil.test":             "301 /evil.test/",
			"/evil.test?next=//b":    "301 /evil.test/?next=//b",
			"http://a.test/http:":    "301 /http:/",
			"/a%20b/%C3%A4%3F%23?%0": "301 /a%20b/%C3%A4%3F%23/?%0",
			"/a/@evil.test":          "301 /a/@evil.test/",
			"//evil.test":            "404 ",
			"///evil.test":           "404 ",
			"/%2Fevil.test":          "404 ",
			"/%2fevil.test":          "404 ",
			"/.//evil.test":          "404 ",
			"/a/..//evil.test":       "404 ",
			`/\evil.test`:            "404 ",
			"/%5Cevil.test":          "404 ",
			"/%09/evil.test":         "404 ",
		} {
			got := ask(t, server, target)
			if text := got.line[len("HTTP/1.1 "):][:4] + got.header.Get("Location"); text != want {
				t.Errorf("%s: got %q, want %q", target, text, want)
			}
		}
	})
}

// The group's middleware comes before its files and before the 404 for what is none, and hooks come around both.
func TestStaticInGroup(t *testing.T) {
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		add := func(mark string) microroute.Middleware {
			return func(next microroute.Handler) microroute.Handler {
				return func(c *Context) error {
					c.Response.Header.Add("X-Through", mark)
					return next(c)
				}
			}
		}
		app.Use(add("app"))
		shop := app.Group("/shop", add("shop"))
		shop.With(add("with")).Static("/files", tree(map[string]string{"a.txt": "text", "sub/index.html": "sub"}))
		app.Before(func(c *Context) error { c.Response.Header.Add("X-Through", "before"); return nil })
		app.After(func(c *Context) error { c.Response.Header.Add("X-Through", "after"); return nil })
		app.With(func(microroute.Handler) microroute.Handler {
			return func(*Context) error { return &microroute.Error{Status: 403} }
		}).Static("/secret", tree(map[string]string{"a.txt": "secret"}))
		server := serve(t, app)
		for _, test := range []wireCase{
			{"GET /shop/files/a.txt", "200 text", []string{"X-Through: before | app | shop | with | after"}},
			{"GET /shop/files/none.txt", "404 <!doctype…", []string{"X-Through: before | app | shop | with | after"}},
			{"GET /shop/files/sub", "301 ", []string{"X-Through: before | app | shop | with | after"}},
			{"PUT /shop/files/a.txt", "405 <!doctype…", []string{"X-Through: before | app | shop | with | after"}},
			{"GET /shop/none", "404 <!doctype…", []string{"X-Through: before | app | after"}},
			{"GET /secret/a.txt", "403 <!doctype…", nil},
			{"GET /secret/none", "403 <!doctype…", nil},
			{"OPTIONS /secret/a.txt", "403 <!doctype…", []string{"Allow:"}},
		} {
			test.check(t, server)
		}
	})
}

// Middleware that has answered, or hooks that answer later, have the last word; nothing of the file is left.
func TestAnswersInPlaceOfFiles(t *testing.T) {
	text := strings.Repeat("long ", 10)
	fsys := tree(map[string]string{"a.txt": text, "a.txt.gz": "gzip"})
	rules := microroute.StaticConfig{CacheControl: []microroute.CacheRule{{"*", "max-age=9"}}}
	none := []string{"Content-Encoding:", "ETag:", "Last-Modified:", "Accept-Ranges:", "Content-Range:", "Cache-Control:", "Content-Disposition:"}
	for name, test := range map[string]struct {
		middleware microroute.Middleware
		want       wireCase
	}{
		"redirect before": {before(func(c *Context) error { return c.Response.Redirect("/login") }), wireCase{want: "302 ", fields: []string{"Location: /login"}}},
		"redirect after":  {after(func(c *Context) error { return c.Response.Redirect("/login") }), wireCase{want: "302 ", fields: []string{"Location: /login"}}},
		"abort after":     {after(func(c *Context) error { return c.Response.Abort(403, "no") }), wireCase{want: "403 no"}},
		"abort to a page": {after(func(c *Context) error { return c.Response.Abort(403) }), wireCase{want: "403 page"}},
		"error after":     {after(func(*Context) error { return &microroute.Error{Status: 403} }), wireCase{want: "403 page"}},
		"panic after":     {after(func(*Context) error { panic("late") }), wireCase{want: "500 <!doctype…"}},
		"data before":     {before(func(c *Context) error { return c.Response.SendString("data") }), wireCase{want: "200 4\r\ndata\r\n0\r\n\r\n"}},
	} {
		t.Run(name, func(t *testing.T) {
			onEachEngine(t, func(t *testing.T, app *microroute.App) {
				app.ErrorPage(403, func(*Context) string { return "page" })
				app.With(test.middleware).Static("/", fsys, rules)
				server := serve(t, app)
				test.want.fields = append(test.want.fields, none...)
				for _, fields := range []string{"", "\nAccept-Encoding: gzip", "\nRange: bytes=0-1", "\nRange: bytes=0-1,4-5"} {
					test.want.request = "GET /a.txt" + fields
					test.want.check(t, server)
				}
			})
		})
	}
}

// before returns middleware that calls f, and what it is around all the same.
func before(f microroute.Handler) microroute.Middleware {
	return func(next microroute.Handler) microroute.Handler {
		return func(c *Context) error {
			if err := f(c); err != nil {
				return err
			}
			return next(c)
		}
	}
}

func after(f microroute.Handler) microroute.Middleware {
	return func(next microroute.Handler) microroute.Handler {
		return func(c *Context) error {
			if err := next(c); err != nil {
				return err
			}
			return f(c)
		}
	}
}

// What is wrong with files is found when the App starts, with the line that is to blame.
func TestStaticMistakes(t *testing.T) {
	files := tree(nil)
	for name, test := range map[string]struct {
		set  func(app *microroute.App)
		want string
	}{
		"nil":            {func(app *microroute.App) { app.Static("/a", nil) }, `Static("/a"): the fs.FS is nil`},
		"nil assets":     {func(app *microroute.App) { app.Assets(microroute.NewAssets("/a", nil)) }, `Assets("/a"): the fs.FS is nil`},
		"variable":       {func(app *microroute.App) { app.Group("/<x>").Static("a", files) }, `Static("/<x>/a"): the prefix of files has no variables`},
		"malformed":      {func(app *microroute.App) { app.Static("/a>", files) }, `Static("/a>"): router: `},
		"two slashes":    {func(app *microroute.App) { app.Static("/a//b", files) }, `Static("/a//b"): router: `},
		"twice":          {func(app *microroute.App) { app.Static("/a", files); app.Static("a/", files) }, `Static("/a"): there are files with this prefix already`},
		"assets as well": {func(app *microroute.App) { app.Static("", files); app.Assets(microroute.NewAssets("/", files)) }, `Assets("/"): there are files with this prefix already`},
		"two configs": {func(app *microroute.App) {
			app.Static("/a", files, microroute.StaticConfig{}, microroute.StaticConfig{})
		}, `Static("/a"): it takes one StaticConfig, not 2`},
		"pattern":         {staticWith(microroute.StaticConfig{CacheControl: []microroute.CacheRule{{"[", "no-cache"}}}), `Static("/a"): StaticConfig.CacheControl: "[" is no pattern`},
		"class and slash": {staticWith(microroute.StaticConfig{CacheControl: []microroute.CacheRule{{"[a/b]", "no-cache"}}}), `Static("/a"): StaticConfig.CacheControl: "[a/b]" is no pattern`},
		"value":           {staticWith(microroute.StaticConfig{CacheControl: []microroute.CacheRule{{"*", "a\r\nb"}}}), `Static("/a"): StaticConfig.CacheControl: "a\r\nb" cannot be the value of a field`},
		"coding":          {staticWith(microroute.StaticConfig{Encodings: []string{"gzip", "zip"}}), `Static("/a"): StaticConfig.Encodings: "zip" is none of zstd, br, gzip`},
		"fallback":        {staticWith(microroute.StaticConfig{Fallback: "/index.html"}), `Static("/a"): StaticConfig.Fallback: "/index.html" is no name of a file below the root`},
	} {
		app := microroute.New()
		test.set(app)
		if err := app.Prepare(); err == nil || !strings.Contains(err.Error(), "sites_test.go:") || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want the line and %s", name, err, test.want)
		}
	}
}

func staticWith(config microroute.StaticConfig) func(*microroute.App) {
	return func(app *microroute.App) { app.Static("/a", tree(nil), config) }
}

func TestRootMistakes(t *testing.T) {
	root := t.TempDir()
	for want, app := range map[string]*microroute.App{
		root + "/none": microroute.New(microroute.Config{Root: root + "/none"}),
		`Config.Root: StaticConfig.Encodings: "zip"`: microroute.New(microroute.Config{
			Root: root, Static: microroute.StaticConfig{Encodings: []string{"zip"}},
		}),
		`Config.Root: there are files with the prefix "/" already`: func() *microroute.App {
			app := microroute.New(microroute.Config{Root: root})
			app.Static("/", tree(nil))
			return app
		}(),
	} {
		if err := app.Prepare(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// trouble is a file system that breaks.
type trouble struct{}

func (trouble) Open(string) (fs.File, error) { return nil, errors.New("the disk is on fire") }

// What is no lack of a file is the server's fault, and no reason to answer with something else.
func TestStaticTrouble(t *testing.T) {
	app := microroute.New()
	app.Static("/", trouble{}, microroute.StaticConfig{Fallback: "index.html", Listing: true})
	server := serve(t, app)
	wireCase{"GET /a\nAccept: text/html", "500 <!doctype…", nil}.check(t, server)
}
