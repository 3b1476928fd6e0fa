package site

import (
	"io"
	"strconv"

	"github.com/microroute/microroute"
)

// addBodies adds handlers that take the content in other ways than as a form.
func addBodies(app *microroute.App) {
	app.Post("/post-manual0", func(c *Context) (string, error) { return toJSON(lookAt(c.Request, vars{})) })
	app.Post("/post-manual", func(c *Context) (string, error) {
		content, err := io.ReadAll(c.Request.Body())
		return "got:" + string(content), err
	})
}

// addRequests adds handlers that show other parts of the request.
func addRequests(app *microroute.App) {
	app.Get("/reqhdr", func(c *Context) (string, error) {
		fields := make(map[string]string)
		for name, value := range c.Request.Header.All() {
			if before, repeated := fields[name]; repeated {
				value = before + ", " + value
			}
			fields[name] = value
		}
		return toJSON(fields)
	})
	app.Get("/addr", func(c *Context) string { return c.Request.RemoteAddr.Addr().String() })
}

func contentLength(r *microroute.Request) (int, error) {
	return strconv.Atoi(r.Header.Get("Content-Length"))
}
