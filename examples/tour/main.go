// Command tour serves a page on which everything that a Request and a Response can do may be tried, each beside the lines
// of Go that do it.
//
//	go run ./examples/tour
//
// Then open http://localhost:8080. With -addr :8080 other devices find it, too. The code that the page shows is cut out
// of these files: what stands between "// demo: name" and "// end".
package main

import (
	"flag"
	"log"
	"os"
	"time"

	"github.com/microroute/microroute"
)

func main() {
	addr := flag.String("addr", "localhost:8080", "where to serve, as `host:port`")
	flag.Parse()
	if err := run(*addr); err != nil {
		log.Fatal(err)
	}
}

// run serves the tour until the program is asked to end.
func run(addr string) error {
	dir, err := os.MkdirTemp("", "microroute-tour-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	app, err := newTour(dir, microroute.Config{DrainTime: 2 * time.Second})
	if err != nil {
		return err
	}
	return app.Run(addr)
}
