package microroute_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"strings"

	"github.com/microroute/microroute"
)

func Example() {
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) string { return "<h1>Hello World!</h1>" })
	app.Get("/goods/<string:name>/<float:price>/<int:n>", func(c *microroute.Context, name string, price float64, n int) string {
		return fmt.Sprintf("%d %s: $%.2f", n, name, price*float64(n))
	})

	get(app, "/")
	get(app, "/goods/ginger%20tea/2.5/4")
	get(app, "/goods/tea/2.5/some")
	// Output:
	// 200 OK
	// <h1>Hello World!</h1>
	// 200 OK
	// 4 ginger tea: $10.00
	// 404 Not Found
	// <!doctype html>
	// <title>404 Not Found</title>
	// <h1>404 Not Found</h1>
}

// get prints what a client gets that asks app for target: the status, some fields of the header, and the body.
func get(app *microroute.App, target string, fields ...string) {
	send(app, request("GET", target, ""), fields...)
}

// post does the same for a client that sends a body.
func post(app *microroute.App, target, contentType, body string, fields ...string) {
	r := request("POST", target, body)
	r.Header.Set("Content-Type", contentType)
	send(app, r, fields...)
}

// request returns a request that send can send.
func request(method, target, body string) *http.Request {
	r, err := http.NewRequest(method, "http://shop.example"+target, strings.NewReader(body))
	if err != nil {
		log.Panic(err)
	}
	return r
}

// send starts app, sends it a request as a client does, and prints what comes back.
func send(app *microroute.App, r *http.Request, fields ...string) {
	server, err := app.Start("127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Shutdown(context.Background())
	r.Close = true
	r.Host, r.URL.Host = r.URL.Host, server.Addr().String()
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		fmt.Println("no answer")
		return
	}
	defer answer.Body.Close()
	fmt.Println(answer.Status)
	for _, name := range fields {
		fmt.Println(strings.TrimSpace(name + ": " + strings.Join(answer.Header.Values(name), ", ")))
	}
	body, err := io.ReadAll(answer.Body)
	if text := strings.TrimSpace(string(body)); text != "" {
		fmt.Println(text)
	}
	for name, values := range answer.Trailer {
		fmt.Println("then " + name + ": " + strings.Join(values, ", "))
	}
	if err != nil {
		fmt.Println("the rest is missing")
	}
}
