package nethttp_test

import (
	"bufio"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/nethttp"
)

// BenchmarkHandlers compares ways to say "Hello World!": a handler of microroute, one of net/http in an App, with and without
// middleware, and the same in an http.Server, each over one connection that is kept.
func BenchmarkHandlers(b *testing.B) {
	hello := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		io.WriteString(w, "Hello World!")
	})
	ours := func(c *microroute.Context) string {
		c.Response.MIMEType = "text/plain"
		return "Hello World!"
	}
	inApp := func(add func(app *microroute.App)) func(b *testing.B) string {
		return func(b *testing.B) string {
			app := microroute.New(microroute.Config{Server: "-", Logger: slog.New(slog.DiscardHandler)})
			add(app)
			server, err := app.Start("127.0.0.1:0")
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { server.Close() })
			return server.Addr().String()
		}
	}
	byNetHTTP := func(h http.Handler) func(b *testing.B) string {
		return func(b *testing.B) string {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				b.Fatal(err)
			}
			server := &http.Server{Handler: h}
			go server.Serve(l)
			b.Cleanup(func() { server.Close() })
			return l.Addr().String()
		}
	}
	for _, one := range []struct {
		name  string
		start func(b *testing.B) string
	}{
		{"App", inApp(func(app *microroute.App) { app.Get("/", ours) })},
		{"App/Serve", inApp(func(app *microroute.App) { app.Get("/", nethttp.Serve(hello)) })},
		{"App/Middleware", inApp(func(app *microroute.App) {
			app.Use(nethttp.Middleware(sameAgain))
			app.Get("/", ours)
		})},
		{"App/Middleware/Serve", inApp(func(app *microroute.App) {
			app.Use(nethttp.Middleware(sameAgain))
			app.Get("/", nethttp.Serve(hello))
		})},
		{"http.Server", byNetHTTP(hello)},
		{"http.Server/middleware", byNetHTTP(sameAgain(hello))},
	} {
		b.Run(one.name, func(b *testing.B) { benchmarkHello(b, one.start(b)) })
	}
}

// benchmarkHello asks a server for its hello, as browsers do. The client allocates nothing.
func benchmarkHello(b *testing.B, addr string) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	request := []byte("GET / HTTP/1.1\r\nHost: app.test\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0)\r\n" +
		"Accept: text/html,application/xhtml+xml\r\nAccept-Language: en\r\nAccept-Encoding: gzip, deflate\r\nCookie: session=0123456789abcdef\r\n\r\n")
	in := bufio.NewReader(conn)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := conn.Write(request); err != nil {
			b.Fatal(err)
		}
		for {
			line, err := in.ReadSlice('\n')
			if err != nil {
				b.Fatal(err)
			}
			if len(line) == 2 {
				break
			}
		}
		body, err := in.Peek(len("Hello World!"))
		if err != nil || !strings.HasPrefix("Hello World!", string(body[:1])) {
			b.Fatalf("got %q, %v", body, err)
		}
		in.Discard(len(body))
	}
}
