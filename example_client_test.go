package microroute_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"

	"github.com/microroute/microroute"
)

func ExampleResponse_Close() {
	app := microroute.New()
	app.Get("/film", func(c *microroute.Context) error {
		if err := c.Response.SendString("all there is"); err != nil {
			return err
		}
		return c.Response.Close()
	})
	app.Get("/silence", func(c *microroute.Context) error { return c.Response.Close() })

	get(app, "/film")
	get(app, "/silence")
	// Output:
	// 200 OK
	// all there is
	// no answer
}

func ExampleResponse_Client() {
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) error {
		conn, err := c.Response.Client()
		if err != nil {
			return err
		}
		_, err = io.WriteString(conn, "HTTP/1.1 299 By Hand\r\nContent-Length: 3\r\n\r\ntea")
		return err
	})

	get(app, "/")
	// Output:
	// 299 By Hand
	// tea
}

func ExampleResponse_Hijack() {
	app := microroute.New()
	app.Get("/chat", func(c *microroute.Context) error {
		conn, err := c.Response.Hijack()
		if err != nil {
			return err
		}
		go func() {
			defer conn.Close()
			fmt.Fprint(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: tea\r\nConnection: Upgrade\r\n\r\n")
			order, _ := bufio.NewReader(conn).ReadString('\n')
			fmt.Fprint(conn, "one cup of ", order)
		}()
		return nil
	})
	server, err := app.Start("127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()

	conn, err := net.Dial("tcp", server.Addr().String())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer conn.Close()
	fmt.Fprint(conn, "GET /chat HTTP/1.1\r\nHost: shop.example\r\n\r\nAssam\n")
	answer, err := io.ReadAll(conn)
	fmt.Println(strings.ReplaceAll(string(answer), "\r\n", "\n"), err)
	// Output:
	// HTTP/1.1 101 Switching Protocols
	// Upgrade: tea
	// Connection: Upgrade
	//
	// one cup of Assam
	//  <nil>
}

func ExampleResponse_Upgrade() {
	app := microroute.New()
	app.Get("/chat", func(c *microroute.Context) error {
		conn, err := c.Response.Upgrade("tea")
		if err != nil {
			return err // 426 for those who do not speak it
		}
		c.Go(func(context.Context) {
			defer conn.Close()
			order, _ := bufio.NewReader(conn).ReadString('\n')
			fmt.Fprint(conn, "one cup of ", order)
		})
		return nil
	})
	server, err := app.Start("127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()

	conn, err := net.Dial("tcp", server.Addr().String())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer conn.Close()
	fmt.Fprint(conn, "GET /chat HTTP/1.1\r\nHost: shop.example\r\nConnection: upgrade\r\nUpgrade: tea\r\n\r\nAssam\n")
	in := bufio.NewReader(conn)
	answer, err := http.ReadResponse(in, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	rest, err := io.ReadAll(in)
	fmt.Println(answer.Status, answer.Header.Get("Upgrade"))
	fmt.Println(string(rest), err)
	// Output:
	// 101 Switching Protocols tea
	// one cup of Assam
	//  <nil>
}

func ExampleTimeoutError() {
	app := microroute.New()
	gone := make(chan error)
	app.Get("/film", func(c *microroute.Context) error {
		for {
			if err := c.Response.SendString("frame"); err != nil {
				gone <- err
				return err
			}
		}
	})
	server, err := app.Start("127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()

	answer, err := http.Get("http://" + server.Addr().String() + "/film")
	if err != nil {
		fmt.Println(err)
		return
	}
	answer.Body.Close() // the client has seen enough
	var timeout *microroute.TimeoutError
	if errors.As(<-gone, &timeout) {
		fmt.Println("cannot", timeout.Op)
	}
	// Output:
	// cannot send
}

func ExampleTimeoutError_Timeout() {
	slow := &microroute.TimeoutError{Op: "send", Err: os.ErrDeadlineExceeded}
	gone := &microroute.TimeoutError{Op: "send", Err: net.ErrClosed}

	fmt.Println(slow.Timeout(), gone.Timeout())
	// Output:
	// true false
}
