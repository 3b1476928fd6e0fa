// Command hello is the smallest program with microroute, but for the flag -addr: how large is it, and how much memory does
// it take?
package main

import (
	"log"
	"os"

	"github.com/microroute/microroute"
)

func main() {
	app := microroute.New()
	app.Get("/", func(*microroute.Context) string { return "<h1>Hello World!</h1>" })
	log.Fatal(app.Run(os.Args[2])) // hello -addr HOST:PORT
}
