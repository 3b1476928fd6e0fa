package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/microroute/microroute"
)

// downloads adds a file, which can be had in parts.
func downloads(app *microroute.App, lines string) {
	// demo: file
	app.Get("/lines", func(c *microroute.Context) error {
		return c.Response.SendFile(lines) // an absolute path
	})
	// end
}

// lineCount is how many lines the file has.
const lineCount = 4096

// writeLines makes a file in dir whose lines, of 16 octets, tell where they begin. It returns the file's path.
func writeLines(dir string) (string, error) {
	var text strings.Builder
	for n := range lineCount {
		fmt.Fprintf(&text, "octet %9d\n", n*16)
	}
	path := filepath.Join(dir, "lines.txt")
	return path, os.WriteFile(path, []byte(text.String()), 0o600)
}
