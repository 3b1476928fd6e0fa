// Command fiber is github.com/gofiber/fiber in the benchmark.
package main

import (
	"bufio"
	"net"
	"time"

	"github.com/gofiber/fiber/v3"

	"github.com/microroute/microroute/bench/internal/site"
)

func main() {
	site.Main(func(l net.Listener, files site.Files) error {
		return newApp(files).Listener(l, fiber.ListenConfig{DisableStartupMessage: true})
	})
}

func newApp(files site.Files) *fiber.App {
	app := fiber.New(fiber.Config{BodyLimit: site.MaxBody})
	app.Get("/plaintext", func(c fiber.Ctx) error { return c.SendString(site.Hello) })
	app.Get("/json", func(c fiber.Ctx) error { return c.JSON(site.Greeting) })
	app.Get("/goods/:name/:price/:n", func(c fiber.Ctx) error {
		answer, err := site.ParseGoods(c.Params("name"), c.Params("price"), c.Params("n"))
		if err != nil {
			return fiber.ErrNotFound
		}
		return c.SendString(answer)
	})
	app.Post("/echo", func(c fiber.Ctx) error {
		c.Set("Content-Type", "application/octet-stream")
		return c.Send(c.Body())
	})
	app.Get("/file/:name", func(c fiber.Ctx) error { return c.SendFile(files.Path(c.Params("name"))) })
	app.Get("/stream", func(c fiber.Ctx) error { return stream(c, 0) })
	app.Get("/drip", func(c fiber.Ctx) error { return stream(c, site.Drip) })
	app.Get("/block", func(c fiber.Ctx) error {
		time.Sleep(site.Blocking)
		return c.SendString(site.Hello)
	})
	for _, route := range site.GitHub() {
		app.Add([]string{route.Method}, route.Colons(), func(c fiber.Ctx) error {
			return c.SendString(route.AnswerFrom(func(name string) string { return c.Params(name) }))
		})
	}
	return app
}

// stream is that of fasthttp.
func stream(c fiber.Ctx, pause time.Duration) error {
	c.Set("Content-Type", "text/plain; charset=utf-8")
	c.RequestCtx().SetBodyStreamWriter(func(w *bufio.Writer) {
		for _, piece := range site.Pieces {
			time.Sleep(pause)
			w.WriteString(piece)
			w.Flush()
		}
	})
	return nil
}
