package site

import (
	"path/filepath"

	"github.com/microroute/microroute"
)

// addFiles adds handlers that send files of root.
func addFiles(app *microroute.App, root string) {
	send := func(c *Context, name string) error { return c.Response.SendFile(filepath.Join(root, name)) }
	for rule, name := range map[string]string{
		"/file":         "index.html",
		"/file-css":     "style.css",
		"/file-png":     "pic.png",
		"/file-missing": "nope.html",
		"/file-dir":     "sub",
		"/file-unknown": "blob.xyz",
		"/file-noext":   "noext",
		"/file-dotdir":  "dir.d/file",
		"/file-upper":   "UPPER.HTML",
		"/file-empty":   "empty.txt",
		"/file-exact":   "exact.txt",
		"/file-big":     "big.bin",
		"/file-outside": "../secret.txt",
	} {
		app.Get(rule, func(c *Context) error { return send(c, name) })
	}
	app.Get("/file-return", func(c *Context) (string, error) { return "TAIL", send(c, "style.css") })
	app.Get("/file-missing-return", func(c *Context) (string, error) { return "fallback", send(c, "nope") })
	app.Get("/file-mime", func(c *Context) error {
		c.Response.MIMEType = "text/plain"
		return send(c, "index.html")
	})
	app.Get("/file-status", func(c *Context) error {
		c.Response.Status = 404
		return send(c, "404.html")
	})
	app.Get("/file-hdr", func(c *Context) error {
		c.Response.Header.Set("Content-Disposition", `attachment; filename="a.html"`)
		return send(c, "index.html")
	})
	app.Get("/file-after-header", func(c *Context) error {
		if err := c.Response.SendHeader(); err != nil {
			return err
		}
		return send(c, "style.css")
	})
}
