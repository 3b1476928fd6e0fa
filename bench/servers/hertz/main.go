// Command hertz is github.com/cloudwego/hertz in the benchmark.
package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/cloudwego/hertz/pkg/app"
	"github.com/cloudwego/hertz/pkg/app/server"
	"github.com/cloudwego/hertz/pkg/common/hlog"
	"github.com/cloudwego/hertz/pkg/protocol/http1/resp"

	"github.com/microroute/microroute/bench/internal/site"
)

func main() {
	hlog.SetOutput(io.Discard)
	site.Main(func(l net.Listener, files site.Files) error { return newHertz(l, files).Run() })
}

func newHertz(l net.Listener, files site.Files) *server.Hertz {
	h := server.New(server.WithListener(l), server.WithMaxRequestBodySize(site.MaxBody), server.WithDisablePrintRoute(true))
	h.GET("/plaintext", func(_ context.Context, c *app.RequestContext) { c.String(http.StatusOK, site.Hello) })
	h.GET("/json", func(_ context.Context, c *app.RequestContext) { c.JSON(http.StatusOK, site.Greeting) })
	h.GET("/goods/:name/:price/:n", func(_ context.Context, c *app.RequestContext) {
		answer, err := site.ParseGoods(c.Param("name"), c.Param("price"), c.Param("n"))
		if err != nil {
			c.NotFound()
			return
		}
		c.String(http.StatusOK, answer)
	})
	h.POST("/echo", func(_ context.Context, c *app.RequestContext) {
		c.Data(http.StatusOK, "application/octet-stream", c.Request.Body())
	})
	h.GET("/file/:name", func(_ context.Context, c *app.RequestContext) { c.File(files.Path(c.Param("name"))) })
	h.GET("/stream", func(_ context.Context, c *app.RequestContext) { stream(c, 0) })
	h.GET("/drip", func(_ context.Context, c *app.RequestContext) { stream(c, site.Drip) })
	h.GET("/block", func(_ context.Context, c *app.RequestContext) {
		time.Sleep(site.Blocking)
		c.String(http.StatusOK, site.Hello)
	})
	for _, route := range site.GitHub() {
		h.Handle(route.Method, route.Colons(), func(_ context.Context, c *app.RequestContext) {
			c.String(http.StatusOK, route.AnswerFrom(c.Param))
		})
	}
	return h
}

func stream(c *app.RequestContext, pause time.Duration) {
	c.SetContentType("text/plain; charset=utf-8")
	c.Response.HijackWriter(resp.NewChunkedBodyWriter(&c.Response, c.GetWriter()))
	for _, piece := range site.Pieces {
		time.Sleep(pause)
		c.WriteString(piece)
		c.Flush()
	}
}
