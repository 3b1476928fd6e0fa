package site

import "github.com/microroute/microroute"

// addReturns adds handlers whose return value is the body.
func addReturns(app *microroute.App) {
	app.Get("/hello", func(*Context) string { return "<h1>Hello</h1>" })
	app.Get("/bytes", func(*Context) []byte { return []byte{0x00, 0x01, 0xfe, 0xff} })
	app.Get("/unicode", func(*Context) string { return "héllo 世界" })
	app.Get("/empty", func(*Context) string { return "" })
	app.Get("/none", func(*Context) {})
	app.Get("/quick/docstring", func(*Context) {})
	app.Get("/int", func(*Context) int { return 42 })
	app.Get("/dict", func(*Context) map[string]int { return map[string]int{"a": 1} })
	app.Get("/list", func(*Context) []string { return []string{"a", "b"} })
	app.Get("/raise", func(*Context) { panic("raised") })
}

// addFields adds handlers that change the response's fields.
func addFields(app *microroute.App) {
	set := func(rule, name, value string) {
		app.Get(rule, func(c *Context) string {
			c.Response.Header.Set(name, value)
			return "x"
		})
	}
	set("/hdr", "X-Test", "1")
	set("/hdr-override", "Server", "mine")
	set("/hdr-ct", "Content-Type", "text/plain")
	set("/hdr-int", "X-N", "5")
	set("/hdr-inject", "X-I", "a\r\nSet-Cookie: x=1")
	app.Get("/hdr-replace", func(c *Context) string {
		c.Response.Header.Clear()
		c.Response.Header.Set("X-Only", "y")
		return "x"
	})
	app.Get("/hdr-del", func(c *Context) string {
		c.Response.Header.Del("Server")
		return "x"
	})
	app.Get("/mime", func(c *Context) string {
		c.Response.MIMEType = "application/json"
		return `{"a":1}`
	})
	app.Get("/mime-map", func(c *Context) string {
		c.Response.MIMEType = app.MIMETypes["svg"]
		return "<svg/>"
	})
}

// addStatus adds handlers that set the status and leave the rest to the framework.
func addStatus(app *microroute.App) {
	status := func(rule string, code int, body string) {
		app.Get(rule, func(c *Context) string {
			c.Response.Status = code
			return body
		})
	}
	status("/status", 201, "made")
	status("/status-int", 201, "made")
	status("/status-unknown", 418, "teapot")
	bare := func(rule string, code int) {
		app.Get(rule, func(c *Context) error {
			c.Response.Status = code
			return c.Response.SendHeader()
		})
	}
	bare("/status-304", 304)
	bare("/status-204", 204)
}
