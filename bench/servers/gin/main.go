// Command gin is github.com/gin-gonic/gin in the benchmark.
package main

import (
	"io"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/microroute/microroute/bench/internal/site"
)

func main() {
	gin.SetMode(gin.ReleaseMode)
	site.Main(func(l net.Listener, files site.Files) error { return newEngine(files).RunListener(l) })
}

func newEngine(files site.Files) *gin.Engine {
	r := gin.New()
	r.GET("/plaintext", func(c *gin.Context) { c.String(http.StatusOK, site.Hello) })
	r.GET("/json", func(c *gin.Context) { c.JSON(http.StatusOK, site.Greeting) })
	r.GET("/goods/:name/:price/:n", func(c *gin.Context) {
		answer, err := site.ParseGoods(c.Param("name"), c.Param("price"), c.Param("n"))
		if err != nil {
			c.Status(http.StatusNotFound)
			return
		}
		c.String(http.StatusOK, answer)
	})
	r.POST("/echo", echo)
	r.GET("/file/:name", func(c *gin.Context) { c.File(files.Path(c.Param("name"))) })
	r.GET("/stream", func(c *gin.Context) { stream(c, 0) })
	r.GET("/drip", func(c *gin.Context) { stream(c, site.Drip) })
	r.GET("/block", func(c *gin.Context) {
		time.Sleep(site.Blocking)
		c.String(http.StatusOK, site.Hello)
	})
	for _, route := range site.GitHub() {
		r.Handle(route.Method, route.Colons(), func(c *gin.Context) {
			c.String(http.StatusOK, route.AnswerFrom(c.Param))
		})
	}
	return r
}

func echo(c *gin.Context) {
	b, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, site.MaxBody))
	if err != nil {
		c.AbortWithStatus(http.StatusBadRequest)
		return
	}
	c.Header("Content-Length", strconv.Itoa(len(b)))
	c.Data(http.StatusOK, "application/octet-stream", b)
}

func stream(c *gin.Context, pause time.Duration) {
	for _, piece := range site.Pieces {
		time.Sleep(pause)
		c.String(http.StatusOK, piece)
		c.Writer.Flush()
	}
}
