package main

import (
	"html/template"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/message"
	"github.com/microroute/microroute/views"
)

// onlyOurs lets the browser load nothing from elsewhere: the tour works without a network.
const onlyOurs = "default-src 'self'; img-src 'self' blob:; frame-ancestors 'none'"

// front adds the page of the tour, what belongs to it, and the page for everything that is not there.
func front(app *microroute.App, assets fs.FS) {
	app.Get("/", func(c *microroute.Context) error {
		c.Response.Header.Set("Content-Security-Policy", onlyOurs)
		return c.Response.Render("page", nil)
	})

	app.Get("/assets/<string:name>", func(c *microroute.Context, name string) ([]byte, error) {
		data, err := fs.ReadFile(assets, name)
		if err != nil {
			return nil, &microroute.Error{Status: message.StatusNotFound, Err: err}
		}
		c.Response.MIMEType = c.App().MIMETypes[strings.TrimPrefix(path.Ext(name), ".")]
		return data, nil
	})

	// demo: missing
	app.ErrorPage(404, func(c *microroute.Context) error {
		return c.Response.Render("missing", c.Request.Path())
	})
	// end
}

// loadPages reads the templates of the pages. Their function code gives them a piece of the tour's code, and it is an
// error if they ask for one that is not there.
func loadPages(files fs.FS) (*views.Views, error) {
	code, err := readSnippets(files)
	if err != nil {
		return nil, err
	}
	web, err := fs.Sub(files, "web")
	if err != nil {
		return nil, err
	}
	pages, err := views.New(web, views.Config{Funcs: template.FuncMap{"code": code.named}})
	if err != nil {
		return nil, err
	}
	return pages, pages.Render(io.Discard, "page", nil)
}
