// Command echo is github.com/labstack/echo in the benchmark.
package main

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v5"

	"github.com/microroute/microroute/bench/internal/site"
)

func main() {
	site.Main(func(l net.Listener, files site.Files) error {
		return echo.StartConfig{Listener: l, HideBanner: true, HidePort: true}.Start(context.Background(), newEcho(files))
	})
}

func newEcho(files site.Files) *echo.Echo {
	e := echo.New()
	e.GET("/plaintext", func(c *echo.Context) error { return c.String(http.StatusOK, site.Hello) })
	e.GET("/json", greet)
	e.GET("/goods/:name/:price/:n", func(c *echo.Context) error {
		answer, err := site.ParseGoods(c.Param("name"), c.Param("price"), c.Param("n"))
		if err != nil {
			return echo.ErrNotFound
		}
		return c.String(http.StatusOK, answer)
	})
	e.POST("/echo", echoContent)
	e.GET("/file/:name", func(c *echo.Context) error {
		http.ServeFile(c.Response(), c.Request(), files.Path(c.Param("name"))) // c.File knows relative paths only
		return nil
	})
	e.GET("/stream", func(c *echo.Context) error { return stream(c, 0) })
	e.GET("/drip", func(c *echo.Context) error { return stream(c, site.Drip) })
	e.GET("/block", func(c *echo.Context) error {
		time.Sleep(site.Blocking)
		return c.String(http.StatusOK, site.Hello)
	})
	for _, route := range site.GitHub() {
		e.Add(route.Method, route.Colons(), func(c *echo.Context) error {
			return c.String(http.StatusOK, route.AnswerFrom(c.Param))
		})
	}
	return e
}

// greet does without c.JSON, which ends the content with a line feed.
func greet(c *echo.Context) error {
	b, err := json.Marshal(site.Greeting)
	if err != nil {
		return err
	}
	return c.JSONBlob(http.StatusOK, b)
}

func echoContent(c *echo.Context) error {
	b, err := io.ReadAll(http.MaxBytesReader(c.Response(), c.Request().Body, site.MaxBody))
	if err != nil {
		return echo.ErrBadRequest
	}
	c.Response().Header().Set("Content-Length", strconv.Itoa(len(b)))
	return c.Blob(http.StatusOK, "application/octet-stream", b)
}

func stream(c *echo.Context, pause time.Duration) error {
	c.Response().Header().Set("Content-Type", "text/plain; charset=utf-8")
	for _, piece := range site.Pieces {
		time.Sleep(pause)
		if _, err := io.WriteString(c.Response(), piece); err != nil {
			return err
		}
		if err := http.NewResponseController(c.Response()).Flush(); err != nil {
			return err
		}
	}
	return nil
}
