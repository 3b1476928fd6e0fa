// Command testing is the program of the chapter about testing: a shopping cart in a cookie, and a kettle. Its tests
// are what the chapter is about.
//
//	go test ./examples/guide/testing
package main

import (
	"fmt"
	"log"
	"strings"
	"time"

	"github.com/microroute/microroute"
)

func main() {
	if err := newApp().Run(":8080"); err != nil {
		log.Fatal(err)
	}
}

func newApp() *microroute.App {
	app := microroute.New()
	app.Post("/cart", func(c *microroute.Context) error {
		form, err := c.Request.Form()
		if err != nil {
			return err
		}
		tea := form.Get("tea")
		if tea == "" {
			return &microroute.Error{Status: 422, Detail: "Which tea?"}
		}
		value := strings.Join(append(cart(c), tea), "+")
		if err := c.Response.SetCookie(microroute.Cookie{Name: "cart", Value: value, Path: "/"}); err != nil {
			return &microroute.Error{Status: 400, Detail: "There is no such tea.", Err: err}
		}
		return c.Response.Redirect("/cart", 303)
	})
	app.Get("/cart", cart)
	app.Get("/kettle", kettle)
	return app
}

// cart returns the teas in the visitor's cart.
func cart(c *microroute.Context) []string {
	value, ok := c.Request.Cookie("cart")
	if !ok {
		return []string{}
	}
	return strings.Split(value, "+")
}

// kettle tells how hot the water is, until it boils.
func kettle(c *microroute.Context) error {
	c.Response.MIMEType = "text/event-stream"
	for degrees := 40; ; degrees += 20 {
		_, err := fmt.Fprintf(c.Response, "event: water\ndata: %d °C\n\n", degrees)
		if err != nil || degrees == 100 {
			return err
		}
		time.Sleep(time.Minute)
	}
}
