// Command routes is the program of the chapter about routes: rules and their variables, methods, groups and middleware.
//
//	go run ./examples/guide/routes
package main

import (
	"fmt"
	"log"
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
	addVariables(app)
	addSpecificity(app)
	addMethods(app)
	addShop(app)
	addHooks(app)
	return app
}

// addVariables shows the types of variables. They are the handler's parameters, in the order of the rule.
func addVariables(app *microroute.App) {
	app.Get("/hello/<name>", func(c *microroute.Context, name string) string {
		return "Hello " + name + "!"
	})
	app.Get("/goods/<string:name>/<float:price>/<int:n>", func(c *microroute.Context, name string, price float64, n int) string {
		return fmt.Sprintf("%d × %s: %.2f", n, name, price*float64(n))
	})
	app.Get("/docs/<path:file>", func(c *microroute.Context, file string) string {
		return "document " + file
	})
	app.Get("/rates/<custom=[A-Z]{3}:from>/<custom=[A-Z]{3}:to>", func(c *microroute.Context, from, to string) string {
		return from + " in " + to
	})
	app.Get("/tiles/<int:x>-<int:y>.png", func(c *microroute.Context, x, y int) string {
		return fmt.Sprintf("tile in column %d of row %d", x, y)
	})
}

// addSpecificity shows rules that match the same paths. The order in which they are registered means nothing.
func addSpecificity(app *microroute.App) {
	app.Get("/teas/<path:rest>", func(c *microroute.Context, rest string) string { return "anything: " + rest })
	app.Get("/teas/<name>", func(c *microroute.Context, name string) string { return "by name: " + name })
	app.Get("/teas/<int:id>", func(c *microroute.Context, id int) string { return fmt.Sprint("by number: ", id) })
	app.Get("/teas/new", func(c *microroute.Context) string { return "a form for a new tea" })
}

// addMethods shows several methods of one rule.
func addMethods(app *microroute.App) {
	app.Get("/orders/<int:id>", func(c *microroute.Context, id int) string {
		return fmt.Sprint("order ", id)
	})
	app.Handle("PUT, PATCH", "/orders/<int:id>", func(c *microroute.Context, id int) string {
		return fmt.Sprint(c.Request.Method, " of order ", id)
	})
	app.Delete("/orders/<int:id>", func(c *microroute.Context, id int) {
		c.Response.Status = 204
	})
}

// addShop shows a group: routes with the start of their rules and some middleware in common.
func addShop(app *microroute.App) {
	shop := app.Group("/shops/<city>", noStore)
	shop.Get("/hours", func(c *microroute.Context, city string) string { return city + " opens at nine" })
	shop.With(membersOnly).Get("/cellar", func(c *microroute.Context, city string) string { return "the cellar of " + city })
}

// noStore keeps responses out of caches.
func noStore(next microroute.Handler) microroute.Handler {
	return func(c *microroute.Context) error {
		c.Response.Header.Set("Cache-Control", "no-store")
		return next(c)
	}
}

// membersOnly answers in place of the handler, unless the client knows the word.
func membersOnly(next microroute.Handler) microroute.Handler {
	return func(c *microroute.Context) error {
		if c.Request.Header.Get("Authorization") != "Bearer sesame" {
			return &microroute.Error{Status: 401, Detail: "Members only."}
		}
		return next(c)
	}
}

// addHooks shows what runs before and after every request, whatever answers it.
func addHooks(app *microroute.App) {
	began := microroute.NewKey[time.Time]("began")
	app.Before(func(c *microroute.Context) error {
		began.Set(c, time.Now())
		return nil
	})
	app.After(func(c *microroute.Context) error {
		start, _ := began.Get(c)
		c.Logger().Info("answered", "status", c.Response.Status, "rule", c.Rule(), "took", time.Since(start))
		return nil
	})
}
