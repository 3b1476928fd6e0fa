package views_test

import (
	"fmt"
	"os"
	"testing/fstest"

	"github.com/microroute/microroute/views"
)

// A program has these as files in a folder, and passes os.DirFS of it.
var templates = fstest.MapFS{
	"layout.html": {Data: []byte(`<title>{{block "title" .}}Shop{{end}}</title>
{{template "partials/nav.html"}}
{{template "content" .}}
`)},
	"partials/nav.html": {Data: []byte(`<nav><a href="/">Home</a></nav>`)},
	"home.html":         {Data: []byte(`{{define "content"}}<h1>Hello {{.}}</h1>{{end}}`)},
	"about.html":        {Data: []byte(`{{define "title"}}About{{end}} {{define "content"}}<p>{{.}}</p>{{end}}`)},
	"row.html":          {Data: []byte("<li>{{.}}</li>\n")},
}

func Example() {
	pages, err := views.New(templates)
	if err != nil {
		fmt.Println(err)
		return
	}
	pages.Render(os.Stdout, "home", "<you>")
	pages.Render(os.Stdout, "about", "Since 1999")
	pages.Render(os.Stdout, "row", "no layout")
	// Output:
	// <title>Shop</title>
	// <nav><a href="/">Home</a></nav>
	// <h1>Hello &lt;you&gt;</h1>
	// <title>About</title>
	// <nav><a href="/">Home</a></nav>
	// <p>Since 1999</p>
	// <li>no layout</li>
}

func ExampleNew_mistakes() {
	_, err := views.New(fstest.MapFS{
		"home.html":  {Data: []byte("<h1>\n{{.Name")},
		"about.html": {Data: []byte("<p>\n\n{{template \"partials/footer.html\"}}")},
	})
	fmt.Println(err)
	// Output:
	// views: html/template:about.html:3:11: no such template "partials/footer.html"
	// views: template: home.html:2: unclosed action
}

func ExampleConfig() {
	pages, err := views.New(os.DirFS("testdata"), views.Config{
		Suffix:      ".tmpl",
		Funcs:       map[string]any{"euro": func(cents int) string { return fmt.Sprintf("%d.%02d €", cents/100, cents%100) }},
		Development: true, // edits show at once
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	pages.Render(os.Stdout, "price", 1999)
	// Output: 19.99 €
}

func ExampleViews_Render_error() {
	pages, err := views.New(templates)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(pages.Render(os.Stdout, "contact", nil))
	// Output: views: no such page: contact.html
}
