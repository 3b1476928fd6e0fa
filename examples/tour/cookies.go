package main

import (
	"html"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/cookie"
)

// cookies adds a cookie that can be set, read and deleted.
func cookies(app *microroute.App) {
	// demo: cookies
	app.Get("/cookie", func(c *microroute.Context) string {
		if name, ok := c.Request.Cookie("name"); ok {
			return "Hello, " + html.EscapeString(name) + "!"
		}
		return "Have we met?"
	})

	app.Post("/cookie", func(c *microroute.Context) (string, error) {
		form, err := c.Request.Form()
		if err != nil {
			return "", err
		}
		err = c.Response.SetCookie(microroute.Cookie{
			Name:     "name",
			Value:    form.Get("name"),
			MaxAge:   time.Hour,
			HttpOnly: true,
			SameSite: cookie.SameSiteLax,
		})
		if err != nil {
			return "", &microroute.Error{
				Status: 400,
				Detail: "No cookie can hold that.",
				Err:    err,
			}
		}
		return "I will know you for an hour.", nil
	})

	app.Delete("/cookie", func(c *microroute.Context) (string, error) {
		gone := microroute.Cookie{Name: "name", MaxAge: -1}
		return "Who are you?", c.Response.SetCookie(gone)
	})
	// end
}
