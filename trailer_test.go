package microroute_test

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strings"
	"testing"

	"github.com/microroute/microroute"
)

// fieldsOf writes h as lines.
func fieldsOf(h *microroute.Header) string {
	var lines strings.Builder
	for name, value := range h.All() {
		lines.WriteString(name + ": " + value + "|")
	}
	return lines.String()
}

// Fields behind a body are there when it has been read to its end, however that happens.
func TestRequestTrailer(t *testing.T) {
	reads := map[string]func(c *Context) error{
		"/data": func(c *Context) error { _, err := c.Request.Data(); return err },
		"/body": func(c *Context) error { _, err := io.Copy(io.Discard, c.Request.Body()); return err },
		"/form": func(c *Context) error { _, err := c.Request.Form(); return err },
	}
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		for rule, read := range reads {
			app.Post(rule, func(c *Context) (string, error) {
				early := c.Request.Trailer().Len()
				err := read(c)
				detached := c.Detach()
				return fmt.Sprint(early, " ", fieldsOf(c.Request.Trailer()), " ", fieldsOf(detached.Request.Trailer())), err
			})
		}
		app.Post("/unread", func(c *Context) string { return fieldsOf(c.Request.Trailer()) })
		server := serve(t, app)
		for rule, want := range map[string]string{
			"/data": "0 X-Sum: 1| X-Sum: 1|", "/body": "0 X-Sum: 1| X-Sum: 1|", "/form": "0 X-Sum: 1| X-Sum: 1|", "/unread": "",
		} {
			head := lines("POST "+rule+" HTTP/1.1", "Host: a.test", "Connection: close", "Transfer-Encoding: chunked",
				"Content-Type: application/x-www-form-urlencoded")
			got := talk(t, server, head+"3\r\na=b\r\n0\r\nX-Sum: 1\r\nCookie: a=b\r\n\r\n")
			if body := parse(t, got).body; body != want {
				t.Errorf("%s: got %q, want %q", rule, body, want)
			}
		}
	})
}

// Every way to a body can be followed by fields, whose values are those at its end.
func TestResponseTrailer(t *testing.T) {
	handlers := map[string]any{
		"/string": func(c *Context) string {
			c.Response.Trailer.Set("X-Sum", "7")
			return "body"
		},
		"/reader": func(c *Context) io.Reader {
			c.Response.Trailer.Set("X-Sum", "7")
			return strings.NewReader("body") // its length is known
		},
		"/iterator": func(c *Context) iter.Seq[string] {
			c.Response.Trailer.Set("X-Sum", "")
			return func(yield func(string) bool) {
				yield("body")
				c.Response.Trailer.Set("X-Sum", "7")
			}
		},
		"/send": func(c *Context) error {
			c.Response.Trailer.Set("X-Sum", "")
			defer c.Response.Trailer.Set("X-Sum", "7")
			return c.Response.SendString("body")
		},
		"/header": func(c *Context) (string, error) {
			c.Response.Trailer.Set("X-Sum", "7")
			return "body", c.Response.SendHeader()
		},
		"/close": func(c *Context) error {
			c.Response.Trailer.Set("X-Sum", "7")
			return errors.Join(c.Response.SendString("body"), c.Response.Close())
		},
		"/length": func(c *Context) string { // of the handler's own
			c.Response.Header.Set("Content-Length", "4")
			c.Response.Trailer.Set("X-Sum", "7")
			return "body"
		},
	}
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		for rule, handler := range handlers {
			app.Get(rule, handler)
		}
		server := serve(t, app)
		for rule := range handlers {
			got := ask(t, server, rule)
			const want = "4\r\nbody\r\n0\r\nX-Sum: 7\r\n\r\n"
			if got.body != want || got.header.Get("Trailer") != "X-Sum" || got.header.Get("Content-Length") != "" {
				t.Errorf("%s: got %v and %q, want Trailer: X-Sum and %q", rule, got.header, got.body, want)
			}
			old := parse(t, talk(t, server, lines("GET "+rule+" HTTP/1.0")))
			if old.body != "body" || old.header.Get("Trailer") != "" {
				t.Errorf("%s in HTTP/1.0: got %v and %q, want the body alone", rule, old.header, old.body)
			}
		}
	})
}

// Without fields to announce, those that are set late follow a body in chunks all the same.
func TestLateResponseTrailer(t *testing.T) {
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		app.Get("/", func(c *Context) error {
			err := c.Response.SendString("body")
			c.Response.Trailer.Set("X-Sum", "7")
			return err
		})
		if got := ask(t, serve(t, app), "/"); got.body != "4\r\nbody\r\n0\r\nX-Sum: 7\r\n\r\n" || got.header.Get("Trailer") != "" {
			t.Errorf("got %v and %q, want X-Sum behind the body", got.header, got.body)
		}
	})
}

// A field that may not follow the body is a mistake in the program: it is logged and not sent.
func TestForbiddenTrailer(t *testing.T) {
	var log record
	app := microroute.New(microroute.Config{Logger: log.logger()})
	app.Get("/", func(c *Context) string {
		c.Response.Trailer.Set("Set-Cookie", "a=b")
		c.Response.Trailer.Set("X-Sum", "7\r\nX: 1")
		return "body"
	})
	got := ask(t, serve(t, app), "/")
	if want := "4\r\nbody\r\n0\r\nX-Sum: 7  X: 1\r\n\r\n"; got.body != want || got.header.Get("Trailer") != "X-Sum" {
		t.Errorf("got %v and %q, want Trailer: X-Sum and %q", got.header, got.body, want)
	}
	if text := log.String(); !strings.Contains(text, "level=ERROR") || !strings.Contains(text, "Set-Cookie") {
		t.Errorf("got the log %q, want an error about Set-Cookie", text)
	}
}

// What was to follow a body does not follow another one that takes its place.
func TestTrailerOfAnotherBody(t *testing.T) {
	handlers := map[string]any{
		"/error":    func(c *Context) error { return errors.New("failed") },
		"/abort":    func(c *Context) error { return c.Response.Abort(403, "no") },
		"/redirect": func(c *Context) error { return c.Response.Redirect("/") },
		"/panic":    func(c *Context) { panic("failed") },
	}
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		app.Use(func(next microroute.Handler) microroute.Handler {
			return func(c *Context) error {
				c.Response.Trailer.Set("X-Sum", "7")
				return next(c)
			}
		})
		for rule, handler := range handlers {
			app.Get(rule, handler)
		}
		server := serve(t, app)
		for rule := range handlers {
			if got := ask(t, server, rule); got.header.Get("Content-Length") == "" || got.header.Get("Trailer") != "" {
				t.Errorf("%s: got %v and %q, want no trailer", rule, got.header, got.body)
			}
		}
	})
}

// Nothing follows a body but what its own handler has set.
func TestTrailersStartClean(t *testing.T) {
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		app.Get("/set", func(c *Context) { c.Response.Trailer.Set("X-Sum", "7") })
		app.Get("/clean", func(c *Context) error { return c.Response.SendString("body") })
		server := serve(t, app)
		for range 20 { // some of them are served with the Context of another
			ask(t, server, "/set")
			if got := ask(t, server, "/clean"); got.body != "4\r\nbody\r\n0\r\n\r\n" || got.header.Get("Trailer") != "" {
				t.Fatalf("got %v and %q, want nothing of an earlier response", got.header, got.body)
			}
		}
	})
}

// net/http's client and ours understand each other.
func TestTrailersWithNetHTTP(t *testing.T) {
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		app.Post("/", func(c *Context) (string, error) {
			data, err := c.Request.Data()
			c.Response.Trailer.Set("X-Back", c.Request.Trailer().Get("X-Sum"))
			return string(data), err
		})
		request, err := http.NewRequest("POST", "http://"+serve(t, app).Addr().String(), io.MultiReader(strings.NewReader("body")))
		if err != nil {
			t.Fatal(err)
		}
		request.Trailer = http.Header{"X-Sum": {"7"}}
		transport := &http.Transport{}
		defer transport.CloseIdleConnections()
		response, err := transport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if string(body) != "body" || err != nil || response.Trailer.Get("X-Back") != "7" {
			t.Errorf("got %q, %v and %v behind it, want X-Back: 7", body, err, response.Trailer)
		}
	})
}
