package microroute_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/microroutetest"
)

func TestOnSend(t *testing.T) {
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		app.Use(func(next microroute.Handler) microroute.Handler {
			return func(c *Context) error {
				for _, n := range []string{"1", "2"} {
					c.Response.OnSend(func() {
						if c.Response.Sent() {
							t.Errorf("%s: the header has been sent when the function is called", c.Request.Path())
						}
						c.Response.Header.Add("X-Order", n)
						c.Response.OnSend(func() { c.Response.Header.Add("X-Order", "from "+n) })
					})
				}
				return next(c)
			}
		})
		handlers := map[string]any{
			"/value":  func(*Context) string { return "body" },
			"/send":   func(c *Context) error { return errors.Join(c.Response.SendString("a"), c.Response.SendString("b")) },
			"/header": func(c *Context) (string, error) { return "body", c.Response.SendHeader() },
			"/json":   func(c *Context) error { return c.Response.SendJSON(1) },
			"/file":   func(c *Context) error { return c.Response.SendFile("go.mod") },
			"/away":   func(c *Context) error { return c.Response.Redirect("/") },
			"/error":  func(c *Context) error { return errors.New("failed") },
			"/panic":  func(c *Context) error { panic("failed") },
			"/abort":  func(c *Context) error { return c.Response.Abort(403) },
		}
		for rule, handler := range handlers {
			app.Get(rule, handler)
		}
		handlers["/nowhere"] = nil
		server := serve(t, app)
		for target := range handlers {
			got := strings.Join(ask(t, server, target).header.Values("X-Order"), ", ")
			if got != "1, 2, from 1, from 2" {
				t.Errorf("%s: the functions were called in the order %q, want each once, in order", target, got)
			}
		}
	})
}

func TestOnSendChangesTheResponse(t *testing.T) {
	app := microroute.New()
	app.Get("/status", func(c *Context) string {
		c.Response.OnSend(func() { c.Response.Status, c.Response.MIMEType = 203, "text/plain" })
		return "body"
	})
	app.Get("/not-modified", func(c *Context) string {
		c.Response.OnSend(func() { c.Response.Status = 304 })
		return "body"
	})
	app.Get("/panic", func(c *Context) string {
		c.Response.OnSend(func() { panic("hook") })
		return "body"
	})
	client := microroutetest.New(t, app)
	if got := client.Get("/status"); got.Status != 203 || got.Header.Get("Content-Type") != "text/plain; charset=utf-8" || got.Body != "body" {
		t.Errorf("/status: got %+v, want what the function has set", got)
	}
	if got := client.Get("/not-modified"); got.Status != 304 || got.Body != "" {
		t.Errorf("/not-modified: got %+v, want 304 without content", got)
	}
	if got := client.Get("/panic"); got.Status != 500 {
		t.Errorf("/panic: got %+v, want 500", got)
	}
}
