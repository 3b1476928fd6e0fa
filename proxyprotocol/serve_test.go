package proxyprotocol_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/proxyprotocol"
)

// soon is how long a test waits for what must happen; nothing that works takes as long.
const soon = 10 * time.Second

// loopback believes those who connect from this machine.
var loopback = proxyprotocol.Config{From: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}

// elsewhere believes others.
var elsewhere = proxyprotocol.Config{From: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}}

// large is content that does not fit into the buffers of a socket.
var large = strings.Repeat("0123456789abcdef", 1<<18)

// newApp returns an App that tells what it knows of a connection.
func newApp(limits microroute.Limits) *microroute.App {
	app := microroute.New(microroute.Config{Limits: limits, Logger: slog.New(slog.DiscardHandler)})
	app.Get("/", func(c *microroute.Context) string {
		return fmt.Sprintf("%v to %v; %s", c.Request.RemoteAddr, c.Request.LocalAddr(), told(c))
	})
	app.Get("/values", func(c *microroute.Context) string {
		h := proxyprotocol.HeaderOf(c.Request)
		return fmt.Sprintf("%q %q %q %+v", h.ALPN(), h.Authority(), h.UniqueID(), h.TLS())
	})
	app.Get("/large", func(c *microroute.Context) string { return large })
	app.Get("/stream", func(c *microroute.Context) io.Reader { return strings.NewReader(large) })
	app.Post("/echo", func(c *microroute.Context) ([]byte, error) { return c.Request.Data() })
	return app
}

// told returns what the header of a connection tells.
func told(c *microroute.Context) string {
	h := proxyprotocol.HeaderOf(c.Request)
	if h == nil {
		return "no header"
	}
	return fmt.Sprintf("v%d from %v to %v", h.Version, h.Source, h.Destination)
}

// serve serves an App behind config and returns the address, a path for the network unix.
func serve(t testing.TB, network string, config proxyprotocol.Config, limits microroute.Limits) string {
	t.Helper()
	l := listenOn(t, network)
	serveOn(t, l, config, newApp(limits))
	return l.Addr().String()
}

// listen returns a listener for TCP that ends with the test.
func listen(t testing.TB) net.Listener { return listenOn(t, "tcp") }

func listenOn(t testing.TB, network string) net.Listener {
	t.Helper()
	address := "127.0.0.1:0"
	if network == "unix" {
		address = filepath.Join(t.TempDir(), "s")
	}
	l, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// serveOn serves app behind config until the test ends.
func serveOn(t testing.TB, l net.Listener, config proxyprotocol.Config, app *microroute.App) {
	t.Helper()
	startOn(t, proxyprotocol.NewListener(l, config), app)
}

func startOn(t testing.TB, l net.Listener, app *microroute.App) {
	t.Helper()
	server, err := app.StartOn(l)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(server.Close(), server.Wait()); err != nil {
			t.Error(err)
		}
	})
}

// dial connects to an address; the connection ends with the test.
func dial(t testing.TB, network, address string) net.Conn {
	t.Helper()
	conn, err := net.Dial(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(soon))
	return conn
}

// get is a request.
func get(target string) string { return "GET " + target + " HTTP/1.1\r\nHost: app.test\r\n\r\n" }

// answer reads a response and returns its status and content.
func answer(t testing.TB, r *bufio.Reader) (status int, content string) {
	t.Helper()
	response, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	b, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(b)
}
