// Command app is microroute in the benchmark: the routes of package site with an App as everybody would write it, the
// zero Config except for the engine that is asked for.
package main

import (
	"flag"
	"log"
	"slices"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/bench/internal/site"
)

type context = *microroute.Context

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "`HOST:PORT` to listen on")
	engine := flag.String("engine", "event", "event or portable")
	flag.Parse()
	var config microroute.Config
	switch *engine {
	case "event":
	case "portable":
		config.Engine = microroute.EnginePortable
	default:
		log.Fatalf("no engine %q: event or portable", *engine)
	}
	site.TellMemory()
	files, err := site.MakeFiles()
	if err != nil {
		log.Fatal(err)
	}
	err = newApp(config, files).Run(*addr)
	files.Remove()
	if err != nil {
		log.Fatal(err)
	}
}

func newApp(config microroute.Config, files site.Files) *microroute.App {
	app := microroute.New(config)
	app.Get("/plaintext", func(c context) string {
		c.Response.MIMEType = "text/plain"
		return site.Hello
	})
	app.Get("/json", func(context) site.Message { return site.Greeting })
	app.Get("/goods/<string:name>/<float:price>/<int:n>", func(c context, name string, price float64, n int) string {
		c.Response.MIMEType = "text/plain"
		return site.Goods(name, price, n)
	})
	app.With(microroute.MaxBody(site.MaxBody)).Post("/echo", echo)
	app.Get("/file/<string:name>", func(c context, name string) error {
		return c.Response.SendFile(files.Path(name))
	})
	app.Get("/stream", func(c context) any {
		c.Response.MIMEType = "text/plain"
		return slices.Values(site.Pieces[:])
	})
	app.Get("/block", func(c context) string {
		time.Sleep(site.Blocking)
		c.Response.MIMEType = "text/plain"
		return site.Hello
	})
	for _, route := range site.GitHub() {
		app.Handle(route.Method, route.Rule, github(route))
	}
	return app
}

func echo(c context) ([]byte, error) {
	c.Response.MIMEType = "application/octet-stream"
	return c.Request.Data()
}

// github returns the handler of a route. The variables are parameters, so their number is part of its type.
func github(route site.Route) any {
	switch len(route.Variables) {
	case 0:
		return func(context) string { return route.Answer() }
	case 1:
		return func(_ context, a string) string { return route.Answer(a) }
	case 2:
		return func(_ context, a, b string) string { return route.Answer(a, b) }
	case 3:
		return func(_ context, a, b, c string) string { return route.Answer(a, b, c) }
	default:
		return func(_ context, a, b, c, d string) string { return route.Answer(a, b, c, d) }
	}
}
