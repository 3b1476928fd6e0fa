package main

import (
	"fmt"
	"io"
	"maps"
	"strings"

	"github.com/microroute/microroute"
)

// demo: order
type order struct {
	Fruit string
	Count int
}

// end

// requests adds what can be read of a request.
func requests(app *microroute.App) {
	// demo: request
	app.Get("/mirror", func(c *microroute.Context) string {
		c.Response.MIMEType = "text/plain"
		r, b := c.Request, new(strings.Builder)
		fmt.Fprintln(b, r.Method, r.Path(), r.Proto, "from", r.RemoteAddr)
		for name, value := range r.Args.All() {
			fmt.Fprintf(b, "? %s = %s\n", name, value)
		}
		for name, value := range r.Header.All() {
			fmt.Fprintf(b, "%s: %s\n", name, value)
		}
		return b.String()
	})
	// end

	// demo: form
	app.Post("/form", func(c *microroute.Context) (map[string]any, error) {
		form, err := c.Request.Form() // urlencoded, multipart or JSON
		if err != nil {
			return nil, err
		}
		return maps.Collect(form.All()), nil
	})
	// end

	// demo: order
	app.Post("/order", func(c *microroute.Context) (string, error) {
		var o order
		if err := c.Request.JSON(&o); err != nil {
			return "", err
		}
		c.Response.MIMEType = "text/plain"
		return fmt.Sprintf("%d × %q will come.", o.Count, o.Fruit), nil
	})
	// end

	// demo: echo
	app.Post("/echo", func(c *microroute.Context) io.Reader {
		c.Response.MIMEType = "text/plain"
		return c.Request.Body()
	})
	// end
}
