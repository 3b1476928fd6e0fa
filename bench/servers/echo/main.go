// Command echo is github.com/labstack/echo in the benchmark.
package main

import (
	"io"
	"net"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/microroute/microroute/bench/internal/site"
)

func main() {
	site.Main(func(l net.Listener, files site.Files) error {
		e := newEcho(files)
		e.Listener = l
		return e.Start("")
	})
}

func newEcho(files site.Files) *echo.Echo {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.GET("/plaintext", func(c echo.Context) error { return c.String(http.StatusOK, site.Hello) })
	e.GET("/json", func(c echo.Context) error { return c.JSON(http.StatusOK, site.Greeting) })
	e.GET("/goods/:name/:price/:n", func(c echo.Context) error {
		answer, err := site.ParseGoods(c.Param("name"), c.Param("price"), c.Param("n"))
		if err != nil {
			return echo.ErrNotFound
		}
		return c.String(http.StatusOK, answer)
	})
	e.POST("/echo", echoContent)
	e.GET("/file/:name", func(c echo.Context) error {
		http.ServeFile(c.Response(), c.Request(), files.Path(c.Param("name"))) // c.File knows relative paths only
		return nil
	})
	e.GET("/stream", stream)
	e.GET("/block", func(c echo.Context) error {
		time.Sleep(site.Blocking)
		return c.String(http.StatusOK, site.Hello)
	})
	for _, route := range site.GitHub() {
		e.Add(route.Method, route.Colons(), func(c echo.Context) error {
			return c.String(http.StatusOK, route.AnswerFrom(c.Param))
		})
	}
	return e
}

func echoContent(c echo.Context) error {
	b, err := io.ReadAll(http.MaxBytesReader(c.Response(), c.Request().Body, site.MaxBody))
	if err != nil {
		return echo.ErrBadRequest
	}
	return c.Blob(http.StatusOK, "application/octet-stream", b)
}

func stream(c echo.Context) error {
	c.Response().Header().Set("Content-Type", "text/plain; charset=utf-8")
	for _, piece := range site.Pieces {
		if _, err := io.WriteString(c.Response(), piece); err != nil {
			return err
		}
		c.Response().Flush()
	}
	return nil
}
