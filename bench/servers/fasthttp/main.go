// Command fasthttp is github.com/valyala/fasthttp in the benchmark. Paths without variables are found by a switch, as
// its own benchmarks do; the others by github.com/fasthttp/router.
package main

import (
	"bufio"
	"encoding/json"
	"net"
	"time"

	"github.com/fasthttp/router"
	"github.com/valyala/fasthttp"

	"github.com/microroute/microroute/bench/internal/site"
)

func main() {
	site.Main(func(l net.Listener, files site.Files) error {
		s := &fasthttp.Server{Handler: newHandler(files), MaxRequestBodySize: site.MaxBody}
		return s.Serve(l)
	})
}

func newHandler(files site.Files) fasthttp.RequestHandler {
	others := newRouter(files)
	return func(c *fasthttp.RequestCtx) {
		switch string(c.Path()) {
		case "/plaintext":
			text(c, site.Hello)
		case "/json":
			greet(c)
		case "/echo":
			c.SetContentType("application/octet-stream")
			c.SetBody(c.PostBody())
		case "/stream":
			stream(c, 0)
		case "/drip":
			stream(c, site.Drip)
		case "/block":
			time.Sleep(site.Blocking)
			text(c, site.Hello)
		default:
			others(c)
		}
	}
}

func newRouter(files site.Files) fasthttp.RequestHandler {
	r := router.New()
	r.GET("/goods/{name}/{price}/{n}", func(c *fasthttp.RequestCtx) {
		answer, err := site.ParseGoods(variable(c, "name"), variable(c, "price"), variable(c, "n"))
		if err != nil {
			c.NotFound()
			return
		}
		text(c, answer)
	})
	r.GET("/file/{name}", func(c *fasthttp.RequestCtx) {
		fasthttp.ServeFileUncompressed(c, files.Path(variable(c, "name")))
	})
	r.NotFound = (&fasthttp.FS{Root: string(files), AcceptByteRange: true}).NewRequestHandler()
	for _, route := range site.GitHub() {
		r.Handle(route.Method, route.Braces(), func(c *fasthttp.RequestCtx) {
			text(c, route.AnswerFrom(func(name string) string { return variable(c, name) }))
		})
	}
	return r.Handler
}

func variable(c *fasthttp.RequestCtx, name string) string {
	value, _ := c.UserValue(name).(string)
	return value
}

func text(c *fasthttp.RequestCtx, s string) {
	c.SetContentType("text/plain; charset=utf-8")
	c.SetBodyString(s)
}

func greet(c *fasthttp.RequestCtx) {
	b, err := json.Marshal(site.Greeting)
	if err != nil {
		c.Error(err.Error(), fasthttp.StatusInternalServerError)
		return
	}
	c.SetContentType("application/json")
	c.SetBody(b)
}

// stream hands the pieces to a pipe, from which another goroutine takes as many as are there and sends them together.
func stream(c *fasthttp.RequestCtx, pause time.Duration) {
	c.SetContentType("text/plain; charset=utf-8")
	c.SetBodyStreamWriter(func(w *bufio.Writer) {
		for _, piece := range site.Pieces {
			time.Sleep(pause)
			w.WriteString(piece)
			w.Flush()
		}
	})
}
