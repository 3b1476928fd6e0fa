package microroute_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/microroutetest"
)

// site makes a directory with these files, all from longAgo; a name that ends with a slash is an empty directory.
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
		if err := os.Chtimes(path, longAgo, longAgo); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

var longAgo = time.Date(2001, time.February, 3, 4, 5, 6, 0, time.UTC)

// wireCase is a request and what has to come back for it.
type wireCase struct {
	request string   // its first line without the version, and its fields on lines of their own
	want    string   // status and content; the content may be cut off with "…", and only its beginning counts
	fields  []string // "Name: value" of the response, or "Name:" for one that it must not have
}

// check sends the request on a connection of its own.
func (w wireCase) check(t *testing.T, server *microroute.Server) {
	t.Helper()
	line, fields, _ := strings.Cut(w.request, "\n")
	request := []string{line + " HTTP/1.1", "Host: a.test", "Connection: close"}
	if fields != "" {
		request = append(request, strings.Split(fields, "\n")...)
	}
	got := parse(t, talk(t, server, lines(request...)))
	status, body, _ := strings.Cut(w.want, " ")
	start, isCut := strings.CutSuffix(body, "…")
	if !strings.HasPrefix(got.line, "HTTP/1.1 "+status+" ") || !isCut && got.body != body || !strings.HasPrefix(got.body, start) {
		t.Errorf("%q: got %q with %q, want %q", w.request, got.line, got.body, w.want)
	}
	for _, field := range w.fields {
		name, value, _ := strings.Cut(field, ":")
		if values := strings.Join(got.header.Values(name), " | "); values != strings.TrimSpace(value) {
			t.Errorf("%q: got %s %q, want %q", w.request, name, values, strings.TrimSpace(value))
		}
	}
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

// In development no answer with a file is reported as changed too late, and none fails.
func TestStaticInDevelopment(t *testing.T) {
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		log := &record{}
		config := app.Config()
		config.Root, config.Development, config.Logger = site(t, map[string]string{"a.txt": "text", "a.txt.gz": "gzip", "sub/index.html": ""}), true, log.logger()
		app = microroute.New(config)
		server := serve(t, app)
		for _, test := range []wireCase{
			{"GET /a.txt", "200 text", nil},
			{"GET /a.txt\nAccept-Encoding: gzip", "200 gzip", nil},
			{"HEAD /a.txt\nAccept-Encoding: gzip", "200 ", []string{"Content-Encoding: gzip", "Content-Length: 4"}},
			{"GET /a.txt\nRange: bytes=1-2", "206 ex", nil},
			{"GET /a.txt\nRange: bytes=9-", "416 <!doctype…", nil},
			{"GET /a.txt\nIf-Modified-Since: Sat, 03 Feb 2001 04:05:06 GMT", "304 ", nil},
			{"GET /sub", "301 ", nil},
			{"GET /none", "404 <!doctype…", nil},
		} {
			test.check(t, server)
		}
		if text := log.String(); strings.Contains(text, "level=WARN") || strings.Contains(text, "level=ERROR") {
			t.Errorf("got log %s", text)
		}
	})
}
