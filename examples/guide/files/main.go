// Command files is the program of the chapter about files: a static root, files that handlers send, and files inside
// the program.
//
//	go run ./examples/guide/files
package main

import (
	"embed"
	"io/fs"
	"log"
	"path"
	"path/filepath"
	"strings"

	"github.com/microroute/microroute"
)

func main() {
	if err := newApp("examples/guide/files").Run(":8080"); err != nil {
		log.Fatal(err)
	}
}

// newApp returns the App, whose files are in dir.
func newApp(dir string) *microroute.App {
	app := microroute.New(microroute.Config{Root: filepath.Join(dir, "www")})
	app.MIMETypes["tea"] = "application/x-tea"
	app.DefaultPages = []string{"index.html"}

	app.ErrorPage(404, func(c *microroute.Context) error {
		return c.Response.SendFile(filepath.Join(dir, "www/404.html"))
	})

	app.Get("/price-list", func(c *microroute.Context) error {
		c.Response.Header.Set("Content-Disposition", `attachment; filename="prices.csv"`)
		return c.Response.SendFile(filepath.Join(dir, "prices.csv"))
	})
	addEmbedded(app)
	return app
}

//go:embed www/*.css
var assets embed.FS

// addEmbedded shows files that are part of the program.
func addEmbedded(app *microroute.App) {
	app.Get("/assets/<name>", func(c *microroute.Context, name string) (fs.File, error) {
		file, err := assets.Open("www/" + name)
		if err != nil {
			return nil, &microroute.Error{Status: 404, Err: err}
		}
		c.Response.MIMEType = app.MIMETypes[strings.TrimPrefix(path.Ext(name), ".")]
		return file, nil
	})
}
