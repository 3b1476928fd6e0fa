package site

import (
	"errors"

	"github.com/microroute/microroute"
)

// addRedirects adds handlers that redirect, and go on where a real one would return: the contract says what comes of it.
func addRedirects(app *microroute.App) {
	redirect := func(rule, location string, code ...int) {
		app.Get(rule, func(c *Context) error { return c.Response.Redirect(location, code...) })
	}
	redirect("/redirect", "/hello", 302)
	redirect("/redirect301", "/hello", 301)
	redirect("/redirect-int", "/hello", 301)
	redirect("/redirect-307", "/hello", 307)
	redirect("/redirect-ext", "http://example.com/a?b=c&d=e")
	redirect("/redirect-unicode", "/é")
	redirect("/redirect-inject", "/x\r\nSet-Cookie: a=b")
	app.Get("/redirect-return", func(c *Context) string {
		c.Response.Redirect("/hello")
		return "ignored"
	})
	app.Get("/redirect-send", func(c *Context) {
		c.Response.Redirect("/hello")
		c.Response.SendString("late")
	})
}

// addCloses adds handlers that close the connection, and go on.
func addCloses(app *microroute.App) {
	app.Get("/close", func(c *Context) error { return c.Response.Close() })
	app.Get("/close-return", func(c *Context) string {
		c.Response.Close()
		return "ignored"
	})
	app.Get("/close-send", func(c *Context) {
		c.Response.Close()
		c.Response.SendString("late")
	})
	app.Get("/close-twice", func(c *Context) error { return errors.Join(c.Response.Close(), c.Response.Close()) })
	app.Get("/send-close", func(c *Context) error {
		return errors.Join(c.Response.SendString("bye"), c.Response.Close())
	})
}

// addAborts adds handlers that abort, and go on.
func addAborts(app *microroute.App) {
	abort := func(rule, reason string, status int, content ...string) {
		app.Get(rule, func(c *Context) error {
			c.Response.Reason = reason
			return c.Response.Abort(status, content...)
		})
	}
	abort("/abort", "", 500)
	abort("/abort404", "", 404)
	abort("/abort-int", "", 404)
	abort("/abort-content", "", 403, "<h1>no</h1>")
	abort("/abort-explane", "Go Away", 403, "no")
	abort("/abort-explane-only", "Nope", 403)
	abort("/abort-unknown", "", 499)
	abort("/abort-unicode", "", 403, "né")
	app.Get("/abort-return", func(c *Context) string {
		c.Response.Abort(403, "no")
		return "ignored"
	})
	app.Get("/abort-send", func(c *Context) {
		c.Response.Abort(403, "no")
		c.Response.SendString("late")
	})
	app.Get("/abort-mime", func(c *Context) error {
		c.Response.MIMEType = "application/json"
		return c.Response.Abort(403, `{"e":1}`)
	})
	app.Get("/send-abort", func(c *Context) error {
		return errors.Join(c.Response.SendString("partial"), c.Response.Abort(500, "oops"))
	})
	app.Get("/send-raise", func(c *Context) error {
		if err := c.Response.SendString("partial"); err != nil {
			return err
		}
		panic("raised")
	})
}
