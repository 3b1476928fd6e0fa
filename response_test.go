package microroute_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/cookie"
	"github.com/microroute/microroute/microroutetest"
)

func TestEveryResponseStartsClean(t *testing.T) {
	dirty := map[string]any{
		"/fields": func(c *Context) string {
			c.Response.Status = 201
			c.Response.Reason = "Dirty"
			c.Response.MIMEType = "text/dirty"
			c.Response.Header.Set("X-Dirty", "1")
			c.Response.Header.Set("Content-Length", "3")
			c.Response.Header.Del("Server")
			c.Response.SetCookie(microroute.Cookie{Name: "dirty", Value: "1"})
			c.Response.OnSend(func() { c.Response.Header.Set("X-Late-Dirt", "1") })
			return "abc"
		},
		"/replaced": func(c *Context) {
			c.Response.Header = microroute.Header{}
			c.Response.Header.Set("X-Dirty", "1")
			c.Request, c.Session = &microroute.Request{}, nil
		},
		"/json":        func(*Context) []int { return []int{1} },
		"/sent":        func(c *Context) error { return c.Response.SendString("dirt") },
		"/redirected":  func(c *Context) error { return c.Response.Redirect("/dirt", 308) },
		"/error":       func(c *Context) error { return &microroute.Error{Status: 422, Detail: "dirt"} },
		"/panic":       func(c *Context) { panic("dirt") },
		"/aborted":     func(c *Context) error { return c.Response.Abort(403, "dirt") },
		"/closed":      func(c *Context) error { return c.Response.Close() },
		"/broken":      func(c *Context) error { return errors.Join(c.Response.SendString("dirt"), io.EOF) },
		"/raw":         func(c *Context) error { return writeRaw(c, "dirt") },
		"/nowhere":     nil,
		"/late":        func(c *Context) error { c.Response.SendHeader(); c.Response.Header.Set("X-Dirty", "1"); return nil },
		"/bad-hook":    func(c *Context) { c.Response.OnSend(func() { panic("dirt") }) },
		"/with/a/b/42": func(c *Context) string { return c.Var("x") },
	}
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		app.Get("/clean", func(c *Context) string {
			return fmt.Sprintf("%q %v %v", c.Var("x"), c.Error(), c.Session.Get("dirt"))
		})
		for rule, handler := range dirty {
			if handler != nil {
				app.Get(rule, handler)
			}
		}
		server := serve(t, app)
		clean := lines("GET /clean HTTP/1.1", "Host: a.test", "Connection: close")
		want := withoutDate(talk(t, server, clean))
		for target := range dirty {
			got := withoutDate(talk(t, server, lines("GET "+target+" HTTP/1.1", "Host: a.test")+clean))
			if strings.Contains(got, `"" <nil>`) { // the connection went on
				got = got[strings.LastIndex(got, "HTTP/1.1 "):]
			} else {
				got = withoutDate(talk(t, server, clean))
			}
			if got != want {
				t.Errorf("after %s: got %q, want %q", target, got, want)
			}
		}
	})
}

func writeRaw(c *Context, text string) error {
	conn, err := c.Response.Client()
	if err != nil {
		return err
	}
	_, err = io.WriteString(conn, text)
	return err
}

func TestLateChangesAreNotSent(t *testing.T) {
	var log record
	app := microroute.New(microroute.Config{Development: true, Logger: log.logger()})
	changes := map[string]func(r *microroute.Response){
		"/status": func(r *microroute.Response) { r.Status = 500 },
		"/type":   func(r *microroute.Response) { r.MIMEType = "text/late" },
		"/field":  func(r *microroute.Response) { r.Header.Add("X-Late", "1") },
		"/value":  func(r *microroute.Response) { r.Header.Set("X-Early", "late") },
	}
	for rule, change := range changes {
		app.Get(rule, func(c *Context) (string, error) {
			c.Response.Header.Set("X-Early", "1")
			err := c.Response.SendHeader()
			change(c.Response)
			return "body", err
		})
	}
	app.Get("/none", func(c *Context) (string, error) { return "body", c.Response.SendHeader() })
	client := microroutetest.New(t, app)

	for rule := range changes {
		got := client.Get(rule)
		if got.Status != 200 || got.Body != "body" || got.Header.Get("Content-Type") != "text/html; charset=utf-8" ||
			got.Header.Get("X-Late") != "" || got.Header.Get("X-Early") != "1" {
			t.Errorf("%s: got %+v, want what was set before SendHeader", rule, got)
		}
		if want := "changed after its header had been sent\" path=" + rule; !strings.Contains(log.String(), want) {
			t.Errorf("%s: the log does not say %q", rule, want)
		}
	}
	client.Get("/none")
	if strings.Contains(log.String(), "path=/none level=WARN") || strings.Contains(log.String(), "sent\" path=/none") {
		t.Errorf("a response that was not changed is reported: %s", log.String())
	}
}

func TestReturnValueIsTheBody(t *testing.T) {
	for name, test := range map[string]struct {
		before func(c *Context) error
		want   string // status and body
	}{
		"alone":              {func(c *Context) error { return nil }, "200 returned"},
		"with a status":      {func(c *Context) error { c.Response.Status = 404; return nil }, "404 returned"},
		"after SendHeader":   {func(c *Context) error { return c.Response.SendHeader() }, "200 returned"},
		"client looked at":   {func(c *Context) error { _, err := c.Response.Client(); return err }, "200 returned"},
		"not after content":  {func(c *Context) error { return c.Response.SendHeader("sent") }, "200 sent"},
		"not after Send":     {func(c *Context) error { return c.Response.SendString("sent") }, "200 sent"},
		"not after Write":    {func(c *Context) error { _, err := io.WriteString(c.Response, "sent"); return err }, "200 sent"},
		"not after SendJSON": {func(c *Context) error { return c.Response.SendJSON("sent") }, `200 "sent"`},
		"not after Redirect": {func(c *Context) error { return c.Response.Redirect("/") }, "302 "},
		"not after Abort":    {func(c *Context) error { c.Response.Abort(403, "no"); return nil }, "403 no"},
		"not after raw data": {func(c *Context) error { return writeRaw(c, "HTTP/1.1 299 Raw\r\n\r\nraw") }, "299 raw"},
	} {
		t.Run(name, func(t *testing.T) {
			onEachEngine(t, func(t *testing.T, app *microroute.App) {
				app.Get("/", func(c *Context) (string, error) { return "returned", test.before(c) })
				response, err := http.ReadResponse(newReader(
					talk(t, serve(t, app), lines("GET / HTTP/1.1", "Host: a.test", "Connection: close"))), nil)
				if err != nil {
					t.Fatal(err)
				}
				body, err := io.ReadAll(response.Body)
				if got := fmt.Sprint(response.StatusCode, " ", string(body)); err != nil || got != test.want {
					t.Errorf("got %q and error %v, want %q", got, err, test.want)
				}
			})
		})
	}
}

func TestNothingIsAnEmptyBody(t *testing.T) {
	app := microroute.New()
	app.Get("/nothing", func(c *Context) { c.Response.Status = 201 })
	app.Get("/nil", func(c *Context) error { c.Response.Status = 201; return nil })
	app.Get("/empty", func(c *Context) string { c.Response.Status = 201; return "" })
	app.Get("/bytes", func(c *Context) []byte { c.Response.Status = 201; return nil })
	app.Get("/reader", func(c *Context) io.Reader { c.Response.Status = 201; return nil })
	app.Get("/any", func(c *Context) any { c.Response.Status = 201; return nil })
	server := serve(t, app)

	for _, target := range []string{"/nothing", "/nil", "/empty", "/bytes", "/reader", "/any"} {
		got := ask(t, server, target)
		if got.line != "HTTP/1.1 201 Created" || got.header.Get("Content-Length") != "0" || got.body != "" {
			t.Errorf("%s: got %+v, want 201 with no content", target, got)
		}
	}
}

func TestNothingCanBeInjected(t *testing.T) {
	const evil = "a\r\nEvil: 1\r\n\r\nHTTP/1.1 200 OK\nEvil: 1\x00Evil: 1\rEvil: 1"
	app := microroute.New()
	app.StatusTexts[299] = evil
	app.Get("/name", func(c *Context) { c.Response.Header.Set(evil, "1") })
	app.Get("/value", func(c *Context) { c.Response.Header.Set("X-Value", evil) })
	app.Get("/reason", func(c *Context) { c.Response.Reason = evil })
	app.Get("/status-text", func(c *Context) { c.Response.Status = 299 })
	app.Get("/type", func(c *Context) { c.Response.MIMEType = evil })
	app.Get("/location", func(c *Context) error { return c.Response.Redirect("/" + evil) })
	app.Get("/abort", func(c *Context) error { c.Response.Reason = evil; return c.Response.Abort(403, "no") })
	app.Get("/cookie", func(c *Context) string {
		err := c.Response.SetCookie(microroute.Cookie{Name: "a", Value: evil})
		return fmt.Sprint(errors.Is(err, cookie.ErrValue))
	})
	server := serve(t, app)

	for _, target := range []string{"/name", "/value", "/reason", "/status-text", "/type", "/location", "/abort", "/cookie"} {
		octets := talk(t, server, lines("GET "+target+" HTTP/1.1", "Host: a.test", "Connection: close"))
		got := parse(t, octets)
		head, _, _ := strings.Cut(octets, "\r\n\r\n")
		if got.header.Get("Evil") != "" || strings.Contains(octets, "HTTP/1.1 200 OK\n") || strings.ContainsAny(got.line, "\r\n\x00") ||
			strings.Contains(head, "\x00") || strings.Count(head, "\n") != strings.Count(head, "\r\n") {
			t.Errorf("%s: got %q, want no line of the value's own", target, octets)
		}
	}
	if got := ask(t, server, "/cookie"); got.body != "true" || got.header.Get("Set-Cookie") != "" {
		t.Errorf("/cookie: got %+v, want an error and no cookie", got)
	}
}

func TestStatusThatCannotBe(t *testing.T) {
	var log record
	app := microroute.New(microroute.Config{Logger: log.logger()})
	app.Get("/<int:status>", func(c *Context, status int) string {
		c.Response.Status = status
		return "body"
	})
	server := serve(t, app)

	for target, want := range map[string]string{
		"/200": "HTTP/1.1 200 OK", "/299": "HTTP/1.1 299 ", "/999": "HTTP/1.1 999 ",
		"/0": "HTTP/1.1 500 Internal Server Error", "/42": "HTTP/1.1 500 Internal Server Error",
		"/100": "HTTP/1.1 500 Internal Server Error", "/1000": "HTTP/1.1 500 Internal Server Error",
	} {
		if got := ask(t, server, target); got.line != want {
			t.Errorf("%s: got %q, want %q", target, got.line, want)
		}
		if bad := strings.Contains(want, "500"); bad != strings.Contains(log.String(), "path="+target) {
			t.Errorf("%s: logged: %t, want %t", target, !bad, bad)
		}
	}
}

func TestTypeOfTheBody(t *testing.T) {
	app := microroute.New()
	types := map[string]func(r *microroute.Response){
		"text/html; charset=utf-8":  func(*microroute.Response) {},
		"text/plain; charset=utf-8": func(r *microroute.Response) { r.MIMEType = "text/plain" },
		"text/x; charset=latin1":    func(r *microroute.Response) { r.MIMEType = "text/x; charset=latin1" },
		"image/png":                 func(r *microroute.Response) { r.MIMEType = "image/png" },
		"text/css":                  func(r *microroute.Response) { r.MIMEType = "a/b"; r.Header.Set("content-type", "text/css") },
	}
	want := map[string]string{}
	for mimeType, set := range types {
		rule := fmt.Sprint("/", len(want))
		want[rule] = mimeType
		app.Get(rule, func(c *Context) string { set(c.Response); return "body" })
	}
	client := microroutetest.New(t, app)
	for rule, mimeType := range want {
		if got := client.Get(rule).Header["Content-Type"]; len(got) != 1 || got[0] != mimeType {
			t.Errorf("got Content-Type %q, want %q", got, mimeType)
		}
	}
}

func TestSetCookie(t *testing.T) {
	app := microroute.New()
	app.Get("/", func(c *Context) error {
		bad := c.Response.SetCookie(microroute.Cookie{Name: "bad name", Value: "1"})
		if !errors.Is(bad, cookie.ErrName) {
			t.Errorf("got error %v, want %v", bad, cookie.ErrName)
		}
		return errors.Join(c.Response.SetCookie(microroute.Cookie{Name: "a", Value: "1"}),
			c.Response.SetCookie(microroute.Cookie{Name: "b", Value: "2"}))
	})
	got := microroutetest.New(t, app).Get("/").Header.Values("Set-Cookie")
	if strings.Join(got, "; ") != "a=1; b=2" {
		t.Errorf("got cookies %q, want a=1 and b=2, each in a field of its own", got)
	}
}

func TestAppsShareNoTables(t *testing.T) {
	one, other := microroute.New(), microroute.New()
	one.StatusTexts[200] = "Dandy"
	one.MIMETypes["svg"] = "image/own"
	one.DefaultPages[0] = "own.html"
	for _, app := range []*microroute.App{one, other} {
		app.Get("/", func(c *Context) string {
			c.Response.MIMEType = c.App().MIMETypes["svg"]
			return c.App().DefaultPages[0]
		})
	}
	for _, test := range []struct {
		app                  *microroute.App
		line, mimeType, page string
	}{
		{one, "HTTP/1.1 200 Dandy", "image/own", "own.html"},
		{other, "HTTP/1.1 200 OK", "image/svg+xml", "index.html"},
	} {
		got := ask(t, serve(t, test.app), "/")
		if got.line != test.line || got.header.Get("Content-Type") != test.mimeType || got.body != test.page {
			t.Errorf("got %+v, want %q, %q and %q", got, test.line, test.mimeType, test.page)
		}
	}
}
