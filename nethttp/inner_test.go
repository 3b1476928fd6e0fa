package nethttp_test

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/nethttp"
)

// Pieces arrive as they are sent, with interim responses before and trailer fields behind, whatever is around.
func TestMiddlewareStreams(t *testing.T) {
	for name, wrap := range map[string]func(http.Handler) http.Handler{"wrapped": sameAgain, "compressed": compressor} {
		eachWay(t, func(t *testing.T, app *microroute.App, serve func() origin) {
			more := make(chan struct{})
			app.With(nethttp.Middleware(wrap, sameAgain)).Get("/", func(c *microroute.Context) error {
				c.Response.Trailer.Set("X-Sum", "7")
				if err := c.Response.EarlyHints("</a.css>"); err != nil {
					return err
				}
				for range 3 {
					if err := c.Response.SendString("piece"); err != nil {
						return err
					}
					<-more
				}
				return nil
			})
			o := serve()
			response, err := o.client.Get(o.url)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			content := io.Reader(response.Body)
			if name == "compressed" {
				if content, err = gzip.NewReader(bufio.NewReader(response.Body)); err != nil {
					t.Fatal(err)
				}
			}
			for range 3 {
				piece := make([]byte, 5)
				if _, err := io.ReadFull(content, piece); err != nil || string(piece) != "piece" {
					t.Fatalf("%s: got %q, %v", name, piece, err)
				}
				more <- struct{}{}
			}
			if rest, err := io.ReadAll(content); len(rest) > 0 || err != nil {
				t.Errorf("%s: then got %q, %v", name, rest, err)
			}
			io.Copy(io.Discard, response.Body)
			if response.Trailer.Get("X-Sum") != "7" || response.Header.Get("Link") != "</a.css>" {
				t.Errorf("%s: got the trailer %v with the header %v", name, response.Trailer, response.Header)
			}
		})
	}
}

// What is broken inside is broken for the client.
func TestMiddlewareBreaks(t *testing.T) {
	eachWay(t, func(t *testing.T, app *microroute.App, serve func() origin) {
		group := app.With(nethttp.Middleware(sameAgain))
		group.Get("/late", func(c *microroute.Context) error { c.Response.SendString("some"); return errors.New("disk") })
		group.Get("/panic", func(c *microroute.Context) string { c.Response.SendString("some"); panic("out of tea") })
		group.Get("/abort", func(c *microroute.Context) error { c.Response.SendString("some"); return c.Response.Abort(500) })
		group.Get("/close", func(c *microroute.Context) error { return c.Response.Close() })
		group.Get("/short", func(c *microroute.Context) error {
			c.Response.Header.Set("Content-Length", "5")
			return c.Response.SendString("some")
		})
		o := serve()
		for _, target := range []string{"/late", "/panic", "/abort", "/close", "/short"} {
			request, err := http.NewRequest("GET", o.url+target, nil)
			if err != nil {
				t.Fatal(err)
			}
			if saw := o.see(request); !strings.Contains(saw, "complete false") && saw != "no answer\n" {
				t.Errorf("%s: the client has seen %s", target, saw)
			}
		}
	})
}

// Another protocol begins through middleware as well.
func TestMiddlewareUpgrade(t *testing.T) {
	for _, way := range ways {
		if way.http2 {
			continue
		}
		t.Run(way.name, func(t *testing.T) {
			app := newApp(way.name, slog.DiscardHandler)
			app.Use(nethttp.Middleware(sameAgain))
			app.Get("/upgrade", shout)
			app.Get("/client", func(c *microroute.Context) error {
				conn, err := c.Response.Client()
				if err == nil {
					_, err = io.WriteString(conn, "HTTP/1.1 299 By Hand\r\nContent-Length: 0\r\n\r\n")
				}
				return err
			})
			o := way.serve(t, app)
			for target, want := range map[string]string{"/upgrade": "101 TEA, PLEASE\n", "/client": "299 "} {
				conn, err := net.Dial("tcp", strings.TrimPrefix(o.url, "http://"))
				if err != nil {
					t.Fatal(err)
				}
				defer conn.Close()
				fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: a.test\r\nConnection: upgrade\r\nUpgrade: shout\r\n\r\ntea, please\n", target)
				in := bufio.NewReader(conn)
				response, err := http.ReadResponse(in, nil)
				if err != nil {
					t.Fatal(err)
				}
				rest, err := io.ReadAll(in)
				if got := fmt.Sprint(response.StatusCode, " ", string(rest)); got != want || err != nil {
					t.Errorf("%s: got %q, %v, want %q", target, got, err, want)
				}
			}
		})
	}
}

// Handlers inside learn that the server drains.
func TestMiddlewareDraining(t *testing.T) {
	for _, way := range []string{"event", "portable"} {
		app := newApp(way, slog.DiscardHandler)
		begun := make(chan struct{})
		app.With(nethttp.Middleware(sameAgain)).Get("/", func(c *microroute.Context) string {
			close(begun)
			<-c.Draining()
			return "drained"
		})
		server, err := app.Start("127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			<-begun
			server.Shutdown(context.Background())
		}()
		response, err := http.Get("http://" + server.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if string(body) != "drained" || err != nil {
			t.Errorf("%s: got %q, %v", way, body, err)
		}
	}
}
