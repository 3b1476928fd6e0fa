package main

import (
	"fmt"
	"html"
	"time"

	"github.com/microroute/microroute"
)

// demo: json
type fruit struct {
	Name    string   `json:"name"`
	Price   float64  `json:"price"`
	Colours []string `json:"colours"`
}

// end

// answers adds what a handler answers by what it returns, and by the fields of its Response.
func answers(app *microroute.App) {
	// demo: hello
	app.Get("/hello", func(c *microroute.Context) string {
		return "<h1>Hello World!</h1>"
	})
	// end

	// demo: json
	app.Get("/fruit", func(c *microroute.Context) fruit {
		return fruit{"apple", 0.35, []string{"red", "green"}}
	})
	// end

	// demo: goods
	app.Get("/goods/<string:name>/<float:price>/<int:n>", func(
		c *microroute.Context, name string, price float64, n int) string {
		total := price * float64(n)
		name = html.EscapeString(name)
		return fmt.Sprintf("%d × %s = %.2f €", n, name, total)
	})
	// end

	// demo: status
	app.Get("/status/<int:n>", func(c *microroute.Context, n int) string {
		c.Response.Status = n
		c.Response.Reason = c.Request.Args.Get("reason")
		c.Response.MIMEType = "text/plain"
		c.Response.Header.Set("X-Tour", "any field you like")
		return "204 and 304 have no body, whatever is returned.\n"
	})
	// end

	// demo: middleware
	timed := func(next microroute.Handler) microroute.Handler {
		return func(c *microroute.Context) error {
			began := time.Now()
			c.Response.OnSend(func() {
				ms := time.Since(began).Seconds() * 1000
				timing := fmt.Sprintf("app;dur=%.3f", ms)
				c.Response.Header.Set("Server-Timing", timing)
			})
			return next(c)
		}
	}
	app.With(timed).Get("/timed", func(c *microroute.Context) string {
		return "How long did that take? Look at Server-Timing."
	})
	// end
}
