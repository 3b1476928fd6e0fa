// Command files is the program of the chapter about files: a static root, files inside the program, an application of a
// single page, listings, assets that are kept for ever, and files that handlers send.
//
//	go run ./examples/guide/files
package main

import (
	"embed"
	"io/fs"
	"log"
	"os"
	"path/filepath"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/views"
)

func main() {
	app, err := newApp("examples/guide/files")
	if err != nil {
		log.Fatal(err)
	}
	if err := app.Run(":8080"); err != nil {
		log.Fatal(err)
	}
}

//go:embed www app templates
var embedded embed.FS

// part returns one of the folders in the program.
func part(folder string) fs.FS {
	fsys, err := fs.Sub(embedded, folder)
	if err != nil {
		panic(err) // no name of a folder
	}
	return fsys
}

// newApp returns the App, whose files are in dir, as far as they are not in the program.
func newApp(dir string) (*microroute.App, error) {
	assets := microroute.NewAssets("/assets", part("www"))
	pages, err := views.New(part("templates"), views.Config{Funcs: map[string]any{"asset": assets.URL}})
	if err != nil {
		return nil, err
	}

	app := microroute.New(microroute.Config{
		Root: filepath.Join(dir, "www"),
		Static: microroute.StaticConfig{
			CacheControl: []microroute.CacheRule{
				{Pattern: "*.css", Value: "public, max-age=3600"},
				{Pattern: "teas/**", Value: "no-cache"},
			},
		},
		Renderer: pages,
	})
	app.MIMETypes["tea"] = "application/x-tea"

	app.Assets(assets)
	app.Get("/shop", func(c *microroute.Context) error { return c.Response.Render("shop", "Tea shop") })

	app.Static("/embedded", part("www"))
	app.Static("/app", part("app"), microroute.StaticConfig{Fallback: "index.html"})

	photos, err := os.OpenRoot(filepath.Join(dir, "photos"))
	if err != nil {
		return nil, err
	}
	members := app.Group("/members", membersOnly)
	members.Static("/photos", photos.FS(), microroute.StaticConfig{Listing: true})

	app.Get("/price-list", func(c *microroute.Context) error {
		c.Response.Attachment("Preise für Tee.csv")
		return c.Response.SendFile(filepath.Join(dir, "prices.csv"))
	})

	app.ErrorPage(404, func(c *microroute.Context) error {
		return c.Response.SendFileFS(embedded, "www/404.html")
	})
	return app, nil
}

// membersOnly lets nobody else pass.
func membersOnly(next microroute.Handler) microroute.Handler {
	return func(c *microroute.Context) error {
		if _, ok := c.Request.Cookie("member"); !ok {
			return &microroute.Error{Status: 403, Detail: "Members only."}
		}
		return next(c)
	}
}
