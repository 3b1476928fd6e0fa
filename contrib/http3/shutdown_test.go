package http3_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/contrib/http3"
	"github.com/microroute/microroute/engine"
	"github.com/quic-go/quic-go"
	quichttp3 "github.com/quic-go/quic-go/http3"
)

// Shutdown lets exchanges finish, tells their handlers, and returns when the clients have all that they are to get.
func TestShutdown(t *testing.T) {
	began := make(chan struct{})
	s := start(t, microroute.Config{}, func(app *microroute.App) {
		app.Get("/", func(*microroute.Context) string { return "" })
		app.Get("/slow", func(c *microroute.Context) error {
			close(began)
			<-c.Draining()
			if err := c.Context().Err(); err != nil {
				t.Errorf("the context has ended: %v", err)
			}
			for range 10 {
				if err := c.Response.SendString(strings.Repeat("finished ", 10_000)); err != nil {
					return err
				}
			}
			return nil
		})
	})
	s.get(t, "/")
	got := make(chan string)
	go func() { got <- s.get(t, "/slow") }()
	<-began
	if err := s.server.Shutdown(soon(t)); err != nil {
		t.Errorf("Shutdown = %v", err)
	}
	if got, want := <-got, 900_000; len(got) < want {
		t.Errorf("got %d octets, want %d", len(got), want)
	}
	checkFree(t, s.server.Addr())
}

// checkFree checks that nobody uses an address any more.
func checkFree(t *testing.T, address net.Addr) {
	t.Helper()
	socket, err := net.ListenPacket("udp", address.String())
	if err != nil {
		t.Errorf("the socket is still open: %v", err)
		return
	}
	socket.Close()
}

// A client that does not close its connection when it is told to go does not hold up the server, and one that asks for more
// is refused in such a way that it may ask again elsewhere.
func TestShutdownStubbornClient(t *testing.T) {
	began, proceed := make(chan struct{}), make(chan struct{})
	limits := microroute.Limits{DrainTimeout: 100 * time.Millisecond}
	s := start(t, microroute.Config{Limits: limits}, func(app *microroute.App) {
		app.Get("/", func(c *microroute.Context) string {
			close(began)
			<-proceed
			return "finished"
		})
	})
	conn := s.dial(t)
	head := requestHead(t, strings.TrimPrefix(s.url, "https://"))
	first := ask(t, conn, head)
	<-began
	ended := make(chan error)
	go func() { ended <- s.server.Shutdown(soon(t)) }()
	for {
		_, err := io.ReadAll(ask(t, conn, head))
		if refused := new(quic.StreamError); errors.As(err, &refused) {
			if refused.ErrorCode != quic.StreamErrorCode(quichttp3.ErrCodeRequestRejected) {
				t.Errorf("a request after GOAWAY: got %v, want H3_REQUEST_REJECTED", err)
			}
			break
		}
	}
	close(proceed)
	if answer, err := io.ReadAll(first); err != nil || !strings.HasSuffix(string(answer), "finished") {
		t.Errorf("the request before: got %q, %v", answer, err)
	}
	if err := <-ended; err != nil {
		t.Errorf("Shutdown = %v", err)
	}
}

// A new client is refused at once while the last exchanges finish.
func TestShutdownRefuses(t *testing.T) {
	began, proceed := make(chan struct{}), make(chan struct{})
	limits := microroute.Limits{DrainTimeout: 100 * time.Millisecond}
	s := start(t, microroute.Config{Limits: limits}, func(app *microroute.App) {
		app.Get("/", func(c *microroute.Context) {
			close(began)
			<-proceed
		})
	})
	go s.client.Get(s.url)
	<-began
	ended := make(chan error)
	go func() { ended <- s.server.Shutdown(soon(t)) }()
	for {
		_, err := s.visitor(t).Do(s.request(t, "GET", "/none", nil))
		if refused := new(quic.TransportError); errors.As(err, &refused) {
			if refused.ErrorCode != quic.ConnectionRefused {
				t.Errorf("a new client: got %v, want CONNECTION_REFUSED", err)
			}
			break
		}
	}
	close(proceed)
	if err := <-ended; err != nil {
		t.Errorf("Shutdown = %v", err)
	}
}

// Under load no request is lost: each is answered, or has not been looked at, which its client can tell.
func TestShutdownUnderLoad(t *testing.T) {
	var handled atomic.Int64
	s := start(t, microroute.Config{}, func(app *microroute.App) {
		app.Post("/", func(c *microroute.Context) (string, error) {
			data, err := c.Request.Data()
			time.Sleep(time.Millisecond)
			handled.Add(1)
			return string(data), err
		})
	})
	const clients, each = 4, 8
	var answered atomic.Int64
	var asking sync.WaitGroup
	warm := make(chan struct{}, clients*each)
	for range clients {
		client := s.visitor(t)
		client.Transport.(*quichttp3.Transport).Dial = dialOnce()
		for range each {
			asking.Go(func() {
				for n := 0; ; n++ {
					body := strings.Repeat("tea ", 1000)
					response, err := client.Do(s.request(t, "POST", "/", strings.NewReader(body)))
					if err != nil {
						if !mayRepeat(err) {
							t.Errorf("request %d: %v", n, err)
						}
						return
					}
					content, err := io.ReadAll(response.Body)
					response.Body.Close()
					if err != nil || string(content) != body {
						t.Errorf("request %d: got %d octets, %v", n, len(content), err)
						return
					}
					answered.Add(1)
					if n == 3 {
						warm <- struct{}{}
					}
				}
			})
		}
	}
	for range clients * each {
		<-warm
	}
	if err := s.server.Shutdown(soon(t)); err != nil {
		t.Errorf("Shutdown = %v", err)
	}
	asking.Wait()
	if handled.Load() != answered.Load() {
		t.Errorf("%d requests were handled, but %d answered", handled.Load(), answered.Load())
	}
	checkFree(t, s.server.Addr())
}

// Who comes while the server shuts down is answered or refused, and has no doubt which.
func TestShutdownNewClients(t *testing.T) {
	s := start(t, microroute.Config{}, func(app *microroute.App) {
		app.Get("/", func(*microroute.Context) string { return "in" })
	})
	const clients = 8
	warm := make(chan struct{}, clients)
	var coming sync.WaitGroup
	for range clients {
		coming.Go(func() {
			for n := 0; ; n++ {
				client := s.visitor(t)
				transport := client.Transport.(*quichttp3.Transport)
				transport.QUICConfig = &quic.Config{HandshakeIdleTimeout: time.Second}
				transport.Dial = dialOnce()
				response, err := client.Get(s.url)
				if err != nil {
					if !mayRepeat(err) {
						t.Errorf("client %d: %v", n, err)
					}
					return
				}
				if got := show(t, response); got != "200 HTTP/3.0 in" {
					t.Errorf("client %d: got %q", n, got)
				}
				transport.Close()
				if n == 3 {
					warm <- struct{}{}
				}
			}
		})
	}
	for range clients {
		<-warm
	}
	if err := s.server.Shutdown(soon(t)); err != nil {
		t.Errorf("Shutdown = %v", err)
	}
	coming.Wait()
}

// errLeft is why a client does not connect, or not again.
var errLeft = errors.New("has left")

// dialOnce returns a quichttp3.Transport's Dial for one connection.
func dialOnce() func(context.Context, string, *tls.Config, *quic.Config) (*quic.Conn, error) {
	var left atomic.Bool
	return func(ctx context.Context, addr string, t *tls.Config, q *quic.Config) (*quic.Conn, error) {
		if left.Swap(true) {
			return nil, errLeft
		}
		conn, err := quic.DialAddr(ctx, addr, t, q)
		if err != nil {
			return nil, errors.Join(errLeft, err)
		}
		return conn, nil
	}
}

// mayRepeat reports whether a client can tell that a request which has failed has not been looked at.
func mayRepeat(err error) bool {
	var refused *quic.TransportError
	var rejected *quichttp3.Error
	return errors.Is(err, errLeft) ||
		errors.As(err, &refused) && refused.ErrorCode == quic.ConnectionRefused ||
		errors.As(err, &rejected) && rejected.ErrorCode == quichttp3.ErrCodeRequestRejected ||
		strings.Contains(err.Error(), "connection in graceful shutdown")
}

// Close ends connections at once, and with them the contexts of what they carry.
func TestClose(t *testing.T) {
	began, ended := make(chan struct{}), make(chan struct{})
	s := start(t, microroute.Config{}, func(app *microroute.App) {
		app.Get("/", func(c *microroute.Context) {
			close(began)
			<-c.Context().Done()
			close(ended)
		})
	})
	failed := make(chan error)
	go func() {
		_, err := s.client.Get(s.url)
		failed <- err
	}()
	<-began
	s.server.Close()
	<-ended
	if err := <-failed; err == nil {
		t.Error("the client has got an answer")
	}
}

// The listener alone: what it accepts outlives it, and the socket what it accepts.
func TestListenerClose(t *testing.T) {
	certificate, trust := identity(t)
	app := microroute.New(microroute.Config{Logger: quiet})
	l, err := http3.Listen("127.0.0.1:0", config(certificate))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Accept(); err == nil {
		t.Error("Accept before Attach succeeded")
	}
	l.Attach(app)
	trust.NextProtos = []string{quichttp3.NextProtoH3}
	client, err := quic.DialAddr(soon(t), l.Addr().String(), trust, nil)
	if err != nil {
		t.Fatal(err)
	}
	accepted, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	waiting := make(chan error)
	go func() {
		_, err := l.Accept()
		waiting <- err
	}()
	if err := errors.Join(l.Close(), l.Close()); err != nil {
		t.Errorf("Close = %v", err)
	}
	if err := <-waiting; !errors.Is(err, net.ErrClosed) {
		t.Errorf("Accept after Close = %v, want net.ErrClosed", err)
	}
	if err := client.Context().Err(); err != nil {
		t.Errorf("the connection has ended: %v", context.Cause(client.Context()))
	}
	accepted.Close()
	<-client.Context().Done()
	checkFree(t, l.Addr())
}

// A client that was accepted when the server had begun to shut down already may ask once.
func TestServeWhileDraining(t *testing.T) {
	certificate, trust := identity(t)
	app := microroute.New(microroute.Config{Logger: quiet})
	app.Get("/", func(*microroute.Context) string { return "in" })
	l, err := http3.Listen("127.0.0.1:0", config(certificate))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	l.Attach(app)
	draining := make(chan struct{})
	close(draining)
	var serving sync.WaitGroup
	serving.Go(func() {
		accepted, err := l.Accept()
		if err != nil {
			t.Error(err)
			return
		}
		protocol, err := accepted.(engine.Negotiator).Negotiate(t.Context())
		if err != nil {
			t.Error(err)
			return
		}
		protocol.Serve(accepted, draining)
	})
	s := &served{url: "https://" + l.Addr().String(), trust: trust}
	s.client = s.visitor(t)
	if got := s.get(t, "/"); got != "200 HTTP/3.0 in" {
		t.Errorf("got %q", got)
	}
	serving.Wait()
}

// A listener that nobody has served gives its socket back, too.
func TestListenerUnused(t *testing.T) {
	certificate, _ := identity(t)
	l, err := http3.Listen("127.0.0.1:0", config(certificate))
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Errorf("Close = %v", err)
	}
	checkFree(t, l.Addr())
	if _, err := http3.Listen("127.0.0.1:0", http3.Config{}); err == nil {
		t.Error("Listen without a certificate succeeded")
	}
	if _, err := http3.Listen(fmt.Sprint("127.0.0.1:", 1<<16), config(certificate)); err == nil {
		t.Error("Listen on port 65536 succeeded")
	}
}
