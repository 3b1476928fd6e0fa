// Command response is the program of the chapter about the response: its fields, its body, and what ends it early.
//
//	go run ./examples/guide/response
package main

import (
	"context"
	"fmt"
	"html"
	"io"
	"log"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/cookie"
)

func main() {
	if err := newApp().Run(":8080"); err != nil {
		log.Fatal(err)
	}
}

func newApp() *microroute.App {
	app := microroute.New()
	addFields(app)
	addBodies(app)
	addDetours(app)
	addHints(app)
	addLateChange(app)
	return app
}

// addFields shows what a handler may set besides the body.
func addFields(app *microroute.App) {
	app.Post("/orders", func(c *microroute.Context) string {
		c.Response.Status = 201
		c.Response.Reason = "Kettle Is On"
		c.Response.MIMEType = "text/plain"
		c.Response.Header.Set("Location", "/orders/1")
		return "Your tea is on its way."
	})

	app.Get("/theme/<name>", func(c *microroute.Context, name string) error {
		return c.Response.SetCookie(microroute.Cookie{
			Name:     "theme",
			Value:    name,
			Path:     "/",
			MaxAge:   30 * 24 * time.Hour,
			HttpOnly: true,
			SameSite: cookie.SameSiteLax,
		})
	})
}

type tea struct {
	Name  string  `json:"name"`
	Price float64 `json:"price"`
}

// badge is a Component: it writes its own HTML.
type badge struct{ text string }

func (b badge) Render(_ context.Context, w io.Writer) error {
	_, err := fmt.Fprintf(w, `<b class="badge">%s</b>`, html.EscapeString(b.text))
	return err
}

// addBodies shows results that become the body.
func addBodies(app *microroute.App) {
	app.Get("/page", func(c *microroute.Context) string {
		return "<h1>Teas</h1>"
	})
	app.Get("/teas", func(c *microroute.Context) []tea {
		return []tea{{"Assam", 3.5}, {"Ceylon", 3}}
	})
	app.Get("/badge/<text>", func(c *microroute.Context, text string) badge {
		return badge{text}
	})
	app.Get("/stock/<name>", func(c *microroute.Context, name string) (int, error) {
		grams, ok := map[string]int{"Assam": 750}[name]
		if !ok {
			return 0, &microroute.Error{Status: 404, Detail: "No such tea."}
		}
		return grams, nil
	})
}

// addDetours shows answers that are not what was asked for.
func addDetours(app *microroute.App) {
	app.Get("/tee", func(c *microroute.Context) error {
		return c.Response.Redirect("/teas")
	})
	app.Get("/prices", func(c *microroute.Context) error {
		return c.Response.Redirect("/teas", 301)
	})
	app.Get("/cellar", func(c *microroute.Context) error {
		return c.Response.Abort(403, "<h1>Staff only</h1>")
	})
}

// addHints shows how a client can fetch what a page needs while the page is made.
func addHints(app *microroute.App) {
	app.Get("/assortment", func(c *microroute.Context) (string, error) {
		if err := c.Response.EarlyHints("</tea.css>; rel=preload; as=style"); err != nil {
			return "", err
		}
		teas := askTheCellar()
		return `<link rel="stylesheet" href="/tea.css"><h1>` + html.EscapeString(teas) + "</h1>", nil
	})
}

// askTheCellar takes its time.
func askTheCellar() string {
	time.Sleep(100 * time.Millisecond)
	return "Assam & Ceylon"
}

// addLateChange shows a change at the last moment, by middleware that does not know what will be sent, or when.
func addLateChange(app *microroute.App) {
	app.Use(func(next microroute.Handler) microroute.Handler {
		return func(c *microroute.Context) error {
			c.Response.OnSend(func() {
				if c.Response.Status >= 400 {
					c.Response.Header.Set("Cache-Control", "no-store")
				}
			})
			return next(c)
		}
	})
}
