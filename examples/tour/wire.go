package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"github.com/microroute/microroute"
)

// wire adds what goes past HTTP: handlers that talk over connections themselves.
func wire(app *microroute.App) {
	// demo: raw
	app.Get("/raw", func(c *microroute.Context) error {
		conn, err := c.Response.Client() // a net.Conn
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(conn, "HTTP/1.1 299 Made By Hand\r\n"+
			"Content-Type: text/plain\r\n"+
			"Connection: close\r\n"+
			"\r\n"+
			"Every octet is the handler's, %s.\n", conn.RemoteAddr())
		return err
	})
	// end

	// demo: wire
	small := app.With(microroute.MaxBody(64 << 10))
	small.Post("/wire", func(c *microroute.Context) error {
		request, err := c.Request.Data()
		if err != nil {
			return err
		}
		client, err := c.Response.Client() // looked at, not written to
		if err != nil {
			return err
		}
		itself := client.LocalAddr().String()
		conn, err := net.Dial("tcp", itself)
		if err != nil {
			return err
		}
		defer conn.Close()
		conn.SetDeadline(time.Now().Add(10 * time.Second))
		if _, err := conn.Write(request); err != nil {
			return err
		}
		c.Response.MIMEType = "text/plain"
		_, err = io.Copy(c.Response, conn)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return nil // it has kept the connection open
		}
		return err
	})
	// end
}
