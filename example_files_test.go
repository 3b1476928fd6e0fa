package microroute_test

import (
	"fmt"
	"html/template"
	"testing/fstest"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/views"
)

// www is what a program has in a folder, and takes into itself with go:embed.
var www = fstest.MapFS{
	"index.html":    {Data: []byte("<h1>Teas</h1>")},
	"tea.css":       {Data: []byte("h1 { color: green }")},
	"app/main.js":   {Data: []byte("brew()")},
	"lists/all.csv": {Data: []byte("Assam,3\nCeylon,2\n"), ModTime: time.Date(2026, time.May, 1, 12, 0, 0, 0, time.UTC)},
}

func ExampleRoutes_Static() {
	app := microroute.New()
	app.Get("/shop/cart", func(c *microroute.Context) string { return "Your cart is empty." }) // goes before files
	app.Static("/shop", www)

	get(app, "/shop/")
	get(app, "/shop/tea.css", "Content-Type")
	get(app, "/shop/cart")
	get(app, "/shop", "Location")
	// Output:
	// 200 OK
	// <h1>Teas</h1>
	// 200 OK
	// Content-Type: text/css; charset=utf-8
	// h1 { color: green }
	// 200 OK
	// Your cart is empty.
	// 301 Moved Permanently
	// Location: /shop/
}

func ExampleRoutes_Static_group() {
	app := microroute.New()
	members := app.Group("/members", func(next microroute.Handler) microroute.Handler {
		return func(c *microroute.Context) error {
			if _, ok := c.Request.Cookie("member"); !ok {
				return &microroute.Error{Status: 403, Detail: "Members only."}
			}
			return next(c)
		}
	})
	members.Static("/files", www)

	get(app, "/members/files/tea.css")
	// Output:
	// 403 Forbidden
	// <!doctype html>
	// <title>403 Forbidden</title>
	// <h1>403 Forbidden</h1>
	// <p>Members only.</p>
}

func ExampleStaticConfig() {
	app := microroute.New()
	app.Static("/files", www, microroute.StaticConfig{
		DefaultPages: []string{}, // none
		Listing:      true,
	})
	app.Static("/", www, microroute.StaticConfig{Fallback: "index.html"})

	directory := request("GET", "/files/app/", "")
	directory.Header.Set("Accept", "application/json")
	send(app, directory)
	page := request("GET", "/teas/assam", "")
	page.Header.Set("Accept", "text/html")
	send(app, page)
	// Output:
	// 200 OK
	// {"path":"/files/app/","entries":[{"name":"main.js","type":"file","url":"./main.js","size":6}]}
	// 200 OK
	// <h1>Teas</h1>
}

func ExampleCacheRule() {
	app := microroute.New()
	app.Static("/", www, microroute.StaticConfig{CacheControl: []microroute.CacheRule{
		{Pattern: "*.css", Value: "public, max-age=3600"},
		{Pattern: "app/**", Value: "no-cache"},
	}})

	get(app, "/tea.css", "Cache-Control")
	get(app, "/app/main.js", "Cache-Control")
	get(app, "/", "Cache-Control")
	// Output:
	// 200 OK
	// Cache-Control: public, max-age=3600
	// h1 { color: green }
	// 200 OK
	// Cache-Control: no-cache
	// brew()
	// 200 OK
	// Cache-Control:
	// <h1>Teas</h1>
}

// Templates ask for the URLs of the files that their pages need.
func ExampleAssets() {
	templates := fstest.MapFS{"home.html": {Data: []byte(`<link rel="stylesheet" href="{{asset "tea.css"}}"><h1>{{.}}</h1>`)}}
	assets := microroute.NewAssets("/assets", www)
	pages, err := views.New(templates, views.Config{Funcs: template.FuncMap{"asset": assets.URL}})
	if err != nil {
		fmt.Println(err)
		return
	}
	app := microroute.New(microroute.Config{Renderer: pages})
	app.Assets(assets)
	app.Get("/", func(c *microroute.Context) error { return c.Response.Render("home", "Tea") })

	get(app, "/")
	get(app, assets.URL("tea.css"), "Cache-Control")
	// Output:
	// 200 OK
	// <link rel="stylesheet" href="/assets/tea.2f4s4uv46y41y.css"><h1>Tea</h1>
	// 200 OK
	// Cache-Control: public, max-age=31536000, immutable
	// h1 { color: green }
}

func ExampleNewAssets() {
	assets := microroute.NewAssets("/assets", www)
	fmt.Println(assets.URL("app/main.js"))
	// Output: /assets/app/main.1ptk6q2amk37e.js
}

func ExampleAssets_URL() {
	files := fstest.MapFS{"tea.css": {Data: []byte("h1 { color: green }")}}
	assets := microroute.NewAssets("/assets", files)
	fmt.Println(assets.URL("tea.css"))
	files["tea.css"] = &fstest.MapFile{Data: []byte("h1 { color: brown }"), ModTime: time.Now()}
	fmt.Println(assets.URL("tea.css"))
	fmt.Println(assets.URL("coffee.css")) // there is none
	// Output:
	// /assets/tea.2f4s4uv46y41y.css
	// /assets/tea.1tsbkmnhve011.css
	// /assets/coffee.css
}

// Who has the page of yesterday gets the file of today, and is not to keep it under its old URL.
func ExampleApp_Assets() {
	app := microroute.New()
	app.Assets(microroute.NewAssets("/assets", www))

	get(app, "/assets/tea.0123456789abc.css", "Cache-Control")
	get(app, "/assets/tea.css", "Cache-Control")
	// Output:
	// 200 OK
	// Cache-Control: no-cache
	// h1 { color: green }
	// 200 OK
	// Cache-Control: no-cache
	// h1 { color: green }
}

func ExampleResponse_SendFileFS() {
	app := microroute.New()
	app.Get("/price-list", func(c *microroute.Context) error { return c.Response.SendFileFS(www, "lists/all.csv") })

	get(app, "/price-list", "Content-Type", "Last-Modified")
	part := request("GET", "/price-list", "")
	part.Header.Set("Range", "bytes=-9")
	send(app, part, "Content-Range")
	// Output:
	// 200 OK
	// Content-Type: text/csv; charset=utf-8
	// Last-Modified: Fri, 01 May 2026 12:00:00 GMT
	// Assam,3
	// Ceylon,2
	// 206 Partial Content
	// Content-Range: bytes 8-16/17
	// Ceylon,2
}

func ExampleResponse_Attachment() {
	app := microroute.New()
	app.Get("/price-list", func(c *microroute.Context) error {
		c.Response.Attachment("Preise für Tee.csv")
		return c.Response.SendFileFS(www, "lists/all.csv")
	})

	get(app, "/price-list", "Content-Disposition")
	// Output:
	// 200 OK
	// Content-Disposition: attachment; filename="Preise f_r Tee.csv"; filename*=UTF-8''Preise%20f%C3%BCr%20Tee.csv
	// Assam,3
	// Ceylon,2
}
