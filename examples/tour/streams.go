package main

import (
	"fmt"
	"iter"
	"strconv"
	"time"

	"github.com/microroute/microroute"
)

// streams adds answers that are sent while they are made.
func streams(app *microroute.App, board *board) {
	// demo: stream
	app.Get("/stream", func(c *microroute.Context) error {
		c.Response.MIMEType = "text/plain"
		for n := 1; n <= 25; n++ {
			piece := fmt.Sprintf("piece %d of 25\n", n)
			if err := c.Response.SendString(piece); err != nil {
				return err
			}
			select {
			case <-time.After(200 * time.Millisecond):
			case <-c.Context().Done():
				board.post("stream", "You stopped me after piece %d.", n)
				return nil
			}
		}
		return nil
	})
	// end

	// demo: sequence
	app.Get("/fibonacci", func(c *microroute.Context) iter.Seq[string] {
		c.Response.MIMEType = "text/plain"
		return func(yield func(string) bool) {
			a, b := 0, 1
			for a < 10000 && yield(strconv.Itoa(a)+"\n") {
				a, b = b, a+b
				time.Sleep(80 * time.Millisecond)
			}
		}
	})
	// end

	// demo: camera
	app.Get("/camera", func(c *microroute.Context) error {
		c.Response.MIMEType = "multipart/x-mixed-replace; boundary=frame"
		if err := c.Response.SendHeader("--frame\r\n"); err != nil {
			return err
		}
		sent := 0
		for picture := range shoot(c.Context(), c.Draining()) {
			head := "Content-Type: image/jpeg\r\n\r\n"
			part := head + picture + "\r\n--frame\r\n"
			if err := c.Response.SendString(part); err != nil {
				break
			}
			sent++
		}
		board.post("camera", "You left after %d pictures.", sent)
		return nil
	})
	// end
}
