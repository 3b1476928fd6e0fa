package forwarded_test

import (
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/netip"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/middleware/forwarded"
)

func ExampleNew() {
	app := microroute.New(microroute.Config{Logger: slog.New(slog.DiscardHandler)})
	app.Before(forwarded.New(forwarded.Config{
		Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")},
		Client:  "X-Forwarded-For",
		Scheme:  "X-Forwarded-Proto",
	}))
	app.Get("/", func(c *microroute.Context) string {
		r := c.Request
		return fmt.Sprintf("%s has asked for %s://%s", r.RemoteAddr.Addr(), r.Scheme(), r.Host())
	})
	server, err := app.Start("127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	// What a proxy on this machine sends. The first of the list is what its client has sent.
	request, err := http.NewRequest("GET", "http://"+server.Addr().String(), nil)
	if err != nil {
		log.Fatal(err)
	}
	request.Host = "shop.test"
	request.Header.Set("X-Forwarded-For", "127.0.0.1, 203.0.113.7")
	request.Header.Set("X-Forwarded-Proto", "https")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	fmt.Println(string(answer), err)
	// Output: 203.0.113.7 has asked for https://shop.test <nil>
}
