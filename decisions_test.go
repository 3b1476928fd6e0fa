package microroute_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/microroute/microroute"
)

// What Redirect, Abort and Close decide stays decided, whatever the handler does and returns afterwards.
func TestDecisions(t *testing.T) {
	for name, test := range map[string]struct {
		handler any
		line    string
		fields  string // some of the header
		body    string
	}{
		"redirect": {func(c *Context) error { return c.Response.Redirect("/b?c=d#e") },
			"HTTP/1.1 302 Found", "Location: /b?c=d#e", ""},
		"redirect for good": {func(c *Context) error { return c.Response.Redirect("http://b.test/", 301) },
			"HTTP/1.1 301 Moved Permanently", "Location: http://b.test/", ""},
		"redirect, encoded": {func(c *Context) error { return c.Response.Redirect("/é b%20c\r\nd") },
			"HTTP/1.1 302 Found", "Location: /%C3%A9%20b%20c%0D%0Ad", ""},
		"redirect, value": {func(c *Context) string { c.Response.Redirect("/b"); return "ignored" },
			"HTTP/1.1 302 Found", "Location: /b", ""},
		"redirect, Send": {func(c *Context) error {
			c.Response.Redirect("/b")
			return wantError(microroute.ErrDecided, c.Response.SendString("late"))
		}, "HTTP/1.1 302 Found", "Location: /b", ""},
		"redirect, SendHeader": {func(c *Context) error {
			c.Response.Redirect("/b")
			return wantError(microroute.ErrDecided, c.Response.SendHeader("late"))
		}, "HTTP/1.1 302 Found", "Location: /b", ""},
		"redirect, SendJSON": {func(c *Context) error {
			c.Response.Redirect("/b")
			return wantError(microroute.ErrDecided, c.Response.SendJSON("late"))
		}, "HTTP/1.1 302 Found", "Location: /b", ""},
		"redirect twice": {func(c *Context) error { return errors.Join(c.Response.Redirect("/b"), c.Response.Redirect("/c", 307)) },
			"HTTP/1.1 307 Temporary Redirect", "Location: /c", ""},
		"redirect after Content-Length": {func(c *Context) error {
			c.Response.Header.Set("Content-Length", "10")
			return c.Response.Redirect("/b")
		}, "HTTP/1.1 302 Found", "Content-Length: 0", ""},
		"redirect after Send": {func(c *Context) error {
			return errors.Join(c.Response.SendString("sent"), wantError(microroute.ErrHeaderSent, c.Response.Redirect("/b")))
		}, "HTTP/1.1 200 OK", "Location: ", "4\r\nsent\r\n0\r\n\r\n"},
		"redirect with a status that is none": {func(c *Context) string {
			if c.Response.Redirect("/b", 200) == nil {
				return "no error"
			}
			return fmt.Sprint(c.Response.Status, c.Response.Header.Has("Location"))
		}, "HTTP/1.1 200 OK", "Location: ", "200 false"},
		"redirect, abort": {func(c *Context) error { c.Response.Redirect("/b"); return c.Response.Abort(403, "no") },
			"HTTP/1.1 403 Forbidden", "Location: ", "no"},

		"abort": {func(c *Context) error { return c.Response.Abort(403, "no") }, "HTTP/1.1 403 Forbidden", "Connection: close", "no"},
		"abort with a page": {func(c *Context) error { return c.Response.Abort(404) },
			"HTTP/1.1 404 Not Found", "Connection: close", "own page of 404"},
		"abort with a reason": {func(c *Context) error { c.Response.Reason = "Go Away"; return c.Response.Abort(403, "no") },
			"HTTP/1.1 403 Go Away", "", "no"},
		"abort with a type": {func(c *Context) error { c.Response.MIMEType = "application/json"; return c.Response.Abort(403, "[]") },
			"HTTP/1.1 403 Forbidden", "Content-Type: application/json", "[]"},
		"abort, not returned": {func(c *Context) { c.Response.Abort(403, "no") }, "HTTP/1.1 403 Forbidden", "", "no"},
		"abort, value":        {func(c *Context) string { c.Response.Abort(403, "no"); return "ignored" }, "HTTP/1.1 403 Forbidden", "", "no"},
		"abort, returned wrapped": {func(c *Context) error { return fmt.Errorf("wrapped: %w", c.Response.Abort(403, "no")) },
			"HTTP/1.1 403 Forbidden", "", "no"},
		"abort, other error": {func(c *Context) error { c.Response.Abort(403, "no"); return io.EOF },
			"HTTP/1.1 403 Forbidden", "", "no"},
		"abort, panic": {func(c *Context) { c.Response.Abort(403, "no"); panic("late") }, "HTTP/1.1 403 Forbidden", "", "no"},
		"abort, Send": {func(c *Context) error {
			c.Response.Abort(403, "no")
			return wantError(microroute.ErrDecided, c.Response.SendString("late"))
		}, "HTTP/1.1 403 Forbidden", "", "no"},
		"abort twice": {func(c *Context) error { c.Response.Abort(403, "no"); return c.Response.Abort(500, "late") },
			"HTTP/1.1 403 Forbidden", "", "no"},
		"abort, redirect": {func(c *Context) error { c.Response.Abort(403, "no"); c.Response.Redirect("/b"); return nil },
			"HTTP/1.1 403 Forbidden", "Location: ", "no"},
		"abort after Content-Length": {func(c *Context) error {
			c.Response.Header.Set("Content-Length", "10")
			return c.Response.Abort(403, "no")
		}, "HTTP/1.1 403 Forbidden", "Content-Length: 2", "no"},

		"close after data": {func(c *Context) error { return errors.Join(c.Response.SendString("bye"), c.Response.Close()) },
			"HTTP/1.1 200 OK", "", "3\r\nbye\r\n0\r\n\r\n"},
		"close after the header": {func(c *Context) error { return errors.Join(c.Response.SendHeader(), c.Response.Close()) },
			"HTTP/1.1 200 OK", "", "0\r\n\r\n"},
		"close": {func(c *Context) error { return c.Response.Close() }, "", "", ""},
		"close twice, value": {func(c *Context) (string, error) {
			return "ignored", errors.Join(c.Response.Close(), c.Response.Close())
		}, "", "", ""},
		"close, Send":     {func(c *Context) error { c.Response.Close(); return wantGone(c.Response.SendString("late")) }, "", "", ""},
		"close, abort":    {func(c *Context) error { c.Response.Close(); return c.Response.Abort(500, "late") }, "", "", ""},
		"close, redirect": {func(c *Context) error { c.Response.Close(); c.Response.Redirect("/b"); return nil }, "", "", ""},
		"close, error":    {func(c *Context) error { c.Response.Close(); return io.EOF }, "", "", ""},
		"close, panic":    {func(c *Context) { c.Response.Close(); panic("late") }, "", "", ""},

		"raw": {func(c *Context) error { return writeRaw(c, "HTTP/1.1 299 Raw\r\n\r\nraw") }, "HTTP/1.1 299 Raw", "", "raw"},
		"raw, Send": {func(c *Context) error {
			return errors.Join(writeRaw(c, "HTTP/1.1 299 Raw\r\n\r\nraw"), wantGone(c.Response.SendString("late")))
		}, "HTTP/1.1 299 Raw", "", "raw"},
		"raw, redirect": {func(c *Context) error {
			defer c.Response.Redirect("/b")
			return writeRaw(c, "HTTP/1.1 299 Raw\r\n\r\nraw")
		}, "HTTP/1.1 299 Raw", "", "raw"},
		"raw, abort": {func(c *Context) error {
			return errors.Join(writeRaw(c, "HTTP/1.1 299 Raw\r\n\r\nraw"), c.Response.Abort(403, "late"))
		}, "HTTP/1.1 299 Raw", "", "raw"},
		"raw, panic": {func(c *Context) { writeRaw(c, "HTTP/1.1 299 Raw\r\n\r\nraw"); panic("late") }, "HTTP/1.1 299 Raw", "", "raw"},
		"Send, raw": {func(c *Context) error { return errors.Join(c.Response.SendString("sent"), writeRaw(c, "raw")) },
			"HTTP/1.1 200 OK", "", "4\r\nsent\r\nraw"},
		"client, redirect": {func(c *Context) error {
			_, err := c.Response.Client()
			return errors.Join(err, c.Response.Redirect("/b"))
		}, "HTTP/1.1 302 Found", "Location: /b", ""},
	} {
		t.Run(name, func(t *testing.T) {
			onEachEngine(t, func(t *testing.T, app *microroute.App) {
				app.ErrorPage(404, func(c *Context) string { return "own page of 404" })
				app.Get("/", test.handler)
				octets := talk(t, serve(t, app), lines("GET / HTTP/1.1", "Host: a.test", "Connection: close"))
				if test.line == "" {
					if octets != "" {
						t.Fatalf("got %q, want nothing", octets)
					}
					return
				}
				got := parse(t, octets)
				if got.line != test.line || got.body != test.body {
					t.Errorf("got %q with body %q, want %q with %q", got.line, got.body, test.line, test.body)
				}
				if name, value, ok := strings.Cut(test.fields, ": "); ok && got.header.Get(name) != value {
					t.Errorf("got %s %q, want %q", name, got.header.Get(name), value)
				}
			})
		})
	}
}

// wantError returns nil if err is the wanted one.
func wantError(want, err error) error {
	if errors.Is(err, want) {
		return nil
	}
	return fmt.Errorf("got error %v, want %v", err, want)
}

// wantGone returns nil if err is a TimeoutError.
func wantGone(err error) error {
	var timeout *microroute.TimeoutError
	if errors.As(err, &timeout) && timeout.Err != nil {
		return nil
	}
	return fmt.Errorf("got error %v, want a TimeoutError with a cause", err)
}

func TestCloseIsNetErrClosed(t *testing.T) {
	app := microroute.New()
	errs := make(chan error, 1)
	app.Get("/", func(c *Context) {
		c.Response.Close()
		errs <- c.Response.SendString("late")
	})
	talk(t, serve(t, app), lines("GET / HTTP/1.1", "Host: a.test"))
	if err := <-errs; !errors.Is(err, net.ErrClosed) {
		t.Errorf("Send after Close: got error %v, want one that is %v", err, net.ErrClosed)
	}
}

// The connection ends with the exchange once a handler has asked for the client, and not before the response.
func TestClientEndsTheConnection(t *testing.T) {
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		app.Get("/look", func(c *Context) (string, error) {
			one, err := c.Request.Client()
			other, err2 := c.Response.Client()
			return fmt.Sprint(one == other), errors.Join(err, err2)
		})
		app.Get("/other", func(c *Context) string { return "second response" })
		got := talk(t, serve(t, app), lines("GET /look HTTP/1.1", "Host: a.test")+lines("GET /other HTTP/1.1", "Host: a.test"))
		if !strings.HasSuffix(got, "\r\n\r\ntrue") || !strings.Contains(got, "Connection: close") {
			t.Errorf("got %q, want one response that says it is the last", got)
		}
	})
}

// What the framework had read ahead is what reading the client yields first.
func TestClientReadsWhatWasReadAhead(t *testing.T) {
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		app.Post("/", func(c *Context) (string, error) {
			conn, err := c.Response.Client()
			if err != nil {
				return "", err
			}
			text := make([]byte, len("body and more"))
			_, err = io.ReadFull(conn, text)
			return "read " + string(text), err
		})
		got := talk(t, serve(t, app), lines("POST / HTTP/1.1", "Host: a.test", "Content-Length: 4")+"body and more")
		if body := parse(t, got).body; body != "read body and more" {
			t.Errorf("got %q, want all octets behind the head, and the response", body)
		}
	})
}

// A hijacked connection belongs to who has it, also after the handler has returned.
func TestHijack(t *testing.T) {
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		taken := make(chan net.Conn, 1)
		app.Get("/", func(c *Context) (string, error) {
			conn, err := c.Response.Hijack()
			taken <- conn
			return "ignored", err
		})
		client := dial(t, serve(t, app))
		if _, err := io.WriteString(client, lines("GET / HTTP/1.1", "Host: a.test")+"ahead\n"); err != nil {
			t.Fatal(err)
		}
		conn := <-taken
		defer conn.Close()
		if line, err := bufio.NewReader(conn).ReadString('\n'); line != "ahead\n" {
			t.Fatalf("the handler's side got %q and error %v, want what was sent behind the request", line, err)
		}
		if _, err := io.WriteString(conn, "hello\n"); err != nil {
			t.Fatal(err)
		}
		if line, err := bufio.NewReader(client).ReadString('\n'); line != "hello\n" {
			t.Errorf("the client got %q and error %v, want only what was written by hand", line, err)
		}
	})
}
