package listener_test

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute"
)

// patience is how long a test waits for what must happen.
const patience = 20 * time.Second

const request = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

// serve answers every request that comes over l.
func serve(t *testing.T, l net.Listener, answer string) *microroute.Server {
	t.Helper()
	return serveBy(t, microroute.EngineAuto, l, answer)
}

func serveBy(t *testing.T, engine microroute.Engine, l net.Listener, answer string) *microroute.Server {
	t.Helper()
	app := microroute.New(microroute.Config{Logger: slog.New(slog.DiscardHandler), Engine: engine})
	app.Get("/", func(*microroute.Context) string { return answer })
	server, err := app.StartOn(l)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	return server
}

func dial(t *testing.T, address net.Addr) net.Conn {
	t.Helper()
	conn, err := net.Dial(address.Network(), address.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(patience))
	return conn
}

// get returns the answer to a request.
func get(t *testing.T, conn net.Conn) string {
	t.Helper()
	if _, err := fmt.Fprint(conn, request); err != nil {
		t.Fatal(err)
	}
	return answer(t, conn)
}

// answer returns the content of the response to a request that was sent.
func answer(t *testing.T, conn net.Conn) string {
	t.Helper()
	response, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	_, content, _ := strings.Cut(string(response), "\r\n\r\n")
	return content
}
