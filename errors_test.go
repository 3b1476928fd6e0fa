package microroute_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/microroutetest"
)

func TestErrorText(t *testing.T) {
	for want, err := range map[string]*microroute.Error{
		"404 Not Found":                     {Status: 404},
		"404 Not Found: no tea":             {Status: 404, Detail: "no tea"},
		"404 Not Found: no tea: EOF":        {Status: 404, Detail: "no tea", Err: io.EOF},
		"404 Not Found: EOF":                {Status: 404, Err: io.EOF},
		"499":                               {Status: 499},
		"500 Internal Server Error: <html>": {Status: 500, Detail: "<html>"},
	} {
		if got := err.Error(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if got := errors.Is(err, io.EOF); got != (err.Err == io.EOF) {
			t.Errorf("%s: errors.Is(io.EOF) is %t", want, got)
		}
	}
}

func TestErrorDocument(t *testing.T) {
	app := microroute.New()
	app.Get("/", func(*Context) error {
		return fmt.Errorf("outer: %w", &microroute.Error{Status: 409, Detail: `<b>"tea"</b>`, Err: errors.New("secret")})
	})
	client := microroutetest.New(t, app)
	const page, problem = "text/html; charset=utf-8", "application/problem+json"
	for accept, want := range map[string]string{
		"":          page,
		"*/*":       page,
		"text/html": page,
		"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": page,
		"application/json":                  problem,
		"application/problem+json":          problem,
		"application/*":                     problem,
		"application/json, text/html;q=0.5": problem,
		"application/json;q=0.5, text/html": page,
		"text/html;q=0, */*":                problem,
	} {
		var fields []string
		if accept != "" {
			fields = []string{"Accept", accept}
		}
		got := client.Do("GET", "/", "", "", fields...)
		if got.Status != 409 || got.Header.Get("Content-Type") != want || got.Header.Get("Vary") != "Accept" {
			t.Errorf("Accept %q: got %d %s, Vary %q, want 409 %s, Vary Accept", accept, got.Status,
				got.Header.Get("Content-Type"), got.Header.Get("Vary"), want)
		}
		if strings.Contains(got.Body, "secret") || strings.Contains(got.Body, "outer") {
			t.Errorf("Accept %q: the client sees the cause: %q", accept, got.Body)
		}
		if want == page {
			if wantBody := "<!doctype html>\n<title>409 Conflict</title>\n<h1>409 Conflict</h1>\n" +
				"<p>&lt;b&gt;&#34;tea&#34;&lt;/b&gt;</p>\n"; got.Body != wantBody {
				t.Errorf("Accept %q: got %q, want %q", accept, got.Body, wantBody)
			}
			continue
		}
		var document map[string]any
		if err := json.Unmarshal([]byte(got.Body), &document); err != nil {
			t.Fatal(err)
		}
		if document["title"] != "Conflict" || document["status"] != 409.0 || document["detail"] != `<b>"tea"</b>` || len(document) != 3 {
			t.Errorf("Accept %q: got %v, want title, status and detail (RFC 9457 section 3.1)", accept, document)
		}
	}
}

// What an error replaces is gone: the body, and the fields that described it. What others have set stays.
func TestErrorReplacesTheResponse(t *testing.T) {
	app := microroute.New()
	app.Get("/", func(c *Context) (string, error) {
		c.Response.Status, c.Response.Reason, c.Response.MIMEType = 203, "Mine", "text/mine"
		for _, name := range []string{"Content-Type", "Content-Length", "Content-Encoding", "Content-Range", "ETag", "Last-Modified", "Location"} {
			c.Response.Header.Set(name, "1")
		}
		c.Response.Header.Set("X-Request-ID", "1")
		c.Response.SetCookie(microroute.Cookie{Name: "a", Value: "1"})
		return "body", errors.New("failed")
	})
	got := ask(t, serve(t, app), "/")
	if got.line != "HTTP/1.1 500 Internal Server Error" || !strings.HasPrefix(got.body, "<!doctype html>") {
		t.Errorf("got %q with %q, want the page of a 500", got.line, got.body)
	}
	if got.header.Get("Content-Type") != "text/html; charset=utf-8" || got.header.Get("Content-Length") != fmt.Sprint(len(got.body)) {
		t.Errorf("got header %v, want the page's type and length", got.header)
	}
	for _, name := range []string{"Content-Encoding", "Content-Range", "ETag", "Last-Modified", "Location"} {
		if got.header.Get(name) != "" {
			t.Errorf("got %s %q, want none", name, got.header.Get(name))
		}
	}
	if got.header.Get("X-Request-Id") != "1" || got.header.Get("Set-Cookie") != "a=1" {
		t.Errorf("got header %v, want X-Request-ID and the cookie in it", got.header)
	}
}

func TestErrorWithoutAnErrorStatus(t *testing.T) {
	app := microroute.New()
	app.Get("/<int:status>", func(_ *Context, status int) error { return &microroute.Error{Status: status} })
	client := microroutetest.New(t, app)
	for target, want := range map[string]int{"/0": 500, "/200": 500, "/302": 500, "/399": 500, "/400": 400, "/599": 599, "/600": 500} {
		if got := client.Get(target); got.Status != want {
			t.Errorf("%s: got %d, want %d", target, got.Status, want)
		}
	}
}

func TestWhoSeesTheCause(t *testing.T) {
	for _, development := range []bool{false, true} {
		t.Run(fmt.Sprintf("development=%t", development), func(t *testing.T) {
			var log record
			app := microroute.New(microroute.Config{Development: development, Logger: log.logger()})
			app.Get("/error", func(*Context) error { return errors.New("cause of error") })
			app.Get("/Error", func(*Context) error { return &microroute.Error{Status: 502, Err: errors.New("cause of Error")} })
			app.Get("/panic", func(*Context) error { panic("cause of panic") })
			app.Get("/json", func(*Context) any { return func() {} })
			client := microroutetest.New(t, app)
			for target, cause := range map[string]string{"/error": "cause of error", "/Error": "cause of Error", "/panic": "cause of panic"} {
				for _, accept := range []string{"text/html", "application/json"} {
					got := client.Do("GET", target, "", "", "Accept", accept)
					if strings.Contains(got.Body, cause) != development {
						t.Errorf("%s %s: the client got %q, want the cause in it: %t", target, accept, got.Body, development)
					}
					if strings.Contains(got.Body, "goroutine") {
						t.Errorf("%s %s: the client got a stack: %q", target, accept, got.Body)
					}
				}
				if !strings.Contains(log.String(), cause) {
					t.Errorf("%s: the log does not have %q", target, cause)
				}
			}
		})
	}
}

func TestLevelsOfErrors(t *testing.T) {
	app := func(log *record) *microroute.App {
		app := microroute.New(microroute.Config{Logger: log.logger()})
		app.Get("/<int:status>", func(_ *Context, status int) error { return &microroute.Error{Status: status} })
		app.Get("/plain", func(*Context) error { return errors.New("failed") })
		app.Get("/panic", func(*Context) { panic("failed") })
		return app
	}
	for target, want := range map[string]string{
		"/404":   `level=DEBUG msg="request failed" method=GET path=/404 error="404 Not Found"`,
		"/503":   `level=ERROR msg="request failed" method=GET path=/503 error="503 Service Unavailable"`,
		"/plain": `level=ERROR msg="request failed" method=GET path=/plain error=failed`,
		"/panic": `level=ERROR+4 msg="handler crashed" method=GET path=/panic error=failed stack=`,
	} {
		var log record
		ask(t, serve(t, app(&log)), target)
		if !strings.Contains(log.String(), want) {
			t.Errorf("%s: got log %q, want %q in it", target, log.String(), want)
		}
	}
}

func TestErrorPages(t *testing.T) {
	app := microroute.New()
	app.ErrorPage(404, func(c *Context) string { return fmt.Sprint("page: ", c.Error(), ", ", c.Response.Status) })
	app.ErrorPage(409, func(c *Context) map[string]string { return map[string]string{"detail": c.Error().Detail} })
	app.ErrorPage(410, func(c *Context) error { return c.Response.SendString("sent") })
	app.ErrorPage(402, func(c *Context) error { c.Response.Status = 200; return c.Response.Redirect("/pay") })
	app.Get("/error", func(*Context) error { return &microroute.Error{Status: 404, Detail: "detail"} })
	app.Get("/abort", func(c *Context) error { return c.Response.Abort(404) })
	app.Get("/abort-content", func(c *Context) error { return c.Response.Abort(404, "own") })
	app.Get("/status", func(c *Context) string { c.Response.Status = 404; return "body" })
	app.Get("/json", func(*Context) error { return &microroute.Error{Status: 409, Detail: "taken"} })
	app.Get("/sent", func(*Context) error { return &microroute.Error{Status: 410} })
	app.Get("/redirected", func(*Context) error { return &microroute.Error{Status: 402} })
	client := microroutetest.New(t, app)
	for target, want := range map[string]string{
		"/nowhere":       "404 page: 404 Not Found, 404",
		"/error":         "404 page: 404 Not Found: detail, 404",
		"/abort":         "404 page: 404 Not Found, 404",
		"/abort-content": "404 own",
		"/status":        "404 body",
		"/json":          `409 {"detail":"taken"}`,
		"/sent":          "410 sent",
		"/redirected":    "302 ",
	} {
		response := client.Get(target)
		if got := fmt.Sprint(response.Status, " ", response.Body); got != want {
			t.Errorf("%s: got %q, want %q", target, got, want)
		}
	}
}

// An OnError that knows more than the App changes the error and leaves the rest to DefaultOnError.
func TestOnErrorMayMapErrors(t *testing.T) {
	app := microroute.New()
	app.ErrorPage(404, func(c *Context) string { return "no tea: " + c.Error().Detail })
	app.OnError(func(c *Context, err error) {
		if errors.Is(err, io.EOF) {
			err = &microroute.Error{Status: 404, Detail: "mapped", Err: err}
		}
		microroute.DefaultOnError(c, err)
	})
	app.Get("/", func(*Context) error { return io.EOF })
	if got := microroutetest.New(t, app).Get("/"); got.Status != 404 || got.Body != "no tea: mapped" {
		t.Errorf("got %+v, want the page of the new error", got)
	}
}
