package microroute_test

import (
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/microroute/microroute"
)

func TestHeaderIsSentOnce(t *testing.T) {
	handlers := map[string]func(c *Context) error{
		"/twice": func(c *Context) error { return errors.Join(c.Response.SendHeader("a"), c.Response.SendHeader("b")) },
		"/sends": func(c *Context) error {
			return errors.Join(c.Response.SendHeader(), c.Response.SendString("a"), c.Response.SendHeader())
		},
		"/data-first": func(c *Context) error { return errors.Join(c.Response.SendString("a"), c.Response.SendHeader("b")) },
	}
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		for rule, handler := range handlers {
			app.Get(rule, handler)
		}
		server := serve(t, app)
		for rule := range handlers {
			got := talk(t, server, lines("GET "+rule+" HTTP/1.1", "Host: a.test", "Connection: close"))
			if n := strings.Count(got, "HTTP/1.1"); n != 1 {
				t.Errorf("%s: %d status lines in %q, want one", rule, n, got)
			}
			if body := parse(t, got).body; body != "1\r\na\r\n0\r\n\r\n" {
				t.Errorf("%s: got body %q, want the first data only", rule, body)
			}
		}
	})
}

// A response that fails after its header has gone out must look broken: no end of its content, no second status line.
func TestFailureAfterDataBreaksTheBody(t *testing.T) {
	failures := map[string]func(c *Context) error{
		"/error":  func(c *Context) error { return errors.New("failed") },
		"/Error":  func(c *Context) error { return &microroute.Error{Status: 404} },
		"/panic":  func(c *Context) error { panic("failed") },
		"/abort":  func(c *Context) error { return c.Response.Abort(403, "page") },
		"/abort2": func(c *Context) error { c.Response.Abort(403); return nil },
		"/goexit": func(c *Context) error { runtime.Goexit(); return nil },
	}
	begins := map[string]func(c *Context) error{
		"/data":   func(c *Context) error { return c.Response.SendString("partial") },
		"/header": func(c *Context) error { return c.Response.SendHeader() },
		"/length": func(c *Context) error {
			c.Response.Header.Set("Content-Length", "10")
			return c.Response.SendString("partial")
		},
	}
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		app.ErrorPage(404, func(*Context) string { return "page" })
		for begin, send := range begins {
			for failure, fail := range failures {
				app.Get(begin+failure, func(c *Context) error { return errors.Join(send(c), fail(c)) })
			}
		}
		server := serve(t, app)
		for begin := range begins {
			for failure := range failures {
				target := begin + failure
				for _, version := range []string{"HTTP/1.1", "HTTP/1.0"} {
					got := talk(t, server, lines("GET "+target+" "+version, "Host: a.test"))
					if !isBroken(got) {
						t.Errorf("%s %s: got %q, want a response that has no end", target, version, got)
					}
					if strings.Count(got, "HTTP/1.1") > 1 || strings.Contains(got, "page") {
						t.Errorf("%s %s: got %q, want nothing behind what was sent", target, version, got)
					}
				}
			}
		}
	})
}

// isBroken reports whether a client can tell that a response has not come to its end.
func isBroken(octets string) bool {
	if strings.HasSuffix(octets, "[reset]") {
		return true
	}
	response, err := http.ReadResponse(newReader(octets), nil)
	if err != nil {
		return true
	}
	_, err = io.ReadAll(response.Body)
	return err != nil
}

func TestFraming(t *testing.T) {
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		app.Get("/whole", func(*Context) string { return "größe" })
		app.Get("/stream", func(c *Context) error {
			return errors.Join(c.Response.SendString("one"), c.Response.SendString(""), c.Response.SendString("two"))
		})
		app.Get("/declared", func(c *Context) error {
			c.Response.Header.Set("Content-Length", "6")
			return errors.Join(c.Response.SendString("one"), c.Response.SendString("two"))
		})
		app.Get("/204", func(c *Context) string { c.Response.Status = 204; return "none" })
		app.Get("/304", func(c *Context) string { c.Response.Status = 304; return "none" })
		server := serve(t, app)

		for _, test := range []struct {
			request          string
			length, transfer string
			body             string
		}{
			{"GET /whole HTTP/1.1", "7", "", "größe"}, // counted in octets
			{"GET /whole HTTP/1.0", "7", "", "größe"},
			{"HEAD /whole HTTP/1.1", "7", "", ""},
			{"GET /stream HTTP/1.1", "", "chunked", "3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n"},
			{"GET /stream HTTP/1.0", "", "", "onetwo"},
			{"HEAD /stream HTTP/1.1", "", "", ""},
			{"GET /declared HTTP/1.1", "6", "", "onetwo"},
			{"GET /declared HTTP/1.0", "6", "", "onetwo"},
			{"HEAD /declared HTTP/1.1", "6", "", ""},
			{"GET /204 HTTP/1.1", "", "", ""},
			{"GET /304 HTTP/1.1", "", "", ""},
			{"HEAD /204 HTTP/1.1", "", "", ""},
		} {
			got := parse(t, talk(t, server, lines(test.request, "Host: a.test", "Connection: close")))
			if got.header.Get("Content-Length") != test.length || got.header.Get("Transfer-Encoding") != test.transfer ||
				got.body != test.body {
				t.Errorf("%s: got %+v, want Content-Length %q, Transfer-Encoding %q and %q",
					test.request, got, test.length, test.transfer, test.body)
			}
		}
	})
}

func TestContentLengthIsHeld(t *testing.T) {
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		errs := make(chan error, 1)
		for rule, pieces := range map[string][]string{"/more": {"abc", "defg"}, "/less": {"abc"}, "/exact": {"abc", "def"}} {
			app.Get(rule, func(c *Context) (err error) {
				c.Response.Header.Set("Content-Length", "6")
				for _, piece := range pieces {
					err = errors.Join(err, c.Response.SendString(piece))
				}
				errs <- err
				return nil
			})
		}
		app.Get("/returned", func(c *Context) string { c.Response.Header.Set("Content-Length", "6"); errs <- nil; return "abcdefg" })
		app.Get("/no-number", func(c *Context) string { c.Response.Header.Set("Content-Length", "x"); errs <- nil; return "abc" })
		server := serve(t, app)

		for _, test := range []struct {
			target  string
			wantErr error
			broken  bool
		}{
			{"/more", microroute.ErrContentLength, true},
			{"/less", nil, true},
			{"/exact", nil, false},
			{"/returned", nil, true},
			{"/no-number", nil, false},
		} {
			got := talk(t, server, lines("GET "+test.target+" HTTP/1.1", "Host: a.test", "Connection: close"))
			if err := <-errs; !errors.Is(err, test.wantErr) {
				t.Errorf("%s: got error %v, want %v", test.target, err, test.wantErr)
			}
			if isBroken(got) != test.broken || strings.Contains(got, "g") && strings.HasSuffix(got, "g") {
				t.Errorf("%s: got %q, want it broken: %t, and nothing beyond Content-Length", test.target, got, test.broken)
			}
		}
	})
}
