// Command request is the program of the chapter about the request: its head, its body in every form, and what may be
// kept of it.
//
//	go run ./examples/guide/request
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"

	"github.com/microroute/microroute"
)

func main() {
	if err := newApp(os.TempDir()).Run(":8080"); err != nil {
		log.Fatal(err)
	}
}

// newApp returns the App, which saves what it is sent in dir.
func newApp(dir string) *microroute.App {
	app := microroute.New()
	addHead(app)
	addBodies(app)
	addForms(app, dir)
	addStreams(app)
	addValues(app)
	addWork(app)
	return app
}

// addHead shows what came before the body.
func addHead(app *microroute.App) {
	app.Get("/head/<path:p>", func(c *microroute.Context, p string) map[string]any {
		r := c.Request
		theme, _ := r.Cookie("theme")
		return map[string]any{
			"method": r.Method,
			"path":   r.Path(),
			"target": r.Target(),
			"agent":  r.Header.Get("user-agent"),
			"sort":   r.Args.Get("sort"),
			"tags":   r.Args.Values("tag"),
			"theme":  theme,
		}
	})
}

type order struct {
	Tea  string
	Cups int
}

// addBodies shows a body that is read as a whole.
func addBodies(app *microroute.App) {
	app.Post("/length", func(c *microroute.Context) (int, error) {
		data, err := c.Request.Data()
		return len(data), err
	})
	app.Post("/orders", func(c *microroute.Context) (string, error) {
		var o order
		if err := c.Request.JSON(&o); err != nil {
			return "", err
		}
		return fmt.Sprintf("%d cups of %s", o.Cups, o.Tea), nil
	})
}

// addForms shows forms, with files and without.
func addForms(app *microroute.App, dir string) {
	app.Post("/subscribe", func(c *microroute.Context) (string, error) {
		form, err := c.Request.Form()
		if err != nil {
			return "", err
		}
		return form.Get("mail") + " gets " + fmt.Sprint(form.Values("list")), nil
	})
	app.Post("/picture", func(c *microroute.Context) (string, error) {
		form, err := c.Request.Form()
		if err != nil {
			return "", err
		}
		picture, err := form.File("picture")
		if err != nil {
			return "", err
		}
		// The client's name for the file is not one for ours.
		return "saved", picture.Save(filepath.Join(dir, "picture.png"))
	})
}

// addStreams shows bodies that are too large for memory.
func addStreams(app *microroute.App) {
	large := app.With(microroute.MaxBody(8 << 30))
	large.Put("/films/<name>", func(c *microroute.Context, name string) (string, error) {
		n, err := io.Copy(io.Discard, c.Request.Body())
		return fmt.Sprintf("%s has %d octets", name, n), err
	})
	large.Post("/films", func(c *microroute.Context) (map[string]int64, error) {
		sizes := map[string]int64{}
		for part, err := range c.Request.Parts() {
			if err != nil {
				return nil, err
			}
			if sizes[part.Name], err = io.Copy(io.Discard, part); err != nil {
				return nil, err
			}
		}
		return sizes, nil
	})
}

// language is set by middleware and read by handlers.
var language = microroute.NewKey[string]("language")

// addValues shows a value that belongs to one request.
func addValues(app *microroute.App) {
	inTheirLanguage := func(next microroute.Handler) microroute.Handler {
		return func(c *microroute.Context) error {
			if code, ok := c.Request.Cookie("language"); ok {
				language.Set(c, code)
			}
			return next(c)
		}
	}
	app.With(inTheirLanguage).Get("/welcome", func(c *microroute.Context) string {
		if code, _ := language.Get(c); code == "de" {
			return "Willkommen!"
		}
		return "Welcome!"
	})
}

// addWork shows work that goes on when the answer has been sent.
func addWork(app *microroute.App) {
	app.Post("/mail/<to>", func(c *microroute.Context, to string) string {
		later := c.Detach()
		c.Go(func(ctx context.Context) {
			sendMail(ctx, to, later.Request.Args.Get("subject"))
		})
		c.Response.Status = 202
		return "It will be sent."
	})
}

// sendMail stands for something slow.
func sendMail(_ context.Context, to, subject string) {
	log.Printf("mail to %s: %s", to, subject)
}
