package microroute_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/microroute/microroute"
)

func ExampleServer_Addrs() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)

	app := microroute.New()
	server, err := app.Start("127.0.0.1:0", "unix:"+filepath.Join(dir, "socket"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()

	for _, addr := range server.Addrs() {
		fmt.Println(addr.Network())
	}
	// Output:
	// tcp
	// unix
}

func ExampleApp_RunOn() {
	app := microroute.New()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	l.Close() // a listener that cannot be served

	fmt.Println(app.RunOn(l) != nil)
	// Output:
	// true
}

func ExampleServer_Run() {
	app := microroute.New()
	server, err := app.Start("127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	go server.Close() // in place of a signal

	fmt.Println(server.Run())
	// Output:
	// <nil>
}

func ExampleServer_Stopping() {
	app := microroute.New()
	server, err := app.Start("127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	go server.Close()

	<-server.Stopping()
	fmt.Println("good-bye")
	// Output:
	// good-bye
}

func ExampleReadiness() {
	app := microroute.New(microroute.Config{LameDuck: time.Second})
	app.Get("/ready", microroute.Readiness)

	get(app, "/ready")
	// Output:
	// 200 OK
	// ready
}

func ExampleApp_Ready() {
	app := microroute.New()
	server, err := app.Start("127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()

	fmt.Println(app.Ready())
	// Output:
	// true
}

func ExampleApp_Host() {
	shop := microroute.New()
	shop.Get("/", func(*microroute.Context) string { return "Tea and cups." })

	app := microroute.New()
	app.Get("/", func(*microroute.Context) string { return "Welcome." })
	app.Host("shop.example", shop)

	get(app, "/") // as http://shop.example/
	// Output:
	// 200 OK
	// Tea and cups.
}

func ExampleServer_Step() {
	app := microroute.New(microroute.Config{Manual: true})
	app.Get("/", func(*microroute.Context) string { return "served by the main loop" })
	server, err := app.Start("127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()
	answered := make(chan string)
	go func() {
		answer, _ := http.Get("http://" + server.Addr().String())
		answered <- answer.Status
	}()

	fmt.Println("step:", server.Step(context.Background())) // and the other things that the loop does
	fmt.Println(<-answered)
	// Output:
	// step: <nil>
	// 200 OK
}

func ExampleRequest_SetReadDeadline() {
	app := microroute.New()
	app.Post("/", func(c *microroute.Context) (string, error) {
		c.Request.SetReadDeadline(time.Now().Add(time.Hour)) // a slow upload is welcome
		data, err := c.Request.Data()
		return string(data), err
	})

	post(app, "/", "text/plain", "slow")
	// Output:
	// 200 OK
	// slow
}

func ExampleResponse_SetWriteDeadline() {
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) string {
		c.Response.SetWriteDeadline(time.Now().Add(time.Minute)) // for the whole answer
		return "in time"
	})

	get(app, "/")
	// Output:
	// 200 OK
	// in time
}

func ExampleRequest_SetOrigin() {
	app := microroute.New()
	app.Before(func(c *microroute.Context) error {
		c.Request.SetOrigin("https", "tea.example") // what a proxy has told
		return nil
	})
	app.Get("/", func(c *microroute.Context) string { return c.Request.Scheme() + "://" + c.Request.Host() })

	get(app, "/")
	// Output:
	// 200 OK
	// https://tea.example
}

func ExampleServer_RunUntil() {
	app := microroute.New()
	server, err := app.Start("127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	signals := make(chan os.Signal, 1)
	signals <- os.Interrupt // from somewhere else than the operating system

	fmt.Println(server.RunUntil(signals))
	// Output:
	// <nil>
}

func ExampleEndSignals() {
	app := microroute.New()
	signals := microroute.EndSignals() // from now on they do not end the program at once
	defer signal.Stop(signals)
	server, err := app.Start("127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	signals <- os.Interrupt // as if somebody had pressed Ctrl-C

	fmt.Println(server.RunUntil(signals))
	// Output:
	// <nil>
}

func ExampleServer_HandOver() {
	app := microroute.New(microroute.Config{LameDuck: time.Hour})
	server, err := app.Start("127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	server.HandOver() // to a process that has the same sockets

	fmt.Println(server.Shutdown(context.Background()), app.Ready())
	// Output:
	// <nil> true
}
