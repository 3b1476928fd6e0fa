package microroute_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/microroutetest"
)

// site makes a directory with these files; a name that ends with a slash is an empty directory.
func site(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "/") {
			if err := os.MkdirAll(path, 0o755); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestStaticRoot(t *testing.T) {
	root := site(t, map[string]string{
		"www/index.html": "start", "www/a.txt": "text", "www/grün tee.css": "css", "www/sub/index.htm": "sub", "www/.hidden": "hidden",
		"www/none/": "", "www/new/page.tea": "tea", "www/upper.HTML": "upper", "www/route.txt": "file", "secret.txt": "secret",
	})
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		config := app.Config()
		config.Root = filepath.Join(root, "www")
		app = microroute.New(config)
		app.MIMETypes["tea"] = "application/x-tea"
		app.Get("/route.txt", func(*Context) string { return "route" })
		app.Post("/posted", func(*Context) string { return "posted" })
		server := serve(t, app)
		for _, test := range []struct {
			request  string
			status   int
			field    string // one of the header
			contains string // in the body
		}{
			{"GET /", 200, "Content-Type: text/html; charset=utf-8", "start"},
			{"GET /a.txt", 200, "Content-Type: text/plain; charset=utf-8", "text"},
			{"GET /a.txt?v=1", 200, "Content-Length: 4", "text"},
			{"HEAD /a.txt", 200, "Content-Length: 4", ""},
			{"GET /gr%C3%BCn%20tee.css", 200, "Content-Type: text/css; charset=utf-8", "css"},
			{"GET /upper.HTML", 200, "Content-Type: text/html; charset=utf-8", "upper"},
			{"GET /new/page.tea", 200, "Content-Type: application/x-tea", "tea"},
			{"GET /sub/", 200, "", "sub"},
			{"GET /sub", 301, "Location: /sub/", ""},
			{"GET /sub?a=b", 301, "Location: /sub/?a=b", ""},
			{"GET /none/", 404, "", "404"},
			{"GET /a.txt/", 404, "", "404"},
			{"GET /.hidden", 404, "", "404"},
			{"GET /nowhere", 404, "", "404"},
			{"GET /../secret.txt", 404, "", "404"},
			{"GET /%2e%2e/secret.txt", 404, "", "404"},
			{"GET /sub%2findex.htm", 404, "", "404"},
			{"GET /a.txt%00", 400, "", "malformed"},
			{"GET //sub", 404, "", "404"},
			{"GET /route.txt", 200, "", "route"},
			{"POST /a.txt", 405, "Allow: GET, HEAD, OPTIONS", "405"},
			{"POST /route.txt", 405, "Allow: GET, HEAD, OPTIONS", "405"},
			{"OPTIONS /a.txt", 204, "Allow: GET, HEAD, OPTIONS", ""},
			{"GET /posted", 405, "Allow: OPTIONS, POST", "405"},
			{"POST /nowhere", 404, "", "404"},
		} {
			got := parse(t, talk(t, server, lines(test.request+" HTTP/1.1", "Host: a", "Connection: close")))
			name, value, _ := strings.Cut(test.field, ": ")
			if !strings.HasPrefix(got.line, fmt.Sprintf("HTTP/1.1 %d ", test.status)) || got.header.Get(name) != value {
				t.Errorf("%s: got %q with %v, want %d with %q", test.request, got.line, got.header, test.status, test.field)
			}
			if !strings.Contains(got.body, test.contains) || test.contains == "" && got.body != "" || strings.Contains(got.body, "secret") {
				t.Errorf("%s: got body %q, want %q in it", test.request, got.body, test.contains)
			}
		}
	})
}

func TestDefaultPages(t *testing.T) {
	root := site(t, map[string]string{"a/index.html": "html", "a/index.htm": "htm", "b/index.htm": "htm", "c/start.txt": "own"})
	for _, test := range []struct {
		pages []string
		want  map[string]string
	}{
		{nil, map[string]string{"/a/": "html", "/b/": "htm", "/c/": "404"}},
		{[]string{"start.txt", "index.htm"}, map[string]string{"/a/": "htm", "/b/": "htm", "/c/": "own"}},
	} {
		app := microroute.New(microroute.Config{Root: root})
		if test.pages != nil {
			app.DefaultPages = test.pages
		}
		client := microroutetest.New(t, app)
		for target, want := range test.want {
			if got := client.Get(target).Body; !strings.Contains(got, want) {
				t.Errorf("DefaultPages %q, %s: got %q, want %q", test.pages, target, got, want)
			}
		}
	}
}

func TestSendFile(t *testing.T) {
	root := site(t, map[string]string{"a.txt": "0123456789", "b.xyz": "bytes", "page": "<p>", "dir/": "", ".hidden": "shown"})
	file := func(name string) string { return filepath.Join(root, name) }
	for name, test := range map[string]struct {
		handler any
		fields  string
		want    string // status and body
		field   string
	}{
		"by suffix": {func(c *Context) error { return c.Response.SendFile(file("a.txt")) }, "", "200 0123456789",
			"Content-Type: text/plain; charset=utf-8"},
		"unknown suffix": {func(c *Context) error { return c.Response.SendFile(file("b.xyz")) }, "", "200 bytes",
			"Content-Type: application/octet-stream"},
		"no suffix": {func(c *Context) error { return c.Response.SendFile(file("page")) }, "", "200 <p>",
			"Content-Type: application/octet-stream"},
		"a hidden one": {func(c *Context) error { return c.Response.SendFile(file(".hidden")) }, "", "200 shown", ""},
		"MIMEType first": {func(c *Context) error { c.Response.MIMEType = "a/b"; return c.Response.SendFile(file("a.txt")) }, "",
			"200 0123456789", "Content-Type: a/b"},
		"Content-Type first": {func(c *Context) error {
			c.Response.Header.Set("Content-Type", "c/d")
			return c.Response.SendFile(file("a.txt"))
		}, "", "200 0123456789", "Content-Type: c/d"},
		"value ignored": {func(c *Context) string { c.Response.SendFile(file("a.txt")); return "ignored" }, "", "200 0123456789",
			"Content-Length: 10"},
		"Send": {func(c *Context) error {
			c.Response.SendFile(file("a.txt"))
			return wantError(microroute.ErrDecided, c.Response.SendString("late"))
		}, "", "200 0123456789", ""},
		"status": {func(c *Context) error { c.Response.Status = 404; return c.Response.SendFile(file("a.txt")) }, "Range: bytes=1-2",
			"404 0123456789", ""},
		"after SendHeader": {func(c *Context) error {
			c.Response.Header.Set("Content-Length", "10")
			if err := c.Response.SendHeader(); err != nil {
				return err
			}
			return c.Response.SendFile(file("a.txt"))
		}, "", "200 0123456789", ""},
		"range":   {func(c *Context) error { return c.Response.SendFile(file("a.txt")) }, "Range: bytes=2-4", "206 234", "Content-Range: bytes 2-4/10"},
		"suffix":  {func(c *Context) error { return c.Response.SendFile(file("a.txt")) }, "Range: bytes=-3", "206 789", "Content-Length: 3"},
		"no part": {func(c *Context) error { return c.Response.SendFile(file("a.txt")) }, "Range: bytes=10-", "416 <!doctype", "Content-Range: bytes */10"},
		"unchanged": {func(c *Context) error { return c.Response.SendFile(file("a.txt")) },
			"If-Modified-Since: Fri, 31 Dec 2100 23:59:59 GMT", "304 ", ""},
		"changed":           {func(c *Context) error { return c.Response.SendFile(file("a.txt")) }, `If-Match: "other"`, "412 <!doctype", ""},
		"missing":           {func(c *Context) error { return c.Response.SendFile(file("none")) }, "", "404 <!doctype", ""},
		"missing, not told": {func(c *Context) string { c.Response.SendFile(file("none")); return "ignored" }, "", "404 <!doctype", ""},
		"directory":         {func(c *Context) error { return c.Response.SendFile(file("dir")) }, "", "404 <!doctype", ""},
		"file with a slash": {func(c *Context) error { return c.Response.SendFile(file("a.txt") + "/") }, "", "404 <!doctype", ""},
		"the error is a *Error": {func(c *Context) error {
			return wantError(fs.ErrNotExist, c.Response.SendFile(file("none")))
		}, "", "404 <!doctype", ""},
	} {
		t.Run(name, func(t *testing.T) {
			onEachEngine(t, func(t *testing.T, app *microroute.App) {
				app.Get("/", test.handler)
				request := []string{"GET / HTTP/1.1", "Host: a", "Connection: close"}
				if test.fields != "" {
					request = append(request, test.fields)
				}
				got := parse(t, talk(t, serve(t, app), lines(request...)))
				status, body, _ := strings.Cut(test.want, " ")
				if !strings.HasPrefix(got.line, "HTTP/1.1 "+status+" ") || !strings.HasPrefix(got.body, body) || body == "" && got.body != "" ||
					!strings.HasPrefix(body, "<!") && got.body != body {
					t.Errorf("got %q with %q, want %q", got.line, got.body, test.want)
				}
				if name, value, ok := strings.Cut(test.field, ": "); ok && got.header.Get(name) != value {
					t.Errorf("got %s %q, want %q", name, got.header.Get(name), value)
				}
			})
		})
	}
}

// The validators that a file is sent with let a client ask whether it has changed.
func TestFileValidators(t *testing.T) {
	app := microroute.New(microroute.Config{Root: site(t, map[string]string{"a.txt": "text"})})
	client := microroutetest.New(t, app)
	first := client.Get("/a.txt")
	if first.Header.Get("Last-Modified") == "" {
		t.Errorf("got header %v, want Last-Modified", first.Header)
	}
	for request, response := range map[string]string{"If-None-Match": "ETag", "If-Modified-Since": "Last-Modified"} {
		value := first.Header.Get(response)
		if value == "" {
			continue
		}
		got := client.Do("GET", "/a.txt", "", "", request, value)
		if got.Status != 304 || got.Body != "" || got.Header.Get("ETag") != first.Header.Get("ETag") {
			t.Errorf("%s %s: got %d %q with %v, want 304 with ETag %q and no content",
				request, value, got.Status, got.Body, got.Header, first.Header.Get("ETag"))
		}
	}
}
