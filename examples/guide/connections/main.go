// Command connections is the program of the chapter about connections: handlers that talk over them in their own words,
// and other servers that carry an App.
//
//	go run ./examples/guide/connections
//	go run ./examples/guide/connections -cert cert.pem -key key.pem
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/nethttp"
)

func main() {
	certificate := flag.String("cert", "", "`file` with the certificate; with it, serve over TLS")
	key := flag.String("key", "", "`file` with its private key")
	flag.Parse()
	if err := run(newApp(), *certificate, *key); err != nil {
		log.Fatal(err)
	}
}

// run serves app by itself, or with net/http where it takes TLS.
func run(app *microroute.App, certificate, key string) error {
	if certificate == "" {
		return app.Run(":8080")
	}
	server := &http.Server{
		Addr:              ":8443",
		Handler:           nethttp.Handler(app), // HTTP/1.1 and HTTP/2
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       75 * time.Second,
	}
	return server.ListenAndServeTLS(certificate, key)
}

func newApp() *microroute.App {
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) string {
		return c.Request.Proto + " over " + c.Request.Scheme()
	})
	addClient(app)
	addUpgrade(app)
	return app
}

// addClient shows a connection that the handler has until it returns.
func addClient(app *microroute.App) {
	app.Get("/by-hand", func(c *microroute.Context) error {
		conn, err := c.Response.Client()
		if err != nil {
			return err // HTTP/2: the connection carries other requests, too
		}
		_, err = fmt.Fprint(conn, "HTTP/1.1 299 Made By Hand\r\n",
			"Content-Type: text/plain\r\n",
			"Connection: close\r\n",
			"\r\n",
			"Every octet is the handler's.\n")
		return err
	})
}

// addUpgrade shows a connection that becomes the program's for good, to speak another protocol.
func addUpgrade(app *microroute.App) {
	app.Get("/shout", func(c *microroute.Context) error {
		conn, err := c.Response.Upgrade("shout")
		if err != nil {
			return err // 426 for a client that does not speak it
		}
		c.Go(func(ctx context.Context) {
			defer conn.Close()
			stop := context.AfterFunc(ctx, func() { conn.Close() }) // a shutdown has waited long enough
			defer stop()
			shout(conn)
		})
		return nil
	})
}

// shout repeats every line of its client in capitals, until one of them has had enough.
func shout(conn net.Conn) {
	lines := bufio.NewScanner(conn)
	for {
		conn.SetDeadline(time.Now().Add(time.Minute)) // there is no other
		if !lines.Scan() {
			return
		}
		if _, err := fmt.Fprintln(conn, strings.ToUpper(lines.Text())); err != nil {
			return
		}
	}
}
