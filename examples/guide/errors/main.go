// Command errors is the program of the chapter about errors: what becomes of the error that a handler returns, and of a
// panic.
//
//	go run ./examples/guide/errors
package main

import (
	"errors"
	"fmt"
	"html"
	"log"

	"github.com/microroute/microroute"
)

func main() {
	if err := newApp().Run(":8080"); err != nil {
		log.Fatal(err)
	}
}

func newApp() *microroute.App {
	app := microroute.New()
	addTeas(app)
	addAnswers(app)
	addFailures(app)
	return app
}

// errOutOfStock is an error of the program, which knows nothing of HTTP.
var errOutOfStock = errors.New("out of stock")

// order stands for the part of the program that does the work.
func order(tea string, cups int) error {
	switch {
	case tea == "oolong":
		return fmt.Errorf("order %d %s: %w", cups, tea, errOutOfStock)
	case tea == "mocha":
		return errors.New("the grinder does not answer")
	}
	return nil
}

// addTeas shows errors that handlers return.
func addTeas(app *microroute.App) {
	app.Post("/orders/<tea>/<int:cups>", func(c *microroute.Context, tea string, cups int) (string, error) {
		if cups == 0 {
			return "", &microroute.Error{Status: 422, Detail: "How many cups?"}
		}
		if err := order(tea, cups); err != nil {
			return "", err
		}
		return "ordered", nil
	})
}

// addAnswers shows how errors become responses.
func addAnswers(app *microroute.App) {
	app.OnError(func(c *microroute.Context, err error) {
		if errors.Is(err, errOutOfStock) {
			err = &microroute.Error{Status: 409, Detail: "We have run out of it.", Err: err}
		}
		microroute.DefaultOnError(c, err)
	})

	app.ErrorPage(404, func(c *microroute.Context) string {
		return "<p>There is no " + html.EscapeString(c.Request.Path()) + ". Try <a href=/>the start</a>.</p>"
	})
	app.ErrorPage(500, func(c *microroute.Context) string {
		return "<p>Something is broken, and it is our fault. Please try again later.</p>"
	})
}

// addFailures shows other ways to fail.
func addFailures(app *microroute.App) {
	app.Get("/cellar", func(c *microroute.Context) error {
		c.Response.Reason = "Staff Only"
		return c.Response.Abort(403, "<h1>No entry</h1>")
	})

	app.Get("/teas/<int:n>", func(c *microroute.Context, n int) string {
		return []string{"Assam", "Ceylon"}[n] // panics from 2 on
	})

	app.Get("/half", func(c *microroute.Context) error {
		if err := c.Response.SendString("The first half, and"); err != nil {
			return err
		}
		return errors.New("the second half is missing")
	})
}
