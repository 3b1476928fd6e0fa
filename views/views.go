// Package views makes pages from templates of html/template: with layouts, with partials, and in development without a
// restart after each change. It is a Renderer for microroute.Config; the language of the templates and their escaping
// are html/template's.
//
//	pages, err := views.New(os.DirFS("templates"))
//	app := microroute.New(microroute.Config{Renderer: pages})
//	app.Get("/", func(c *microroute.Context) error {
//		return c.Response.Render("home", user) // templates/home.html
//	})
//
// A page that only defines templates is shown in the nearest layout.html, of its own folder or of one above:
//
//	layout.html        <title>{{block "title" .}}Shop{{end}}</title>
//	                   {{template "partials/nav.html" .}} {{template "content" .}}
//	home.html          {{define "content"}}<h1>Hello {{.Name}}</h1>{{end}}
//	partials/nav.html  <nav><a href="/">Home</a></nav>
//
// A layout.html that only defines templates is in turn shown in the one above it. A page with text of its own, be it one
// word outside of its definitions, is complete without a layout, or calls the one it wants:
//
//	invoice.html       {{template "print/layout.html" .}} {{define "content"}}Total: {{.Total}}{{end}}
//
// Any file can be called by its name in the file system, whole and with slashes. What files in a folder called partials
// define can be called by any page by the name it was given there. Where several files that a page needs define the same
// name, the page's own definition comes first, then its layout's, then those of the files they call, in the order of the
// calls; so that two pages, or two layouts, never get in each other's way.
package views

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
)

// ErrNoPage says that there is no page of a name. Layouts and partials are no pages.
var ErrNoPage = errors.New("views: no such page")

// Config says how pages are made. The zero Config is ready for use.
type Config struct {
	// Suffix is how the names of templates end, those of layouts too. Other files are left alone, as are files and
	// folders that begin with a dot. Default ".html".
	Suffix string
	// Funcs are functions for the templates, besides those of html/template. The map must not be changed any more.
	Funcs template.FuncMap
	// Development reads the templates again for every page, so that it shows them as they are now. Mistakes in those
	// that the page needs, and in any partial, are then errors of Render.
	Development bool
}

// Views are pages made from the templates of a file system. They may be shared between goroutines.
type Views struct {
	fsys   fs.FS
	config Config
	pages  map[string]*template.Template // by name of the file, as New found them: not for development
}

// New reads all templates of fsys and makes all pages. Its error names the mistakes that show without data, the first of
// each file and page, with file and line; no template at all is one. Without a config it uses the zero one. It panics for
// a name or value in Funcs that is no name or function, as template.Funcs does.
//
// For templates inside the program, fsys is fs.Sub of an embed.FS.
func New(fsys fs.FS, config ...Config) (*Views, error) {
	v := &Views{fsys: fsys}
	switch len(config) {
	case 0:
	case 1:
		v.config = config[0]
	default:
		return nil, fmt.Errorf("views: New takes one Config, not %d", len(config))
	}
	if v.config.Suffix == "" {
		v.config.Suffix = ".html"
	}
	s, err := read(fsys, v.config)
	if err != nil {
		return nil, err
	}
	if v.pages, err = s.pages(); err != nil {
		return nil, err
	}
	return v, nil
}

// Render writes the page called name, made with data. The name is that of its file without the suffix: "home" for
// home.html, "shop/cart" for shop/cart.html. An error of making the page comes before anything is written, so that w
// never gets half a page; it is ErrNoPage for a name without one.
func (v *Views) Render(w io.Writer, name string, data any) error {
	page, err := v.page(name + v.config.Suffix)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := page.Execute(&text, data); err != nil {
		return fmt.Errorf("views: %w", err)
	}
	_, err = text.WriteTo(w)
	return err
}

func (v *Views) page(name string) (*template.Template, error) {
	if v.config.Development {
		s, err := read(v.fsys, v.config)
		if err != nil {
			return nil, err
		}
		return s.page(name)
	}
	page, ok := v.pages[name]
	if !ok {
		return nil, fmt.Errorf("%w: %s", ErrNoPage, name)
	}
	return page, nil
}
