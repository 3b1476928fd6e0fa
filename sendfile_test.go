package microroute_test

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/microroutetest"
)

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

// The names of an fs.FS are as it has them, and what is no name is no file.
func TestSendFileFS(t *testing.T) {
	files := tree(map[string]string{"dir/a.csv": "a,b", "dir/.hidden.txt": "shown", "ö.txt": "umlaut"})
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		app.Get("/<path:name>", func(c *Context, name string) error { return c.Response.SendFileFS(files, name) })
		app.Get("/embedded", func(c *Context) error { return c.Response.SendFileFS(embedded, "examples/guide/files/www/tea.css") })
		server := serve(t, app)
		tag := ask(t, server, "/embedded").header.Get("ETag")
		for _, test := range []wireCase{
			{"GET /dir/a.csv", "200 a,b", []string{"Content-Type: text/csv; charset=utf-8", "Last-Modified: Sat, 03 Feb 2001 04:05:06 GMT"}},
			{"GET /dir/a.csv\nRange: bytes=-1", "206 b", nil},
			{"GET /dir/.hidden.txt", "200 shown", nil},
			{"GET /%C3%B6.txt", "200 umlaut", nil},
			{"GET /dir", "404 <!doctype…", []string{"Location:"}},
			{"GET /dir/none", "404 <!doctype…", nil},
			{"GET /dir/../dir/a.csv", "404 <!doctype…", nil},
			{"GET //dir/a.csv", "404 <!doctype…", nil},
			{"GET /embedded\nIf-None-Match: " + tag, "304 ", []string{"ETag: " + tag, "Last-Modified:"}},
		} {
			test.check(t, server)
		}
	})
}

func TestAttachment(t *testing.T) {
	app := microroute.New()
	app.Get("/<name>", func(c *Context, name string) error {
		c.Response.Attachment(name)
		return c.Response.SendFileFS(embedded, "examples/guide/files/www/tea.css")
	})
	app.Get("/", func(c *Context) string { c.Response.Attachment(""); return "made" })
	app.Get("/fails", func(c *Context) error { c.Response.Attachment("a"); return &microroute.Error{Status: 500} })
	server := serve(t, app)
	for _, test := range []wireCase{
		{"GET /tea.css", "200 …", []string{`Content-Disposition: attachment; filename="tea.css"`}},
		{"GET /Gr%C3%B6%C3%9Fe.csv", "200 …", []string{`Content-Disposition: attachment; filename="Gr__e.csv"; filename*=UTF-8''Gr%C3%B6%C3%9Fe.csv`}},
		{"GET /a%22;b%0D%0AX-Evil:%201", "200 …", []string{`Content-Disposition: attachment; filename="a_;b__X-Evil: 1"; filename*=UTF-8''a%22%3Bb__X-Evil%3A%201`, "X-Evil:"}},
		{"GET /..%2F..%2Fetc", "200 …", []string{`Content-Disposition: attachment; filename=".._.._etc"`}},
		{"HEAD /tea.css", "200 ", []string{`Content-Disposition: attachment; filename="tea.css"`}},
		{"GET /tea.css\nRange: bytes=0-0", "206 …", []string{`Content-Disposition: attachment; filename="tea.css"`}},
		{"GET /", "200 made", []string{"Content-Disposition: attachment"}},
		{"GET /fails", "500 <!doctype…", []string{"Content-Disposition:"}},
	} {
		test.check(t, server)
	}
}

// What is decided first stays; a file that is not sent is let go of.
func TestSendFileComesTooLate(t *testing.T) {
	files := tree(map[string]string{"a.txt": "first", "b.txt": "second"})
	send := func(c *Context, name string) error { return c.Response.SendFileFS(files, name) }
	for name, test := range map[string]struct {
		handler func(c *Context) error
		want    string
	}{
		"twice": {func(c *Context) error {
			return errors.Join(send(c, "a.txt"), wantError(microroute.ErrDecided, send(c, "b.txt")))
		}, "200 first"},
		"twice behind the header": {func(c *Context) error {
			c.Response.Header.Set("Content-Length", "5")
			return errors.Join(c.Response.SendHeader(), send(c, "a.txt"), wantError(microroute.ErrDecided, send(c, "b.txt")))
		}, "200 first"},
		"then Send, behind the header": {func(c *Context) error {
			c.Response.Header.Set("Content-Length", "5")
			return errors.Join(c.Response.SendHeader(), send(c, "a.txt"), wantError(microroute.ErrDecided, c.Response.SendString("other")))
		}, "200 first"},
		"after Send": {func(c *Context) error {
			return errors.Join(c.Response.SendString("data"), wantError(microroute.ErrHeaderSent, send(c, "a.txt")))
		}, "200 4\r\ndata\r\n0\r\n\r\n"},
		"after Redirect": {func(c *Context) error {
			return errors.Join(c.Response.Redirect("/"), wantError(microroute.ErrDecided, send(c, "a.txt")))
		}, "302 "},
		"missing, then there": {func(c *Context) error {
			return errors.Join(wantError(fs.ErrNotExist, send(c, "none.txt")), wantError(microroute.ErrDecided, send(c, "a.txt")))
		}, "404 <!doctype…"},
		"then Redirect": {func(c *Context) error { return errors.Join(send(c, "a.txt"), c.Response.Redirect("/")) }, "302 "},
		"then Abort": {func(c *Context) error {
			err := send(c, "a.txt")
			c.Response.Abort(503, "closed")
			return err
		}, "503 closed"},
	} {
		t.Run(name, func(t *testing.T) {
			onEachEngine(t, func(t *testing.T, app *microroute.App) {
				app.Get("/", test.handler)
				wireCase{"GET /", test.want, nil}.check(t, serve(t, app))
			})
		})
	}
}

// The error pages of files are pages like others: what was prepared for the file does not go with them.
func TestErrorPagesOfFiles(t *testing.T) {
	files := tree(map[string]string{"a.csv": "a,b", "416.html": "file for 416"})
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		for _, status := range []int{404, 412} {
			app.ErrorPage(status, func(c *Context) string { return fmt.Sprint("page for ", c.Error().Status) })
		}
		app.ErrorPage(416, func(c *Context) error { return c.Response.SendFileFS(files, "416.html") })
		app.ErrorPage(500, func(c *Context) error { return c.Response.SendFileFS(files, "missing.html") })
		app.ErrorPage(503, func(c *Context) { c.Response.SendFileFS(files, "missing.html") })
		send := func(name string) func(*Context) error {
			return func(c *Context) error {
				c.Response.MIMEType, c.Response.Reason = "text/tea", "Brewed"
				c.Response.Header.Set("Content-Language", "en")
				c.Response.Header.Set("X-Kept", "yes")
				c.Response.Attachment("tea.csv")
				return c.Response.SendFileFS(files, name)
			}
		}
		app.Get("/a", send("a.csv"))
		app.Get("/none", send("none.csv"))
		app.Get("/ignored", func(c *Context) string { send("none.csv")(c); return "ignored" })
		app.Get("/failed", func(*Context) error { return &microroute.Error{Status: 500} })
		app.Get("/away", func(*Context) error { return &microroute.Error{Status: 503} })
		app.Static("/files", files)
		server := serve(t, app)
		page := []string{"Content-Type: text/html; charset=utf-8", "Content-Disposition:", "Content-Language:", "ETag:", "Last-Modified:"}
		for _, test := range []wireCase{
			{"GET /a", "200 a,b", []string{`Content-Disposition: attachment; filename="tea.csv"`, "Content-Type: text/tea; charset=utf-8", "Content-Language: en"}},
			{"GET /a\nRange: bytes=3-", "416 file for 416", append(page, "Content-Range: bytes */3", "X-Kept: yes")},
			{"GET /a\nIf-Match: \"b\"", "412 page for 412", append(page, "X-Kept: yes")},
			{"GET /a\nIf-Modified-Since: Sat, 03 Feb 2001 04:05:06 GMT", "304 ", []string{"X-Kept: yes", "Content-Type:", "Content-Disposition:", "Content-Language:"}},
			{"GET /none", "404 page for 404", append(page, "X-Kept: yes")},
			{"GET /ignored", "404 page for 404", append(page, "X-Kept: yes")},
			{"GET /files/none", "404 page for 404", page},
			{"GET /files/a.csv\nRange: bytes=3-", "416 file for 416", page},
			{"HEAD /files/a.csv\nIf-Match: \"b\"", "412 ", append(page, "Content-Length: 12")},
			{"GET /failed", "500 <!doctype html>\n<title>500 Internal Server Error…", page},
			{"GET /away", "503 <!doctype html>\n<title>503 Service Unavailable…", page},
		} {
			test.check(t, server)
		}
	})
}
