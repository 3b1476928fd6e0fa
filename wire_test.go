package microroute_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/textproto"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/microroute/microroute"
)

type Context = microroute.Context

// patience is how long a test waits for what should come at once.
const patience = 10 * time.Second

// onEachEngine runs a test with an App on each engine: what a client sees must not depend on it.
func onEachEngine(t *testing.T, test func(t *testing.T, app *microroute.App)) {
	for name, engine := range map[string]microroute.Engine{
		"auto":     microroute.EngineAuto,
		"portable": microroute.EnginePortable,
	} {
		t.Run(name, func(t *testing.T) { test(t, microroute.New(microroute.Config{Engine: engine})) })
	}
}

// serve serves app until the test ends, when all handlers must have returned.
func serve(t testing.TB, app *microroute.App) *microroute.Server {
	t.Helper()
	server, err := app.Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := server.Shutdown(ctx); err != nil {
			t.Errorf("shutting down: %v", err)
		}
	})
	return server
}

// dial connects to server until the test ends.
func dial(t testing.TB, server *microroute.Server) *net.TCPConn {
	t.Helper()
	conn, err := net.Dial("tcp", server.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	conn.SetDeadline(time.Now().Add(patience))
	t.Cleanup(func() { conn.Close() })
	return conn.(*net.TCPConn)
}

// talk sends octets to server on a new connection, and returns what comes back until the server closes it.
func talk(t testing.TB, server *microroute.Server, octets string) string {
	t.Helper()
	conn := dial(t, server)
	defer conn.Close()
	go io.WriteString(conn, octets) // the server need not read all of it
	text, err := io.ReadAll(conn)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("after %q: no end after %q", octets, text)
	}
	if err != nil {
		return string(text) + "[reset]"
	}
	return string(text)
}

// lines returns a request of these lines, without content.
func lines(lines ...string) string { return strings.Join(lines, "\r\n") + "\r\n\r\n" }

// ask sends a request for target with nothing special about it, the only one on its connection.
func ask(t testing.TB, server *microroute.Server, target string) answer {
	t.Helper()
	return parse(t, talk(t, server, lines("GET "+target+" HTTP/1.1", "Host: a.test", "Connection: close")))
}

// answer is a response as it came over the wire.
type answer struct {
	line   string // "HTTP/1.1 200 OK"
	header textproto.MIMEHeader
	body   string // with its chunks
}

func parse(t testing.TB, octets string) answer {
	t.Helper()
	r := textproto.NewReader(newReader(octets))
	line, err := r.ReadLine()
	if err != nil {
		t.Fatalf("no response in %q", octets)
	}
	header, err := r.ReadMIMEHeader()
	if err != nil {
		t.Fatalf("no header in %q: %v", octets, err)
	}
	_, body, _ := strings.Cut(octets, "\r\n\r\n")
	return answer{line, header, body}
}

var dateField = regexp.MustCompile(`Date: [^\r]*\r\n`)

// withoutDate returns a response without what is different every second.
func withoutDate(octets string) string { return dateField.ReplaceAllString(octets, "") }

// record is a log for tests.
type record struct {
	mu   sync.Mutex
	text strings.Builder
}

// logger returns a Logger that writes to r.
func (r *record) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(r, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

func (r *record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.Write(p)
}

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}

func newReader(octets string) *bufio.Reader { return bufio.NewReader(strings.NewReader(octets)) }

// readUntil reads up to and with the end of a line or a head.
func readUntil(t testing.TB, r io.Reader, end string) string {
	t.Helper()
	var text strings.Builder
	for one := make([]byte, 1); !strings.HasSuffix(text.String(), end); text.Write(one) {
		if _, err := io.ReadFull(r, one); err != nil {
			t.Fatalf("%v after %q", err, text.String())
		}
	}
	return text.String()
}
