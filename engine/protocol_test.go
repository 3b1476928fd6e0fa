package engine_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute/engine"
)

// shouting is a Protocol whose answers are the client's lines in capital letters; the last is "bye".
type shouting struct{}

func (shouting) Serve(conn net.Conn, draining <-chan struct{}) {
	defer conn.Close()
	lines := make(chan string)
	go func() {
		defer close(lines)
		for in := bufio.NewScanner(conn); in.Scan(); {
			lines <- in.Text()
		}
	}()
	for {
		select {
		case line, ok := <-lines:
			if !ok {
				return
			}
			fmt.Fprintln(conn, strings.ToUpper(line))
		case <-draining:
			io.WriteString(conn, "bye\n")
			conn.Close()
			for range lines {
			}
			return
		}
	}
}

// knowing is a listener whose clients may begin with the preface of HTTP/2.
type knowing struct{ net.Listener }

func (l knowing) Unwrap() net.Listener   { return l.Listener }
func (l knowing) HTTP2() engine.Protocol { return shouting{} }

// startKnowing starts a server on a listener for connections with prior knowledge.
func startKnowing(t *testing.T, m mode, limits engine.Limits) *server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	inner := m
	m.bare = false // what is hidden, is hidden inside
	return serve(t, m, knowing{inner.listen(l)}, limits, echo)
}

const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

func (c *client) wantLine(want string) {
	c.t.Helper()
	if got, err := c.in.ReadString('\n'); strings.TrimRight(got, "\r\n") != want {
		c.t.Fatalf("got the line %q, %v, want %q", got, err, want)
	}
}

// A connection that opens with the preface belongs to the other protocol from its first octet.
func TestPreface(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		s := startKnowing(t, m, engine.Limits{})
		whole, slow, plain := s.dial(), s.dial(), s.dial()
		whole.send(preface + "hello\n")
		for _, line := range []string{"PRI * HTTP/2.0", "", "SM", "", "HELLO"} {
			whole.wantLine(line)
		}
		for _, octet := range []byte(preface) {
			slow.send(string(octet))
			time.Sleep(time.Millisecond) // so that they come one by one
		}
		slow.wantLine("PRI * HTTP/2.0")
		plain.send(get("/plain"))
		plain.want(200, "/plain ")
		plain.send(preface)
		plain.want(505, "HTTP Version Not Supported: HTTP version is neither 1.0 nor 1.1\n")

		done := s.shutdown()
		for _, line := range []string{"", "SM", "", "bye"} {
			slow.wantLine(line)
		}
		whole.wantLine("bye")
		if err := <-done; err != nil {
			t.Errorf("Shutdown = %v", err)
		}
	})
}

// Close does not wait for the other protocol.
func TestCloseEndsOtherProtocols(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		s := startKnowing(t, m, engine.Limits{})
		c := s.dial()
		c.send(preface)
		c.wantLine("PRI * HTTP/2.0")
		s.Close()
		io.Copy(io.Discard, c.in) // returns
	})
}

// settling is a listener of connections that begin with a line which says what to do with them.
type settling struct{ net.Listener }

func (l settling) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	return &settlingConn{Conn: c}, err
}

// settlingConn is an engine.Negotiator: "loud" asks for another protocol, "fail" for none, and anything else is the client's
// address.
type settlingConn struct {
	net.Conn
	remote net.Addr
}

func (c *settlingConn) RemoteAddr() net.Addr { return c.remote }

func (c *settlingConn) Negotiate(ctx context.Context) (engine.Protocol, error) {
	defer context.AfterFunc(ctx, func() { c.SetReadDeadline(time.Unix(1, 0)) })()
	var line []byte
	for octet := make([]byte, 1); ; line = append(line, octet[0]) {
		if _, err := c.Read(octet); err != nil {
			return nil, err
		}
		if octet[0] == '\n' {
			break
		}
	}
	switch string(line) {
	case "loud":
		return shouting{}, nil
	case "fail":
		return nil, errors.New("asked to fail")
	}
	addr, err := net.ResolveTCPAddr("tcp", string(line))
	c.remote = addr
	return nil, err
}

func (c *settlingConn) Serves(host string) bool { return host != "elsewhere" }

// startSettling starts a server whose connections have something to settle first.
func startSettling(t *testing.T, limits engine.Limits) *server {
	t.Helper()
	descriptors := countDescriptors()
	t.Cleanup(func() { checkLeaks(t, descriptors) })
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return serve(t, mode{}, settling{l}, limits, func(x *engine.Exchange) {
		reply(x, fmt.Sprint(x.RemoteAddr(), " ", x.Misdirected()))
	})
}

func TestNegotiate(t *testing.T) {
	s := startSettling(t, engine.Limits{})
	c := s.dial()
	c.send("192.0.2.7:99\n" + get("/"))
	c.want(200, "192.0.2.7:99 false")
	c.send("GET / HTTP/1.1\r\nHost: elsewhere\r\n\r\n")
	c.want(200, "192.0.2.7:99 true")

	loud := s.dial()
	loud.send("loud\nhello\n")
	loud.wantLine("HELLO")

	failing := s.dial()
	failing.send("fail\n")
	failing.wantClosed()

	done := s.shutdown()
	loud.wantLine("bye")
	c.wantClosed()
	if err := <-done; err != nil {
		t.Errorf("Shutdown = %v", err)
	}
}

// Who does not come to the point is not waited for.
func TestNegotiateTakesTooLong(t *testing.T) {
	s := startSettling(t, engine.Limits{HeadTimeout: short})
	c := s.dial()
	c.send("192.0.2.7")
	c.wantClosed()
	silent := s.dial()
	silent.send("192.0.2.7:1\n")
	silent.send(get("/")) // the patience was for the line alone
	silent.want(200, "192.0.2.7:1 false")
}

func TestCloseWhileNegotiating(t *testing.T) {
	s := startSettling(t, engine.Limits{HeadTimeout: -1})
	c := s.dial()
	c.send("192.0.2.7")
	s.Close()
	io.Copy(io.Discard, c.in) // returns
}

// Clients are counted by the addresses that they turn out to have.
func TestClientsAreCountedAfterNegotiation(t *testing.T) {
	s := startSettling(t, engine.Limits{ConnectionsPerClient: 1})
	first, other, second := s.dial(), s.dial(), s.dial()
	first.send("192.0.2.7:1\n" + get("/"))
	first.want(200, "192.0.2.7:1 false")
	other.send("192.0.2.8:1\n" + get("/"))
	other.want(200, "192.0.2.8:1 false")
	second.send("192.0.2.7:2\n")
	second.wantClosed()
	first.Close()
	eventually(t, "the first has gone", func() bool {
		again := s.dial()
		defer again.Close()
		again.send("192.0.2.7:3\n" + get("/"))
		line, _ := again.in.ReadString('\n')
		return strings.HasPrefix(line, "HTTP/1.1 200")
	}, func() string { return "refused" })
}

// A handler's own deadlines go before the limits, in both directions, and end with the exchange.
func TestOwnDeadlines(t *testing.T) {
	limits := engine.Limits{BodyTimeout: short, WriteTimeout: short}
	each(t, func(t *testing.T, m mode) {
		s := start(t, m, limits, func(x *engine.Exchange) {
			var err error
			switch x.Head().RawPath() {
			case "/lifted":
				x.SetReadDeadline(time.Time{})
				_, err = io.ReadAll(x)
			case "/past":
				x.SetReadDeadline(time.Unix(1, 0))
				_, err = io.ReadAll(x)
			case "/write":
				x.SetWriteDeadline(time.Unix(1, 0))
				respond(x, 200, -1, "", false)
				_, err = x.Write([]byte("late"))
				if !errors.Is(err, os.ErrDeadlineExceeded) {
					t.Errorf("write after the deadline: %v", err)
				}
				return
			default:
				_, err = io.ReadAll(x)
			}
			reply(x, fmt.Sprint(errors.Is(err, os.ErrDeadlineExceeded)))
		})
		c := s.dial()
		c.send(post("/lifted", 2) + "a")
		time.Sleep(3 * short)
		c.send("b")
		c.want(200, "false")
		c.send(post("/default", 2) + "a")
		c.want(200, "true")

		past := s.dial()
		past.send(post("/past", 2) + "a")
		past.want(200, "true")
		write := s.dial()
		write.send(get("/write"))
		if rest, _ := io.ReadAll(write.in); strings.Contains(string(rest), "late") {
			t.Errorf("got %q after the deadline", rest)
		}
	})
}
