package microroute_test

import (
	"fmt"
	"net/http"

	"github.com/microroute/microroute"
)

func ExampleRoutes() {
	app := microroute.New()
	addShop(app.Group("/shop"))
	addShop(app.Group("/depot"))

	get(app, "/shop/teas")
	get(app, "/depot/teas/3")
	// Output:
	// 200 OK
	// Assam, Ceylon
	// 200 OK
	// tea 3
}

func addShop(shop *microroute.Routes) {
	shop.Get("/teas", func(c *microroute.Context) string { return "Assam, Ceylon" })
	shop.Get("/teas/<int:n>", func(c *microroute.Context, n int) string { return fmt.Sprint("tea ", n) })
}

func ExampleRoutes_Get() {
	app := microroute.New()
	app.Get("/hello/<name>", func(c *microroute.Context, name string) string { return "Hello " + name + "!" })
	app.Get("/sum/<int:a>+<int:b>", func(c *microroute.Context, a, b int) string { return fmt.Sprint(a + b) })
	app.Get("/scale/<float:factor>", func(c *microroute.Context, factor float64) string { return fmt.Sprint(factor * 100) })
	app.Get("/files/<path:name>", func(c *microroute.Context, name string) string { return "file " + name })
	app.Get("/<custom=[A-Z]{3}:code>", func(c *microroute.Context, code string) string { return "currency " + code })

	for _, target := range []string{"/hello/J%C3%BCrgen", "/sum/17+4", "/scale/.5", "/files/css/main.css", "/EUR"} {
		get(app, target)
	}
	// Output:
	// 200 OK
	// Hello Jürgen!
	// 200 OK
	// 21
	// 200 OK
	// 50
	// 200 OK
	// file css/main.css
	// 200 OK
	// currency EUR
}

func ExampleRoutes_Head() {
	app := microroute.New()
	app.Head("/film", func(c *microroute.Context) { c.Response.Header.Set("Content-Length", "4700000000") })

	send(app, request("HEAD", "/film", ""), "Content-Length")
	// Output:
	// 200 OK
	// Content-Length: 4700000000
}

func ExampleRoutes_Post() {
	app := microroute.New()
	app.Post("/orders", func(c *microroute.Context) (string, error) {
		form, err := c.Request.Form()
		if err != nil {
			return "", err
		}
		c.Response.Status = http.StatusCreated
		return form.Get("n") + " " + form.Get("tea"), nil
	})

	post(app, "/orders", "application/x-www-form-urlencoded", "tea=Earl+Grey&n=2")
	// Output:
	// 201 Created
	// 2 Earl Grey
}

func ExampleRoutes_Put() {
	app := microroute.New()
	app.Put("/teas/<name>", func(c *microroute.Context, name string) (string, error) {
		data, err := c.Request.Data()
		return fmt.Sprintf("%s is %s", name, data), err
	})

	send(app, request("PUT", "/teas/Assam", "black"))
	// Output:
	// 200 OK
	// Assam is black
}

func ExampleRoutes_Patch() {
	app := microroute.New()
	price := map[string]float64{"Assam": 3}
	app.Patch("/teas/<name>", func(c *microroute.Context, name string) (any, error) {
		change := struct{ Price float64 }{price[name]}
		if err := c.Request.JSON(&change); err != nil {
			return nil, err
		}
		price[name] = change.Price
		return price, nil
	})

	send(app, request("PATCH", "/teas/Assam", `{"price": 3.5}`))
	// Output:
	// 200 OK
	// {"Assam":3.5}
}

func ExampleRoutes_Delete() {
	app := microroute.New()
	app.Delete("/teas/<name>", func(c *microroute.Context, name string) { c.Response.Status = http.StatusNoContent })

	send(app, request("DELETE", "/teas/Assam", ""))
	// Output:
	// 204 No Content
}

func ExampleRoutes_Options() {
	app := microroute.New()
	app.Get("/teas", func(c *microroute.Context) string { return "Assam" })
	app.Get("/coffees", func(c *microroute.Context) string { return "Mokka" })
	app.Options("/coffees", func(c *microroute.Context) string { return "espresso, with milk" })

	send(app, request("OPTIONS", "/teas", ""), "Allow")
	send(app, request("OPTIONS", "/coffees", ""))
	// Output:
	// 204 No Content
	// Allow: GET, HEAD, OPTIONS
	// 200 OK
	// espresso, with milk
}

func ExampleRoutes_Handle() {
	app := microroute.New()
	app.Handle("GET, POST", "/echo", func(c *microroute.Context) string { return c.Request.Method })
	app.Handle("PROPFIND", "/echo", func(c *microroute.Context) string { return "properties" })
	app.Handle("*", "/any", func(c *microroute.Context) string { return "even " + c.Request.Method })

	post(app, "/echo", "text/plain", "")
	send(app, request("PROPFIND", "/echo", ""))
	send(app, request("BREW", "/any", ""))
	// Output:
	// 200 OK
	// POST
	// 200 OK
	// properties
	// 200 OK
	// even BREW
}

func ExampleRoutes_Use() {
	app := microroute.New()
	app.Use(noStore)
	app.Get("/", func(c *microroute.Context) string { return "fresh" })

	get(app, "/", "Cache-Control")
	// Output:
	// 200 OK
	// Cache-Control: no-store
	// fresh
}

// noStore keeps responses out of caches.
func noStore(next microroute.Handler) microroute.Handler {
	return func(c *microroute.Context) error {
		c.Response.Header.Set("Cache-Control", "no-store")
		return next(c)
	}
}

func ExampleRoutes_Group() {
	app := microroute.New()
	api := app.Group("/api", noStore)
	v1 := api.Group("/v1")
	v1.Get("/teas", func(c *microroute.Context) []string { return []string{"Assam", "Ceylon"} })

	get(app, "/api/v1/teas", "Cache-Control")
	// Output:
	// 200 OK
	// Cache-Control: no-store
	// ["Assam","Ceylon"]
}

func ExampleRoutes_With() {
	app := microroute.New()
	app.Get("/prices", func(c *microroute.Context) string { return "for all" })
	app.With(membersOnly).Get("/discounts", func(c *microroute.Context) string { return "for members" })

	get(app, "/prices")
	get(app, "/discounts", "WWW-Authenticate")
	// Output:
	// 200 OK
	// for all
	// 401 Unauthorized
	// WWW-Authenticate: Bearer
	// <!doctype html>
	// <title>401 Unauthorized</title>
	// <h1>401 Unauthorized</h1>
	// <p>Members only.</p>
}

// membersOnly lets those through who say the word.
func membersOnly(next microroute.Handler) microroute.Handler {
	return func(c *microroute.Context) error {
		if c.Request.Header.Get("Authorization") == "Bearer sesame" {
			return next(c)
		}
		c.Response.Header.Set("WWW-Authenticate", "Bearer")
		return &microroute.Error{Status: http.StatusUnauthorized, Detail: "Members only."}
	}
}

func ExampleMiddleware() {
	app := microroute.New()
	app.Use(announced("outer"), announced("inner"))
	app.Get("/", func(c *microroute.Context) { fmt.Println("handler") })

	get(app, "/")
	// Output:
	// outer begins
	// inner begins
	// handler
	// inner ends
	// outer ends
	// 200 OK
}

// announced prints when the handler begins and ends.
func announced(name string) microroute.Middleware {
	return func(next microroute.Handler) microroute.Handler {
		return func(c *microroute.Context) error {
			fmt.Println(name, "begins")
			defer fmt.Println(name, "ends")
			return next(c)
		}
	}
}

func ExampleHandler() {
	app := microroute.New()
	var coffee microroute.Handler = func(c *microroute.Context) error {
		return &microroute.Error{Status: http.StatusGone, Detail: "We brew no coffee any more."}
	}
	app.Get("/coffee", membersOnly(coffee))

	member := request("GET", "/coffee", "")
	member.Header.Set("Authorization", "Bearer sesame")
	member.Header.Set("Accept", "application/json")
	send(app, member)
	// Output:
	// 410 Gone
	// {"title":"Gone","status":410,"detail":"We brew no coffee any more."}
}

func ExampleMaxBody() {
	app := microroute.New()
	length := func(c *microroute.Context) (string, error) {
		data, err := c.Request.Data()
		return fmt.Sprint(len(data), " bytes"), err
	}
	app.With(microroute.MaxBody(20)).Post("/comment", length)
	app.With(microroute.MaxBody(1<<30)).Post("/film", length)

	post(app, "/film", "video/mp4", "this is a long film")
	post(app, "/comment", "text/plain", "this is a long comment")
	// Output:
	// 200 OK
	// 19 bytes
	// 413 Content Too Large
	// <!doctype html>
	// <title>413 Content Too Large</title>
	// <h1>413 Content Too Large</h1>
}
