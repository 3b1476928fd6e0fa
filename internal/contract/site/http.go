package site

import (
	"bytes"
	"os"
	"path/filepath"
	"time"

	"github.com/microroute/microroute"
)

// addHTTP adds the routes of the HTTP cases. /static/hello.txt is a file under the root.
func addHTTP(app *microroute.App) {
	app.Get("/", func(*Context) string { return "hello" })
	app.With(microroute.MaxBody(1<<20)).Post("/echo", func(c *Context) ([]byte, error) { return c.Request.Data() })
}

// WriteFiles writes the file of the HTTP cases under a directory, the root of mode http. It is a day old, for the date of a
// fresh file is only a weak validator (RFC 9110 section 8.8.2.2).
func WriteFiles(root string) error {
	path := filepath.Join(root, "static", "hello.txt")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(path, bytes.Repeat([]byte("0123456789"), 100), 0o600); err != nil {
		return err
	}
	yesterday := time.Now().AddDate(0, 0, -1)
	return os.Chtimes(path, yesterday, yesterday)
}
