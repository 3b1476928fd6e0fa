package proxyprotocol_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/engine"
	"github.com/microroute/microroute/proxyprotocol"
)

const (
	example     = "PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n"
	exampleTold = "192.168.0.1:56324 to 192.168.0.11:443; v1 from 192.168.0.1:56324 to 192.168.0.11:443"
)

func TestHeaderTells(t *testing.T) {
	address := serve(t, "tcp", loopback, microroute.Limits{})
	for _, test := range []struct{ name, header, want string }{
		{"v1", example, exampleTold},
		{"v1 IPv6", "PROXY TCP6 2001:db8::1 2001:db8::2 56324 443\r\n",
			"[2001:db8::1]:56324 to [2001:db8::2]:443; v1 from [2001:db8::1]:56324 to [2001:db8::2]:443"},
		{"v2", v2(proxy, tcp4, ip4), strings.Replace(exampleTold, "v1", "v2", 1)},
		{"v2 unix", v2(proxy, unixStream, unixPath("/run/a"), unixPath("/run/b")),
			"invalid AddrPort to /run/b; v2 from /run/a to /run/b"},
		{"v1 UNKNOWN", "PROXY UNKNOWN\r\n", "PEER to SERVER; v1 from <nil> to <nil>"},
		{"v2 LOCAL", v2(local, unspecified), "PEER to SERVER; v2 from <nil> to <nil>"},
	} {
		t.Run(test.name, func(t *testing.T) {
			conn := dial(t, "tcp", address)
			io.WriteString(conn, test.header+get("/")+get("/"))
			r := bufio.NewReader(conn)
			want := strings.NewReplacer("PEER", conn.LocalAddr().String(), "SERVER", address).Replace(test.want)
			for range 2 {
				if status, got := answer(t, r); status != 200 || got != want {
					t.Errorf("%q: got %d, %q, want %q", test.header, status, got, want)
				}
			}
		})
	}
}

// TestHeaderInPieces: a header that comes slowly is one all the same, wherever it is cut, and so is the request behind it.
// What is written to a pipe has been read when that returns; a socket is the real thing.
func TestHeaderInPieces(t *testing.T) {
	pipes := newPipeListener()
	serveOn(t, pipes, loopback, newApp(microroute.Limits{}))
	address := serve(t, "tcp", loopback, microroute.Limits{})
	for name, connect := range map[string]func() net.Conn{
		"pipe":   pipes.dial,
		"socket": func() net.Conn { return dial(t, "tcp", address) },
	} {
		t.Run(name, func(t *testing.T) {
			for _, header := range []string{example, v2(proxy, tcp4, ip4, value(0x01, "http/1.1"))} {
				octets := header + get("/")
				for n := 1; n < len(octets); n++ {
					conn := connect()
					io.WriteString(conn, octets[:n])
					io.WriteString(conn, octets[n:])
					status, got := answer(t, bufio.NewReader(conn))
					if status != 200 || !strings.HasPrefix(got, "192.168.0.1:56324 to 192.168.0.11:443;") {
						t.Errorf("%q, then %q: got %d, %q", octets[:n], octets[n:], status, got)
					}
					conn.Close()
				}
			}
		})
	}
}

// pipeListener accepts connections in memory, from an address of the loopback.
type pipeListener struct {
	conns  chan net.Conn
	closed context.Context
	close  context.CancelFunc
}

func newPipeListener() *pipeListener {
	closed, close := context.WithCancel(context.Background())
	return &pipeListener{make(chan net.Conn), closed, close}
}

func (l *pipeListener) dial() net.Conn {
	client, server := net.Pipe()
	client.SetDeadline(time.Now().Add(soon))
	l.conns <- pipeConn{server}
	return client
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed.Done():
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Addr() net.Addr { return tcp("127.0.0.1:80") }

func (l *pipeListener) Close() error {
	l.close()
	return nil
}

type pipeConn struct{ net.Conn }

func (pipeConn) RemoteAddr() net.Addr { return tcp("127.0.0.1:4711") }

func TestHeaderIsRequired(t *testing.T) {
	address := serve(t, "tcp", loopback, microroute.Limits{})
	for _, octets := range []string{
		get("/"), "\x16\x03\x01\x02\x00", "PROXY TCP4 1.1.1.1 2.2.2.2 1\r\n" + get("/"), "P\r\n",
		v2(0x31, tcp4, ip4) + get("/"), v2(proxy, tcp4, ip4, crc0) + get("/"),
	} {
		conn := dial(t, "tcp", address)
		io.WriteString(conn, octets)
		if got, err := io.ReadAll(conn); len(got) > 0 || err != nil && !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("%q: got %q, %v, want the end without an answer", octets, got, err)
		}
	}
}

func TestSlowHeader(t *testing.T) {
	address := serve(t, "tcp", loopback, microroute.Limits{HeadTimeout: 50 * time.Millisecond})
	for _, start := range []string{"", "P", example[:30], v2(proxy, tcp4, ip4)[:20]} {
		conn := dial(t, "tcp", address)
		io.WriteString(conn, start)
		if got, err := io.ReadAll(conn); len(got) > 0 || err != nil && !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("%q: got %q, %v, want the end without an answer", start, got, err)
		}
	}
}

// TestSlowHeaderHoldsUpNobody: there are many who have connected and say nothing.
func TestSlowHeaderHoldsUpNobody(t *testing.T) {
	address := serve(t, "tcp", loopback, microroute.Limits{})
	for range 20 {
		dial(t, "tcp", address)
	}
	conn := dial(t, "tcp", address)
	io.WriteString(conn, example+get("/"))
	if status, got := answer(t, bufio.NewReader(conn)); status != 200 || got != exampleTold {
		t.Errorf("got %d, %q, want %q", status, got, exampleTold)
	}
}

// TestOthersAreNotBelieved: from those who are no proxies a header is a malformed request, and they need none.
func TestOthersAreNotBelieved(t *testing.T) {
	for _, test := range []struct {
		name, network string
		config        proxyprotocol.Config
	}{
		{"another address", "tcp", elsewhere},
		{"TCP, when only unix sockets are believed", "tcp", proxyprotocol.Config{Unix: true}},
		{"a unix socket, when only addresses are believed", "unix", loopback},
		{"IPv4, when all of IPv6 is believed", "tcp", proxyprotocol.Config{From: []netip.Prefix{netip.MustParsePrefix("::/0")}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			address := serve(t, test.network, test.config, microroute.Limits{})
			for _, header := range []string{example, v2(proxy, tcp4, ip4)} {
				conn := dial(t, test.network, address)
				io.WriteString(conn, header+get("/"))
				if status, got := answer(t, bufio.NewReader(conn)); status != 400 {
					t.Errorf("%q: got %d, %q, want 400", header, status, got)
				}
			}
			conn := dial(t, test.network, address)
			io.WriteString(conn, get("/"))
			if status, got := answer(t, bufio.NewReader(conn)); status != 200 || !strings.HasSuffix(got, "no header") {
				t.Errorf("without a header: got %d, %q", status, got)
			}
		})
	}
}

func TestUnix(t *testing.T) {
	address := serve(t, "unix", proxyprotocol.Config{Unix: true}, microroute.Limits{})
	conn := dial(t, "unix", address)
	io.WriteString(conn, example+get("/"))
	if status, got := answer(t, bufio.NewReader(conn)); status != 200 || got != exampleTold {
		t.Errorf("got %d, %q, want %q", status, got, exampleTold)
	}
}

// TestContent: what has been read with the header, or instead of it, would be missing here, and what is large goes other ways
// than what is small.
func TestContent(t *testing.T) {
	address := serve(t, "tcp", loopback, microroute.Limits{Body: -1})
	conn := dial(t, "tcp", address)
	go fmt.Fprintf(conn, "%sPOST /echo HTTP/1.1\r\nHost: app.test\r\nContent-Length: %d\r\n\r\n%s%s%s",
		example, len(large), large, get("/large"), get("/stream"))
	r := bufio.NewReader(conn)
	for _, target := range []string{"/echo", "/large", "/stream"} {
		if status, got := answer(t, r); status != 200 || got != large {
			t.Errorf("%s: got %d and %d octets, want %d", target, status, len(got), len(large))
		}
	}
}

func TestLimitPerClient(t *testing.T) {
	address := serve(t, "tcp", loopback, microroute.Limits{ConnectionsPerClient: 1})
	header := func(client string) string { return "PROXY TCP4 " + client + " 192.168.0.11 1 2\r\n" }
	for _, client := range []string{"192.0.2.1", "192.0.2.2", "192.0.2.3"} {
		conn := dial(t, "tcp", address)
		io.WriteString(conn, header(client)+get("/"))
		if status, got := answer(t, bufio.NewReader(conn)); status != 200 {
			t.Errorf("%s: got %d, %q, want 200: the proxy is counted in its place", client, status, got)
		}
	}
	conn := dial(t, "tcp", address)
	io.WriteString(conn, header("192.0.2.2")+get("/"))
	if got, err := io.ReadAll(conn); len(got) > 0 || err != nil && !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("a second connection of a client: got %q, %v, want the end", got, err)
	}
}

// TestNegotiate: a connection of a socket has all that makes one.
func TestNegotiate(t *testing.T) {
	for _, network := range []string{"tcp", "unix"} {
		t.Run(network, func(t *testing.T) {
			conn, peer := accepted(t, network)
			if got := conn.RemoteAddr(); got != nil {
				t.Errorf("before the header the client is %v, want nil", got)
			}
			if proxyprotocol.HeaderOf(conn) != nil {
				t.Error("there is a header before it has been read")
			}
			io.WriteString(peer, example+"rest")
			if protocol, err := conn.Negotiate(t.Context()); protocol != nil || err != nil {
				t.Fatalf("got %v, %v, want nil", protocol, err)
			}
			if got, want := conn.RemoteAddr().String(), "192.168.0.1:56324"; got != want {
				t.Errorf("got the client %s, want %s", got, want)
			}
			if got, want := conn.LocalAddr(), "192.168.0.11:443"; got.String() != want || got.Network() != "tcp" {
				t.Errorf("got the destination %s %v, want %s", got.Network(), got, want)
			}
			if h := proxyprotocol.HeaderOf(conn); h == nil || h.Source.String() != "192.168.0.1:56324" {
				t.Errorf("got the header %v", h)
			}
			if got := readNext(t, conn); got != "rest" {
				t.Errorf("got %q from the descriptor, want what follows the header", got)
			}
			if _, ok := conn.(io.ReaderFrom); !ok && network == "tcp" {
				t.Error("cannot send files without copying them")
			}
			half, ok := conn.(interface{ CloseWrite() error })
			if !ok || half.CloseWrite() != nil {
				t.Error("cannot close the sending side")
			}
			if n, err := peer.Read(make([]byte, 1)); err != io.EOF {
				t.Errorf("the peer gets %d octets, %v, want the end", n, err)
			}
		})
	}
}

func TestNegotiateEndsWithContext(t *testing.T) {
	conn, peer := accepted(t, "tcp")
	io.WriteString(peer, example[:20])
	over := errors.New("over")
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(10*time.Millisecond, func() { cancel(over) })
	if _, err := conn.Negotiate(ctx); !errors.Is(err, over) {
		t.Errorf("got %v, want %v", err, over)
	}
}

func TestNegotiateFails(t *testing.T) {
	for _, test := range []struct {
		octets string
		want   error
	}{
		{"", io.EOF},
		{example[:20], io.ErrUnexpectedEOF},
		{get("/"), proxyprotocol.ErrMalformed},
	} {
		conn, peer := accepted(t, "tcp")
		io.WriteString(peer, test.octets)
		peer.(*net.TCPConn).CloseWrite()
		_, err := conn.Negotiate(t.Context())
		if !errors.Is(err, test.want) || !strings.Contains(err.Error(), peer.LocalAddr().String()) {
			t.Errorf("%q: got %v, want %v with the address of the proxy", test.octets, err, test.want)
		}
	}
}

// TestNegotiateOverOthers: a listener may give connections that are no sockets.
func TestNegotiateOverOthers(t *testing.T) {
	l := proxyprotocol.NewListener(&bareListener{listen(t)}, loopback)
	peer := dial(t, "tcp", l.Addr().String())
	c, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	io.WriteString(peer, example+"rest")
	if _, err := c.(engine.Negotiator).Negotiate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, want := c.RemoteAddr().String(), "192.168.0.1:56324"; got != want {
		t.Errorf("got the client %s, want %s", got, want)
	}
	b := make([]byte, 4)
	if _, err := io.ReadFull(c, b); string(b) != "rest" {
		t.Errorf("got %q, %v, want what follows the header", b, err)
	}
	half := c.(interface{ CloseWrite() error })
	if err := half.CloseWrite(); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("CloseWrite: got %v, want ErrUnsupported", err)
	}
	if err := l.(interface{ SetDeadline(time.Time) error }).SetDeadline(time.Now()); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("SetDeadline: got %v, want ErrUnsupported", err)
	}
}

// bareListener hides what TCP can do beyond package net's interfaces.
type bareListener struct{ inner net.Listener }

func (l *bareListener) Close() error   { return l.inner.Close() }
func (l *bareListener) Addr() net.Addr { return l.inner.Addr() }
func (l *bareListener) Accept() (net.Conn, error) {
	c, err := l.inner.Accept()
	return struct{ net.Conn }{c}, err
}

func TestListenerDeadline(t *testing.T) {
	l := proxyprotocol.NewListener(listen(t), loopback)
	if err := l.(interface{ SetDeadline(time.Time) error }).SetDeadline(time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Accept(); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("got %v, want the deadline to have passed", err)
	}
}

func TestNewListenerPanics(t *testing.T) {
	for _, test := range []struct {
		config proxyprotocol.Config
		want   string
	}{
		{proxyprotocol.Config{}, "Config.From is empty"},
		{proxyprotocol.Config{From: []netip.Prefix{{}}}, "no prefix"},
	} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.Contains(got, test.want) {
					t.Errorf("%v: got %q, want it to contain %q", test.config, got, test.want)
				}
			}()
			proxyprotocol.NewListener(listen(t), test.config)
		}()
	}
}

// accepted returns a connection from a proxy, and its peer.
func accepted(t *testing.T, network string) (engine.Negotiator, net.Conn) {
	t.Helper()
	config := loopback
	config.Unix = true
	l := proxyprotocol.NewListener(listenOn(t, network), config)
	peer := dial(t, network, l.Addr().String())
	conn, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn.(engine.Negotiator), peer
}
