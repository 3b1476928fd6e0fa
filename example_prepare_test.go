package microroute_test

import (
	"fmt"

	"github.com/microroute/microroute"
)

func ExampleApp_Prepare() {
	app := microroute.New()
	app.Get("/teas/<int:n>", func(c *microroute.Context, n string) string { return n })
	app.Get("/teas/<itn:n>", func(c *microroute.Context, n int) string { return "" })

	fmt.Println(app.Prepare())
	// Output:
	// microroute: 2 mistakes:
	// 	example_prepare_test.go:11: GET /teas/<int:n>: parameter 2 of the handler is string, but variable "n" is of type int: make it func(*microroute.Context, int) (string, error)
	// 	example_prepare_test.go:12: GET /teas/<itn:n>: router: rule /teas/<itn:n>: unknown type "itn" (at byte 6); write <int:n>; the types are string, int, float, path and custom=regex
}
