package engine_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute/engine"
	"github.com/microroute/microroute/message"
)

// soon is how long a test waits for what must happen; nothing that works takes as long.
const soon = 10 * time.Second

// mode is a way to move octets. Every test of this package runs in all of them.
type mode struct {
	name     string
	portable bool // although there may be an engine of the system's own
	bare     bool // connections are no *net.TCPConn
}

var modes = []mode{
	{name: "event"},
	{name: "portable", portable: true},
	{name: "any net.Conn", portable: true, bare: true},
}

func (m mode) listen(l net.Listener) net.Listener {
	if m.bare {
		return bareListener{l}
	}
	return l
}

// bareListener hides what a TCP connection can do beyond net.Conn, like a listener for TLS.
type bareListener struct{ net.Listener }

func (l bareListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c.(interface{ SetWriteBuffer(int) error }).SetWriteBuffer(256 << 10) // so that a slow reader makes itself felt soon
	return &bareConn{Conn: c}, nil
}

// bareConn fails for good when a write has timed out, as a tls.Conn does.
type bareConn struct {
	net.Conn
	broken error
}

func (c *bareConn) Write(p []byte) (int, error) {
	if c.broken != nil {
		return 0, c.broken
	}
	n, err := c.Conn.Write(p)
	c.broken = err
	return n, err
}

func (c *bareConn) CloseWrite() error { return c.Conn.(interface{ CloseWrite() error }).CloseWrite() }

// each runs a test in every mode and checks that it leaves nothing behind.
func each(t *testing.T, test func(t *testing.T, m mode)) {
	for _, m := range modes {
		t.Run(m.name, func(t *testing.T) {
			descriptors := countDescriptors()
			t.Cleanup(func() { checkLeaks(t, descriptors) })
			test(t, m)
		})
	}
}

func checkLeaks(t *testing.T, descriptors int) {
	eventually(t, "goroutines of the engine have ended", func() bool { return engineGoroutines() == "" }, engineGoroutines)
	eventually(t, "descriptors are closed", func() bool { return countDescriptors() <= descriptors }, func() string {
		return fmt.Sprintf("%d descriptors, %d before", countDescriptors(), descriptors)
	})
}

// engineGoroutines returns the stacks of goroutines that run code of the engine.
func engineGoroutines() string {
	buf := make([]byte, 1<<20)
	var found []string
	for stack := range strings.SplitSeq(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
		if strings.Contains(stack, "microroute/engine.") {
			found = append(found, stack)
		}
	}
	return strings.Join(found, "\n\n")
}

// countDescriptors returns how many descriptors the process has open, 0 where that cannot be told.
func countDescriptors() int {
	// The first poll of a process opens descriptors of the runtime's own; they do not count.
	if l, err := net.Listen("tcp", "127.0.0.1:0"); err == nil {
		l.Close()
	}
	entries, _ := os.ReadDir("/proc/self/fd")
	return len(entries)
}

// eventually waits until done, or fails with what state says.
func eventually(t *testing.T, what string, done func() bool, state func() string) {
	t.Helper()
	for start := time.Now(); !done(); time.Sleep(time.Millisecond) {
		if time.Since(start) > soon {
			t.Fatalf("waited in vain until %s: %s", what, state())
		}
	}
}

// server is a running engine.Server.
type server struct {
	*engine.Server
	t      *testing.T
	addr   string
	served chan error // what Serve has returned
}

// start runs a server on a port of its own until the end of the test.
func start(t *testing.T, m mode, limits engine.Limits, handler func(*engine.Exchange)) *server {
	return serve(t, m, listenTCP(t), limits, handler)
}

func listenTCP(t *testing.T) *net.TCPListener {
	t.Helper()
	l, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func serve(t *testing.T, m mode, l net.Listener, limits engine.Limits, handler func(*engine.Exchange)) *server {
	s := &server{
		Server: engine.New(engine.Config{Handler: handler, Limits: limits, Logger: slog.New(slog.DiscardHandler), Portable: m.portable}),
		t:      t,
		addr:   l.Addr().String(),
		served: make(chan error, 1),
	}
	go func() { s.served <- s.Serve(m.listen(l)) }()
	t.Cleanup(func() {
		s.Close()
		if err := <-s.served; !errors.Is(err, engine.ErrServerClosed) {
			t.Errorf("Serve = %v, want ErrServerClosed", err)
		}
	})
	return s
}

// in returns s for a subtest that runs beside others.
func (s *server) in(t *testing.T) *server {
	t.Parallel()
	return &server{s.Server, t, s.addr, s.served}
}

// shutdown begins an orderly end; what is sent on the channel is what Shutdown returns.
func (s *server) shutdown() <-chan error {
	done := make(chan error, 1)
	ctx, cancel := context.WithTimeout(context.Background(), soon)
	go func() {
		defer cancel()
		done <- s.Shutdown(ctx)
	}()
	return done
}

// client is a raw connection to a server.
type client struct {
	*net.TCPConn
	t  *testing.T
	in *bufio.Reader
}

// dial connects to s until the end of the test.
func (s *server) dial() *client {
	s.t.Helper()
	c, err := net.Dial("tcp", s.addr)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.adopt(c)
}

// adopt makes a client of a connection to s.
func (s *server) adopt(c net.Conn) *client {
	c.SetDeadline(time.Now().Add(soon))
	s.t.Cleanup(func() { c.Close() })
	return &client{c.(*net.TCPConn), s.t, bufio.NewReader(c)}
}

func (c *client) send(text string) {
	c.t.Helper()
	if _, err := io.WriteString(c, text); err != nil {
		c.t.Fatalf("sending %.100q: %v", text, err)
	}
}

// response reads the head of the answer to a request with the method given; its content is still to be read.
func (c *client) response(method string) *http.Response {
	c.t.Helper()
	r, err := http.ReadResponse(c.in, &http.Request{Method: method})
	if err != nil {
		c.t.Fatalf("reading the answer to %s: %v", method, err)
	}
	return r
}

// answer reads an answer to a GET or POST to its end.
func (c *client) answer() (r *http.Response, content string) {
	c.t.Helper()
	r = c.response("GET")
	all, err := io.ReadAll(r.Body)
	if err != nil {
		c.t.Fatalf("reading the content of %s, got %.100q: %v", r.Status, all, err)
	}
	return r, string(all)
}

// want reads an answer and checks it.
func (c *client) want(status int, content string) *http.Response {
	c.t.Helper()
	r, got := c.answer()
	if r.StatusCode != status || got != content {
		c.t.Fatalf("answer %d %.200q, want %d %.200q", r.StatusCode, got, status, content)
	}
	return r
}

// wantClosed checks that the server closes the connection, in good order and without another octet.
func (c *client) wantClosed() {
	c.t.Helper()
	if rest, err := io.ReadAll(c.in); len(rest) > 0 || err != nil {
		c.t.Fatalf("instead of the end of the connection: %.200q, %v", rest, err)
	}
}

// wantAlive checks that the connection serves another request.
func (c *client) wantAlive() {
	c.t.Helper()
	c.send(get("/alive"))
	if r, _ := c.answer(); r.StatusCode != 200 {
		c.t.Fatalf("another request on the connection: %s, want 200", r.Status)
	}
}

func get(path string) string { return "GET " + path + " HTTP/1.1\r\nHost: a.test\r\n\r\n" }

// post makes a request whose content is still to be appended.
func post(path string, length int, fields ...string) string {
	fields = append(fields, fmt.Sprintf("Content-Length: %d", length))
	return "POST " + path + " HTTP/1.1\r\nHost: a.test\r\n" + strings.Join(fields, "\r\n") + "\r\n\r\n"
}

// respond begins a response; a length of -1 stands for an unknown one.
func respond(x *engine.Exchange, status int, length int64, content string, last bool) error {
	var h message.Header
	return x.Begin(&message.Response{Status: status, Reason: message.StatusText(status), Header: &h, ContentLength: length}, []byte(content), last)
}

// reply answers with a whole text.
func reply(x *engine.Exchange, content string) { respond(x, 200, int64(len(content)), content, true) }

// echo answers with the target and the content of the request, or with 400 and the error.
func echo(x *engine.Exchange) {
	content, err := io.ReadAll(x)
	if err != nil {
		text := err.Error()
		respond(x, 400, int64(len(text)), text, true)
		return
	}
	reply(x, x.Head().Target()+" "+string(content))
}
