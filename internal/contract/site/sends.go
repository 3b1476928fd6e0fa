package site

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/microroute/microroute"
)

// addHeaders adds handlers that send the header themselves.
func addHeaders(app *microroute.App) {
	sendHeader := func(rule, reason string, content ...string) {
		app.Get(rule, func(c *Context) error {
			c.Response.Reason = reason
			return c.Response.SendHeader(content...)
		})
	}
	sendHeader("/sh", "")
	sendHeader("/sh-content", "", "body")
	sendHeader("/sh-explane", "Fine")
	sendHeader("/sh-explane-content", "Fine", "body")
	sendHeader("/sh-bytes", "", "abc")
	sendHeader("/sh-unicode", "", "é")
	app.Get("/sh-send", func(c *Context) error {
		return errors.Join(c.Response.SendHeader(), c.Response.SendString("a"), c.Response.SendString("b"))
	})
	app.Get("/sh-return", func(c *Context) (string, error) { return "abc", c.Response.SendHeader() })
	app.Get("/sh-content-return", func(c *Context) (string, error) { return "abc", c.Response.SendHeader("body") })
	app.Get("/sh-twice", func(c *Context) error { return errors.Join(c.Response.SendHeader(), c.Response.SendHeader()) })
	app.Get("/sh-201", func(c *Context) error {
		c.Response.Status = 201
		return c.Response.SendHeader("made")
	})
	app.Get("/sh-late-header", func(c *Context) error {
		err := c.Response.SendHeader()
		c.Response.Header.Set("X-Late", "1")
		c.Response.Status = 500
		return errors.Join(err, c.Response.SendString("late"))
	})
}

// addSends adds handlers that send the body piece by piece.
func addSends(app *microroute.App) {
	send := func(rule string, pieces ...string) {
		app.Get(rule, func(c *Context) error { return sendAll(c, pieces...) })
	}
	send("/send-str", "hello")
	send("/send-bytes", "\x00\xff")
	send("/send-multi", "one,", "two,", "three")
	send("/send-unicode", "世界")
	send("/send-empty", "")
	send("/send-bytearray", "ba")
	send("/send-big", strings.Repeat("x", 1_000_000))
	app.Get("/send-return", func(c *Context) (string, error) { return "ignored", c.Response.SendString("sent") })
	app.Get("/send-cl", func(c *Context) error {
		c.Response.Header.Set("Content-Length", "5")
		return c.Response.SendString("hello")
	})
	app.Get("/stream", stream)
}

func sendAll(c *Context, pieces ...string) error {
	for _, piece := range pieces {
		if err := c.Response.Send([]byte(piece)); err != nil {
			return err
		}
	}
	return nil
}

// stream sends four pieces with 100 ms between them.
func stream(c *Context) error {
	if err := c.Response.SendHeader(); err != nil {
		return err
	}
	for i := range 4 {
		if i > 0 {
			time.Sleep(100 * time.Millisecond)
		}
		if err := c.Response.SendString(fmt.Sprintf("chunk%d\n", i)); err != nil {
			return err
		}
	}
	return nil
}
