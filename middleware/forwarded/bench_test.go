package forwarded_test

import (
	"bytes"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/middleware/forwarded"
)

// ways are the configurations that are measured, with the fields of a request for them.
var ways = []struct {
	name   string
	config forwarded.Config
	fields string
}{
	{"without", forwarded.Config{}, ""},
	{"not a proxy", forwarded.Config{Unix: true, Client: "X-Forwarded-For"}, "X-Forwarded-For: 203.0.113.7\r\n"},
	{"X-Real-IP", forwarded.Config{Client: "X-Real-IP"}, "X-Real-IP: 203.0.113.7\r\n"},
	{"X-Forwarded-For, -Proto, -Host",
		forwarded.Config{Client: "X-Forwarded-For", Scheme: "X-Forwarded-Proto", Host: "X-Forwarded-Host"},
		"X-Forwarded-For: 6.6.6.6, 203.0.113.7, 127.0.0.9\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: shop.test\r\n"},
	{"Forwarded", forwarded.Config{Client: "Forwarded", Scheme: "Forwarded", Host: "Forwarded"},
		"Forwarded: for=6.6.6.6, for=203.0.113.7;proto=https;host=shop.test, for=127.0.0.9;proto=http\r\n"},
}

// BenchmarkRequest is a request on a connection that stays, with other fields as browsers send them.
func BenchmarkRequest(b *testing.B) {
	for _, way := range ways {
		b.Run(way.name, func(b *testing.B) {
			exchange := connect(b, way.config, way.fields)
			b.ReportAllocs()
			for b.Loop() {
				exchange()
			}
		})
	}
}

// BenchmarkHook is the hook alone, but for the copy of the head.
func BenchmarkHook(b *testing.B) {
	proxy := netip.MustParseAddrPort("127.0.0.1:4711")
	for _, way := range ways[1:] {
		b.Run(way.name, func(b *testing.B) {
			hook := forwarded.New(complete(way.config))
			b.ReportAllocs()
			connect(b, forwarded.Config{}, way.fields, func(c *microroute.Context) {
				for b.Loop() {
					c.Request.RemoteAddr = proxy
					hook(c)
				}
			})()
		})
	}
}

// complete returns config with this machine as a proxy, if it has none.
func complete(config forwarded.Config) forwarded.Config {
	if !config.Unix {
		config.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	}
	return config
}

// connect serves an App with config, none if that names no field, and returns a function that sends it a request with the
// fields and reads the answer. The handler calls each before it answers.
func connect(t testing.TB, config forwarded.Config, fields string, each ...func(c *microroute.Context)) func() {
	t.Helper()
	app := microroute.New(microroute.Config{Logger: slog.New(slog.DiscardHandler)})
	if config.Client != "" {
		app.Before(forwarded.New(complete(config)))
	}
	app.Get("/", func(c *microroute.Context) string {
		for _, do := range each {
			do(c)
		}
		return "Hello World!"
	})
	server, err := app.Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	conn, err := net.Dial("tcp", server.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	request := []byte("GET / HTTP/1.1\r\nHost: inner.test\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nAccept: text/html\r\n" +
		"Accept-Language: en\r\nAccept-Encoding: gzip, br\r\nCookie: session=0123456789abcdef\r\n" + fields + "\r\n")
	buf := make([]byte, 4096)
	return func() {
		conn.Write(request)
		n, err := io.ReadAtLeast(conn, buf, len("Hello World!"))
		if err != nil || !bytes.HasSuffix(buf[:n], []byte("Hello World!")) {
			t.Fatalf("got %q, %v", buf[:n], err)
		}
	}
}
