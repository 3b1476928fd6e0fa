package microroute_test

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/cookie"
)

func ExampleResponse() {
	app := microroute.New()
	app.Post("/orders", func(c *microroute.Context) string {
		c.Response.Status = http.StatusCreated
		c.Response.Reason = "Kettle Is On"
		c.Response.MIMEType = "text/plain"
		c.Response.Header.Set("Location", "/orders/1")
		return "Your tea is on its way."
	})

	post(app, "/orders", "text/plain", "", "Location", "Content-Type")
	// Output:
	// 201 Kettle Is On
	// Location: /orders/1
	// Content-Type: text/plain; charset=utf-8
	// Your tea is on its way.
}

func ExampleResponse_Redirect() {
	app := microroute.New()
	app.Get("/tee", func(c *microroute.Context) error { return c.Response.Redirect("/teas") })
	app.Get("/old", func(c *microroute.Context) error {
		return c.Response.Redirect("/grüner tee", http.StatusMovedPermanently)
	})

	get(app, "/tee", "Location")
	get(app, "/old", "Location")
	// Output:
	// 302 Found
	// Location: /teas
	// 301 Moved Permanently
	// Location: /gr%C3%BCner%20tee
}

func ExampleResponse_Abort() {
	app := microroute.New()
	app.Before(func(c *microroute.Context) error {
		if c.Request.Header.Get("User-Agent") == "leech/1.0" {
			return c.Response.Abort(http.StatusForbidden, "<p>Buy your own tea.</p>")
		}
		return nil
	})

	r := request("GET", "/", "")
	r.Header.Set("User-Agent", "leech/1.0")
	send(app, r)
	// Output:
	// 403 Forbidden
	// <p>Buy your own tea.</p>
}

func ExampleCookie() {
	app := microroute.New()
	app.Get("/themes/<name>", func(c *microroute.Context, name string) (string, error) {
		err := c.Response.SetCookie(microroute.Cookie{Name: "theme", Value: name, Path: "/", MaxAge: 24 * time.Hour, HttpOnly: true})
		return "It is " + name + " now.", err
	})

	get(app, "/themes/dark", "Set-Cookie")
	// Output:
	// 200 OK
	// Set-Cookie: theme=dark; Path=/; Max-Age=86400; HttpOnly
	// It is dark now.
}

func ExampleResponse_SetCookie() {
	app := microroute.New()
	app.Get("/<tea>", func(c *microroute.Context, tea string) string {
		err := c.Response.SetCookie(microroute.Cookie{Name: "tea", Value: tea})
		if errors.Is(err, cookie.ErrValue) {
			return "no such tea"
		}
		return tea + " from now on"
	})

	get(app, "/Assam", "Set-Cookie")
	get(app, "/Earl%20Grey;", "Set-Cookie")
	// Output:
	// 200 OK
	// Set-Cookie: tea=Assam
	// Assam from now on
	// 200 OK
	// Set-Cookie:
	// no such tea
}

func ExampleResponse_OnSend() {
	app := microroute.New()
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
	app.Get("/", func(c *microroute.Context) error { return c.Response.SendString("streamed") })

	get(app, "/", "Cache-Control")
	send(app, request("HEAD", "/nowhere", ""), "Cache-Control")
	// Output:
	// 200 OK
	// Cache-Control:
	// streamed
	// 404 Not Found
	// Cache-Control: no-store
}

func ExampleResponse_Sent() {
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) error {
		before := c.Response.Sent()
		if err := c.Response.SendHeader(); err != nil {
			return err
		}
		return c.Response.SendString(fmt.Sprint(before, " ", c.Response.Sent()))
	})

	get(app, "/")
	// Output:
	// 200 OK
	// false true
}
