// Command templates is the program of the chapter about templates: pages with a layout, escaped by html/template.
//
//	go run ./examples/guide/templates
//	go run ./examples/guide/templates -dev   shows changes of the templates at once
package main

import (
	"embed"
	"flag"
	"fmt"
	"html/template"
	"io/fs"
	"log"
	"os"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/views"
)

func main() {
	development := flag.Bool("dev", false, "read the templates anew for every page")
	flag.Parse()
	app, err := newApp(*development)
	if err != nil {
		log.Fatal(err)
	}
	if err := app.Run(":8080"); err != nil {
		log.Fatal(err)
	}
}

//go:embed pages
var embedded embed.FS

// newPages returns the Renderer: the templates inside the program, in development those in the source's folder.
func newPages(development bool) (*views.Views, error) {
	pages, err := fs.Sub(embedded, "pages")
	if err != nil {
		return nil, err
	}
	if development {
		pages = os.DirFS("examples/guide/templates/pages")
	}
	return views.New(pages, views.Config{
		Funcs: template.FuncMap{
			"euro": func(cents int) string { return fmt.Sprintf("%d.%02d €", cents/100, cents%100) },
		},
		Development: development,
	})
}

type tea struct {
	Name  string
	Cents int
}

func newApp(development bool) (*microroute.App, error) {
	pages, err := newPages(development)
	if err != nil {
		return nil, err
	}
	app := microroute.New(microroute.Config{Renderer: pages, Development: development})
	teas := []tea{{"Assam", 350}, {"Earl Grey & Co", 405}}

	app.Get("/", func(c *microroute.Context) error {
		return c.Response.Render("home", teas)
	})
	app.Get("/teas/<name>", func(c *microroute.Context, name string) error {
		for _, tea := range teas {
			if tea.Name == name {
				return c.Response.Render("tea", tea)
			}
		}
		return &microroute.Error{Status: 404}
	})
	app.ErrorPage(404, func(c *microroute.Context) error {
		return c.Response.Render("missing", c.Request.Path())
	})
	return app, nil
}
