// Command hello is the smallest program: one route, one answer.
package main

import (
	"log"

	"github.com/microroute/microroute"
)

func main() {
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) string { return "<h1>Hello World!</h1>" })
	if err := app.Run(":8080"); err != nil {
		log.Fatal(err)
	}
}
