// Command streaming is the program of the chapter about streaming: bodies that are sent while they are made.
//
//	go run ./examples/guide/streaming
//	curl -N localhost:8080/brew
package main

import (
	"archive/zip"
	"fmt"
	"hash/crc32"
	"io"
	"iter"
	"log"
	"strconv"
	"time"

	"github.com/microroute/microroute"
)

func main() {
	if err := newApp(time.Second).Run(":8080"); err != nil {
		log.Fatal(err)
	}
}

// newApp returns the App, whose streams go on after each pause.
func newApp(pause time.Duration) *microroute.App {
	app := microroute.New()
	addPieces(app, pause)
	addReaders(app)
	addTrailers(app)
	addEvents(app, pause)
	return app
}

// addPieces shows bodies that are sent piece by piece.
func addPieces(app *microroute.App, pause time.Duration) {
	app.Get("/brew", func(c *microroute.Context) error {
		c.Response.MIMEType = "text/plain"
		for _, step := range []string{"Boil water.\n", "Add leaves.\n", "Wait three minutes.\n"} {
			if err := c.Response.SendString(step); err != nil {
				return err // the client is gone
			}
			time.Sleep(pause)
		}
		return nil
	})

	app.Get("/countdown/<int:n>", func(c *microroute.Context, n int) iter.Seq[string] {
		c.Response.MIMEType = "text/plain"
		return func(yield func(string) bool) {
			for ; n > 0; n-- {
				if !yield(fmt.Sprintln(n)) {
					return // the client is gone
				}
				time.Sleep(pause)
			}
			yield("Tea!\n")
		}
	})
}

// addReaders shows a body that is read from somewhere, and one that is written by somebody who wants an io.Writer.
func addReaders(app *microroute.App) {
	app.Post("/echo", func(c *microroute.Context) io.Reader {
		c.Response.MIMEType = c.Request.Header.Get("Content-Type")
		return c.Request.Body()
	})

	app.Get("/teas.zip", func(c *microroute.Context) error {
		c.Response.MIMEType = "application/zip"
		archive := zip.NewWriter(c.Response)
		for _, name := range []string{"assam.txt", "ceylon.txt"} {
			file, err := archive.Create(name)
			if err != nil {
				return err
			}
			if _, err := io.WriteString(file, "A black tea.\n"); err != nil {
				return err
			}
		}
		return archive.Close()
	})
}

// addTrailers shows fields that follow a body, in both directions.
func addTrailers(app *microroute.App) {
	app.Get("/list", func(c *microroute.Context) error {
		c.Response.MIMEType = "text/plain"
		c.Response.Trailer.Set("Checksum", "") // announced; it is known when the list ends
		hash := crc32.NewIEEE()
		list := io.MultiWriter(c.Response, hash)
		for _, tea := range []string{"Assam", "Ceylon"} {
			if _, err := fmt.Fprintln(list, tea); err != nil {
				return err
			}
		}
		c.Response.Trailer.Set("Checksum", fmt.Sprintf("%08x", hash.Sum32()))
		return nil
	})

	app.Put("/list", func(c *microroute.Context) (string, error) {
		hash := crc32.NewIEEE()
		n, err := io.Copy(hash, c.Request.Body())
		if err != nil {
			return "", err
		}
		if sum := fmt.Sprintf("%08x", hash.Sum32()); c.Request.Trailer().Get("Checksum") != sum {
			return "", &microroute.Error{Status: 400, Detail: "The list was damaged on its way."}
		}
		return fmt.Sprint(n, " bytes have arrived."), nil
	})
}

// addEvents shows server-sent events, which browsers read with an EventSource.
func addEvents(app *microroute.App, pause time.Duration) {
	app.Get("/clock", func(c *microroute.Context) error {
		c.Response.MIMEType = "text/event-stream"
		c.Response.Header.Set("Cache-Control", "no-store")
		gone := c.Context().Done()
		last, _ := strconv.Atoi(c.Request.Header.Get("Last-Event-ID")) // where an EventSource was interrupted
		for id := last + 1; ; id++ {
			_, err := fmt.Fprintf(c.Response, "id: %d\ndata: %s\n\n", id, time.Now().Format(time.TimeOnly))
			if err != nil {
				return err
			}
			select {
			case <-time.After(pause):
			case <-c.Draining():
				return nil
			case <-gone:
				return nil
			}
		}
	})
}
