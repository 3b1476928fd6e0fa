package microroute_test

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/engine"
)

func ExampleNew() {
	app := microroute.New(microroute.Config{Server: "teashop"})
	app.Get("/", func(c *microroute.Context) string { return "We have tea." })

	get(app, "/", "Server")
	// Output:
	// 200 OK
	// Server: teashop
	// We have tea.
}

func ExampleApp() {
	app := microroute.New()
	app.StatusTexts[http.StatusTeapot] = "Short And Stout"
	app.MIMETypes["tea"] = "application/x-tea"
	app.Get("/brew", func(c *microroute.Context) string {
		c.Response.Status = http.StatusTeapot
		c.Response.MIMEType = app.MIMETypes["tea"]
		return "Ceylon"
	})

	get(app, "/brew", "Content-Type")
	// Output:
	// 418 Short And Stout
	// Content-Type: application/x-tea
	// Ceylon
}

func ExampleConfig() {
	app := microroute.New(microroute.Config{
		Addr:      "127.0.0.1:0",
		DrainTime: 30 * time.Second,
		Limits:    microroute.Limits{Body: 64 << 20},
		Logger:    slog.New(slog.DiscardHandler),
	})
	app.Get("/", func(c *microroute.Context) string { return "Ready." })

	get(app, "/")
	// Output:
	// 200 OK
	// Ready.
}

func ExampleLimits() {
	app := microroute.New(microroute.Config{Limits: microroute.Limits{Body: 10}})
	app.Post("/", func(c *microroute.Context) ([]byte, error) { return c.Request.Data() })

	post(app, "/", "text/plain", "short")
	post(app, "/", "text/plain", "long, long, long")
	// Output:
	// 200 OK
	// short
	// 413 Content Too Large
	// <!doctype html>
	// <title>413 Content Too Large</title>
	// <h1>413 Content Too Large</h1>
}

func ExampleEngine() {
	app := microroute.New(microroute.Config{Engine: microroute.EnginePortable})
	app.Get("/", func(c *microroute.Context) string { return "the same everywhere" })

	get(app, "/")
	// Output:
	// 200 OK
	// the same everywhere
}

func ExampleApp_Config() {
	app := microroute.New(microroute.Config{Limits: microroute.Limits{Fields: -1}})
	config := app.Config()

	fmt.Println(config.Addr, config.Network, config.DrainTime)
	fmt.Println(config.Limits.Fields, config.Limits.Body)
	// Output:
	// :8080 tcp 10s
	// -1 4194304
}

func ExampleApp_Before() {
	app := microroute.New()
	app.Before(func(c *microroute.Context) error {
		if c.Request.Args.Get("key") != "sesame" {
			return c.Response.Redirect("/login")
		}
		return nil
	})
	app.Get("/cave", func(c *microroute.Context) string { return "gold" })

	get(app, "/cave", "Location")
	get(app, "/cave?key=sesame")
	// Output:
	// 302 Found
	// Location: /login
	// 200 OK
	// gold
}

func ExampleApp_After() {
	app := microroute.New()
	app.After(func(c *microroute.Context) error {
		fmt.Println("log:", c.Request.Method, c.Request.Path(), c.Response.Status)
		c.Response.Header.Set("X-Content-Type-Options", "nosniff")
		return nil
	})
	app.Get("/", func(c *microroute.Context) string { return "Hello!" })

	get(app, "/", "X-Content-Type-Options")
	get(app, "/nowhere", "X-Content-Type-Options")
	// Output:
	// log: GET / 200
	// 200 OK
	// X-Content-Type-Options: nosniff
	// Hello!
	// log: GET /nowhere 404
	// 404 Not Found
	// X-Content-Type-Options: nosniff
	// <!doctype html>
	// <title>404 Not Found</title>
	// <h1>404 Not Found</h1>
}

func ExampleApp_OnError() {
	app := microroute.New()
	app.OnError(func(c *microroute.Context, err error) {
		if errors.Is(err, fs.ErrNotExist) {
			err = &microroute.Error{Status: http.StatusNotFound, Detail: "Out of stock.", Err: err}
		}
		microroute.DefaultOnError(c, err)
	})
	app.Get("/teas/<name>", func(c *microroute.Context, name string) ([]byte, error) {
		return os.ReadFile("testdata/teas/" + name + ".txt")
	})

	get(app, "/teas/oolong")
	// Output:
	// 404 Not Found
	// <!doctype html>
	// <title>404 Not Found</title>
	// <h1>404 Not Found</h1>
	// <p>Out of stock.</p>
}

func ExampleDefaultOnError() {
	app := microroute.New()
	app.OnError(func(c *microroute.Context, err error) {
		fmt.Println("to the operator:", err)
		microroute.DefaultOnError(c, err)
	})
	app.Get("/", func(c *microroute.Context) error { return errors.New("kettle on fire") })

	get(app, "/")
	// Output:
	// to the operator: kettle on fire
	// 500 Internal Server Error
	// <!doctype html>
	// <title>500 Internal Server Error</title>
	// <h1>500 Internal Server Error</h1>
}

func ExampleApp_ErrorPage() {
	app := microroute.New()
	app.ErrorPage(http.StatusNotFound, func(c *microroute.Context) string {
		return "<p>No " + c.Request.Path() + " here. Try <a href=/>the start</a>.</p>"
	})

	get(app, "/nowhere")
	// Output:
	// 404 Not Found
	// <p>No /nowhere here. Try <a href=/>the start</a>.</p>
}

func ExampleError() {
	app := microroute.New()
	app.Get("/teas/<int:n>", func(c *microroute.Context, n int) (string, error) {
		if n > 2 {
			return "", &microroute.Error{Status: http.StatusNotFound, Detail: "We have two teas."}
		}
		return []string{"none", "Assam", "Ceylon"}[n], nil
	})

	get(app, "/teas/1")
	browser := request("GET", "/teas/3", "")
	browser.Header.Set("Accept", "text/html")
	send(app, browser, "Content-Type")
	script := request("GET", "/teas/3", "")
	script.Header.Set("Accept", "application/json")
	send(app, script, "Content-Type")
	// Output:
	// 200 OK
	// Assam
	// 404 Not Found
	// Content-Type: text/html; charset=utf-8
	// <!doctype html>
	// <title>404 Not Found</title>
	// <h1>404 Not Found</h1>
	// <p>We have two teas.</p>
	// 404 Not Found
	// Content-Type: application/problem+json
	// {"title":"Not Found","status":404,"detail":"We have two teas."}
}

func ExampleApp_Serve() {
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) string { return "served by hand" })
	if err := app.Prepare(); err != nil {
		fmt.Println(err)
		return
	}
	server := engine.New(engine.Config{Handler: func(x *engine.Exchange) {
		fmt.Println(x.Head().Method, x.Head().Target())
		app.Serve(x)
	}})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	go server.Serve(l)
	defer server.Close()

	answer, err := http.Get("http://" + l.Addr().String() + "/")
	fmt.Println(answer.Status, err)
	// Output:
	// GET /
	// 200 OK <nil>
}

func ExampleApp_Run() {
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) string { return "Hello World!" })

	// Run returns when it cannot start, or when the program has been asked to end.
	if err := app.Run("127.0.0.1:99999"); err != nil {
		fmt.Println(err)
	}
	// Output:
	// listen tcp: address 99999: invalid port
}
