// Command app is microroute in the benchmark: the routes of package site with an App as everybody would write it, the
// zero Config except for the engine and the static root that are asked for.
package main

import (
	"flag"
	"iter"
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
	root := flag.String("root", "", "`directory` of a static root, which is what -files of bench measures")
	flag.Parse()
	config := microroute.Config{Root: *root}
	switch *engine {
	case "event":
	case "portable":
		config.Engine = microroute.EnginePortable
	default:
		log.Fatalf("no engine %q: event or portable", *engine)
	}
	site.TellMemory()
	files, remove, err := site.UseFiles(*root)
	if err != nil {
		log.Fatal(err)
	}
	err = newApp(config, files).Run(*addr)
	remove()
	if err != nil {
		log.Fatal(err)
	}
}

func newApp(config microroute.Config, files site.Files) *microroute.App {
	app := microroute.New(config)
	app.Get("/plaintext", func(c context) string { return text(c, site.Hello) })
	app.Get("/json", func(context) site.Message { return site.Greeting })
	app.Get("/goods/<string:name>/<float:price>/<int:n>", func(c context, name string, price float64, n int) string {
		return text(c, site.Goods(name, price, n))
	})
	app.With(microroute.MaxBody(site.MaxBody)).Post("/echo", echo)
	app.Get("/file/<string:name>", func(c context, name string) error {
		return c.Response.SendFile(files.Path(name))
	})
	app.Get("/stream", stream)
	app.Get("/drip", drip)
	app.Get("/block", func(c context) string {
		time.Sleep(site.Blocking)
		return text(c, site.Hello)
	})
	for _, route := range site.GitHub() {
		app.Handle(route.Method, route.Rule, github(route))
	}
	return app
}

func text(c context, s string) string {
	c.Response.MIMEType = "text/plain"
	return s
}

func echo(c context) ([]byte, error) {
	c.Response.MIMEType = "application/octet-stream"
	return c.Request.BorrowData()
}

func stream(c context) iter.Seq[string] {
	c.Response.MIMEType = "text/plain"
	return slices.Values(site.Pieces[:])
}

func drip(c context) iter.Seq[string] {
	c.Response.MIMEType = "text/plain"
	return func(yield func(string) bool) {
		for _, piece := range site.Pieces {
			time.Sleep(site.Drip)
			if !yield(piece) {
				return
			}
		}
	}
}

// github returns the handler of a route. The variables are parameters, so their number is part of its type.
func github(route site.Route) any {
	switch len(route.Variables) {
	case 0:
		return func(c context) string { return text(c, route.Answer()) }
	case 1:
		return func(c context, v string) string { return text(c, route.Answer(v)) }
	case 2:
		return func(c context, v, w string) string { return text(c, route.Answer(v, w)) }
	case 3:
		return func(c context, v, w, x string) string { return text(c, route.Answer(v, w, x)) }
	default:
		return func(c context, v, w, x, y string) string { return text(c, route.Answer(v, w, x, y)) }
	}
}
