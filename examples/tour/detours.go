package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/microroute/microroute"
)

// detours adds answers that are not what was asked for.
func detours(app *microroute.App) {
	// demo: redirect
	app.Get("/old/<int:n>", func(c *microroute.Context, n int) error {
		return c.Response.Redirect("/new", n)
	})

	app.Get("/new", func(c *microroute.Context) string {
		return "You have arrived."
	})
	// end

	// demo: abort
	app.Get("/secret", func(c *microroute.Context) error {
		c.Response.Reason = "Members Only"
		return c.Response.Abort(403, "<h1>Have you got a ticket?</h1>")
	})

	app.Get("/halfway", func(c *microroute.Context) error {
		if err := c.Response.SendString("This sentence"); err != nil {
			return err
		}
		time.Sleep(300 * time.Millisecond) // then something fails
		return c.Response.Abort(500)       // too late for a status
	})
	// end

	// demo: error
	app.Get("/stock", func(c *microroute.Context) error {
		return &microroute.Error{
			Status: 503,
			Detail: "Stocktaking, back at ten.",
			Err:    errors.New("db7: connection refused"), // for the log
		}
	})
	// end

	// demo: panic
	app.Get("/panic", func(c *microroute.Context) string {
		prices := []float64{0.35, 0.50}
		n := len(c.Request.Method) // "GET": one beyond
		return fmt.Sprint("Nobody will read this: ", prices[n])
	})
	// end
}
