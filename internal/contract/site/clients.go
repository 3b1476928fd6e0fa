package site

import (
	"io"

	"github.com/microroute/microroute"
)

// addClients adds handlers that use the raw connection of the client.
func addClients(app *microroute.App) {
	app.Get("/client", func(c *Context) error {
		if err := writeRaw(c, "HTTP/1.1 299 Raw\r\nX-Raw: 1\r\n\r\nraw bytes"); err != nil {
			return err
		}
		return c.Response.Close()
	})
	app.Get("/client-noclose", func(c *Context) error { return writeRaw(c, "HTTP/1.1 299 Raw\r\n\r\nraw bytes") })
	app.Get("/client-return", func(c *Context) (string, error) { return "x", writeRaw(c, "raw-prefix;") })
	app.Get("/client-same", clientSame)
	app.Post("/post-client", postClient)
}

func writeRaw(c *Context, text string) error {
	conn, err := c.Response.Client()
	if err != nil {
		return err
	}
	_, err = io.WriteString(conn, text)
	return err
}

// clientSame says True or False, as the original does.
func clientSame(c *Context) (string, error) {
	requested, err := c.Request.Client()
	if err != nil {
		return "", err
	}
	responding, err := c.Response.Client()
	if err != nil {
		return "", err
	}
	if requested != responding {
		return "False", nil
	}
	return "True", nil
}

// postClient reads the content from the raw connection, where what the framework has read ahead comes first.
func postClient(c *Context) (string, error) {
	conn, err := c.Request.Client()
	if err != nil {
		return "", err
	}
	length, err := contentLength(c.Request)
	if err != nil {
		return "", err
	}
	content := make([]byte, length)
	_, err = io.ReadFull(conn, content)
	return "got:" + string(content), err
}
