package microroute_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/engine"
)

func ExampleApp_Start() {
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) string { return "Hello World!" })

	server, err := app.Start("127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()

	answer, err := http.Get("http://" + server.Addr().String() + "/")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	fmt.Printf("%s %v\n", body, err)
	// Output:
	// Hello World! <nil>
}

func ExampleApp_StartOn() {
	app := microroute.New()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	server, err := app.StartOn(l)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()

	fmt.Println(server.Addr() == l.Addr())
	// Output:
	// true
}

func ExampleServer() {
	app := microroute.New()
	server, err := app.Start("127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	go server.Close()

	fmt.Println("ended:", server.Wait())
	// Output:
	// ended: <nil>
}

func ExampleServer_Addr() {
	app := microroute.New()
	server, err := app.Start("127.0.0.1:0") // any port that is free
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()

	address := server.Addr().(*net.TCPAddr)
	fmt.Println(address.IP, address.Port > 0)
	// Output:
	// 127.0.0.1 true
}

func ExampleServer_Wait() {
	app := microroute.New()
	public, err := app.Start("127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	internal, err := app.Start("127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	go func() {
		defer internal.Close()
		public.Close()
	}()

	fmt.Println(public.Wait(), internal.Wait())
	// Output:
	// <nil> <nil>
}

func ExampleServer_Shutdown() {
	app := microroute.New()
	working := make(chan bool)
	app.Get("/slow", func(c *microroute.Context) string {
		working <- true
		time.Sleep(10 * time.Millisecond)
		return "Done."
	})
	server, err := app.Start("127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	answered := make(chan string)
	go func() {
		answer, _ := http.Get("http://" + server.Addr().String() + "/slow")
		answered <- answer.Status
	}()

	<-working
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	fmt.Println("shut down:", server.Shutdown(ctx))
	fmt.Println("the client got:", <-answered)
	// Output:
	// shut down: <nil>
	// the client got: 200 OK
}

func ExampleServer_Close() {
	app := microroute.New()
	working, gone := make(chan bool), make(chan error)
	app.Get("/slow", func(c *microroute.Context) {
		ctx := c.Context()
		working <- true
		<-ctx.Done()
		gone <- ctx.Err()
	})
	server, err := app.Start("127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	go http.Get("http://" + server.Addr().String() + "/slow")

	<-working
	fmt.Println("closed:", server.Close())
	fmt.Println("the handler got:", <-gone)
	// Output:
	// closed: <nil>
	// the handler got: context canceled
}

// anonymous is an Exchange that hides where its client is.
type anonymous struct{ microroute.Exchange }

func (anonymous) RemoteAddr() netip.AddrPort { return netip.AddrPort{} }

func ExampleExchange() {
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) string { return fmt.Sprint("Hello, ", c.Request.RemoteAddr) })
	if err := app.Prepare(); err != nil {
		fmt.Println(err)
		return
	}
	server := engine.New(engine.Config{Handler: func(x *engine.Exchange) { app.Serve(anonymous{x}) }})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	go server.Serve(l)
	defer server.Close()

	answer, err := http.Get("http://" + l.Addr().String() + "/")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	fmt.Printf("%s %v\n", body, err)
	// Output:
	// Hello, invalid AddrPort <nil>
}
