package microroute_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/microroute/microroute"
)

func ExampleContext() {
	app := microroute.New()
	app.Get("/teas/<name>", func(c *microroute.Context, name string) string {
		c.Response.Header.Set("Content-Language", "en")
		return name + " for " + c.Request.Args.Get("for")
	})

	get(app, "/teas/Assam?for=two", "Content-Language")
	// Output:
	// 200 OK
	// Content-Language: en
	// Assam for two
}

func ExampleContext_App() {
	app := microroute.New(microroute.Config{Development: true})
	app.Get("/", func(c *microroute.Context) string {
		if c.App().Config().Development {
			return "work in progress"
		}
		return "done"
	})

	get(app, "/")
	// Output:
	// 200 OK
	// work in progress
}

func ExampleContext_Logger() {
	withoutTime := func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}
	app := microroute.New(microroute.Config{
		Logger: slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{Level: slog.LevelWarn, ReplaceAttr: withoutTime})),
	})
	app.Get("/kettle", func(c *microroute.Context) {
		c.Logger().Warn("boiling over", "celsius", 104)
	})

	get(app, "/kettle")
	// Output:
	// level=WARN msg="boiling over" method=GET path=/kettle celsius=104
	// 200 OK
}

func ExampleContext_Context() {
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) (string, error) { return brew(c.Context()) })

	get(app, "/")
	// Output:
	// 200 OK
	// tea
}

// brew makes tea for as long as somebody waits for it.
func brew(ctx context.Context) (string, error) {
	ready := make(chan string, 1)
	go func() { ready <- "tea" }()
	select {
	case tea := <-ready:
		return tea, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func ExampleContext_Draining() {
	app := microroute.New()
	app.Get("/clock", func(c *microroute.Context) error {
		if err := c.Response.SendString("tick, "); err != nil {
			return err
		}
		select {
		case <-time.After(time.Hour):
			return c.Response.SendString("tock")
		case <-c.Draining():
			return c.Response.SendString("we are closing")
		}
	})

	server, err := app.Start("127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	response, err := http.Get("http://" + server.Addr().String() + "/clock")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer response.Body.Close()
	go server.Shutdown(context.Background())
	body, err := io.ReadAll(response.Body)
	fmt.Printf("%s %v\n", body, err)
	server.Wait()
	// Output:
	// tick, we are closing <nil>
}

func ExampleContext_Go() {
	app := microroute.New()
	app.Post("/orders", func(c *microroute.Context) string {
		name := c.Request.Args.Get("name")
		c.Go(func(ctx context.Context) { fmt.Println("mail to", name) })
		return "ordered"
	})
	server, err := app.Start("127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = http.Post("http://"+server.Addr().String()+"/orders?name=Ann", "", nil)

	http.DefaultClient.CloseIdleConnections()
	fmt.Println(err, server.Shutdown(context.Background()))
	// Output:
	// mail to Ann
	// <nil> <nil>
}

func ExampleContext_Detach() {
	app := microroute.New()
	orders := make(chan *microroute.Context, 1)
	app.Post("/teas/<name>/orders", func(c *microroute.Context, name string) string {
		orders <- c.Detach()
		return "in the queue"
	})

	post(app, "/teas/Assam/orders", "text/plain", "")
	order := <-orders
	fmt.Println(order.Request.Path(), order.Var("name"))
	// Output:
	// 200 OK
	// in the queue
	// /teas/Assam/orders Assam
}

func ExampleContext_Rule() {
	app := microroute.New()
	app.After(func(c *microroute.Context) error {
		fmt.Printf("count %q\n", c.Rule())
		return nil
	})
	app.Get("/teas/<name>", func(c *microroute.Context, name string) string { return name })

	get(app, "/teas/Assam")
	// Output:
	// count "/teas/<string:name>"
	// 200 OK
	// Assam
}

func ExampleContext_Var() {
	app := microroute.New()
	shop := app.Group("/shops/<shop>", func(next microroute.Handler) microroute.Handler {
		return func(c *microroute.Context) error {
			if c.Var("shop") != "berlin" {
				return &microroute.Error{Status: http.StatusGone}
			}
			return next(c)
		}
	})
	shop.Get("/teas/<int:n>", func(c *microroute.Context, shop string, n int) string { return fmt.Sprint(shop, " ", n) })

	get(app, "/shops/berlin/teas/7")
	// Output:
	// 200 OK
	// berlin 7
}

func ExampleContext_Error() {
	app := microroute.New()
	sorry := func(c *microroute.Context) string { return "Sorry: " + c.Error().Detail }
	app.ErrorPage(http.StatusConflict, sorry)
	app.Put("/teas/<name>", func(c *microroute.Context, name string) error {
		return &microroute.Error{Status: http.StatusConflict, Detail: "we have " + name + " already"}
	})

	send(app, request("PUT", "/teas/Assam", ""))
	// Output:
	// 409 Conflict
	// Sorry: we have Assam already
}

var customer = microroute.NewKey[string]("customer")

func ExampleKey() {
	app := microroute.New()
	app.Before(func(c *microroute.Context) error {
		if name, ok := c.Request.Cookie("customer"); ok {
			customer.Set(c, name)
		}
		return nil
	})
	app.Get("/", func(c *microroute.Context) string {
		if name, ok := customer.Get(c); ok {
			return "Hello again, " + name + "!"
		}
		return "Hello!"
	})

	get(app, "/")
	known := request("GET", "/", "")
	known.AddCookie(&http.Cookie{Name: "customer", Value: "Ann"})
	send(app, known)
	// Output:
	// 200 OK
	// Hello!
	// 200 OK
	// Hello again, Ann!
}

func ExampleNewKey() {
	type order struct{ tea string }
	key := microroute.NewKey[order]("order")
	app := microroute.New()
	app.Use(func(next microroute.Handler) microroute.Handler {
		return func(c *microroute.Context) error {
			key.Set(c, order{tea: "Assam"})
			return next(c)
		}
	})
	app.Get("/", func(c *microroute.Context) string {
		o, _ := key.Get(c)
		return o.tea
	})

	get(app, "/")
	// Output:
	// 200 OK
	// Assam
}

func ExampleKey_Set() {
	cups := microroute.NewKey[int]("cups")
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) string {
		cups.Set(c, 2)
		cups.Set(c, 3)
		n, _ := cups.Get(c)
		return fmt.Sprint(n, " cups")
	})

	get(app, "/")
	// Output:
	// 200 OK
	// 3 cups
}

func ExampleKey_Get() {
	cups := microroute.NewKey[int]("cups")
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) string {
		n, ok := cups.Get(c)
		return fmt.Sprint(n, " ", ok)
	})

	get(app, "/")
	// Output:
	// 200 OK
	// 0 false
}

func ExampleKey_String() {
	fmt.Println(microroute.NewKey[int]("cups"))
	// Output:
	// cups
}
