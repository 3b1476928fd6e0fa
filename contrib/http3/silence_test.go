package http3_test

import (
	"context"
	"crypto/tls"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/contrib/http3"
	"github.com/quic-go/quic-go"
	quichttp3 "github.com/quic-go/quic-go/http3"
)

// wire is a client's socket.
type wire struct {
	net.PacketConn
	cut     atomic.Bool  // nothing is sent, and nothing comes
	deaf    atomic.Bool  // nothing comes
	retries atomic.Int64 // Retry packets that have come (RFC 9000 section 17.2.5)
}

func (w *wire) WriteTo(p []byte, to net.Addr) (int, error) {
	if w.cut.Load() {
		return len(p), nil
	}
	return w.PacketConn.WriteTo(p, to)
}

func (w *wire) ReadFrom(p []byte) (int, net.Addr, error) {
	for {
		n, from, err := w.PacketConn.ReadFrom(p)
		if err == nil && (w.cut.Load() || w.deaf.Load()) {
			continue
		}
		if n > 0 && p[0]&0xf0 == 0xf0 {
			w.retries.Add(1)
		}
		return n, from, err
	}
}

// newWire returns a socket, and the Dial of a client that uses it.
func newWire(t *testing.T) (*wire, func(context.Context, string, *tls.Config, *quic.Config) (*quic.Conn, error)) {
	t.Helper()
	t.Setenv("QUIC_GO_DISABLE_RECEIVE_BUFFER_WARNING", "true")
	socket, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{PacketConn: socket}
	transport := &quic.Transport{Conn: w}
	t.Cleanup(func() {
		transport.Close()
		socket.Close()
	})
	return w, func(ctx context.Context, addr string, trust *tls.Config, config *quic.Config) (*quic.Conn, error) {
		to, err := net.ResolveUDPAddr("udp", addr)
		if err != nil {
			return nil, err
		}
		return transport.Dial(ctx, to, trust, config)
	}
}

// A client that waits for a slow answer is alive: only one that has vanished is given up.
func TestSilence(t *testing.T) {
	const most = 500 * time.Millisecond
	began := make(chan context.Context, 1)
	s := start(t, microroute.Config{}, func(app *microroute.App) {
		app.Get("/", func(c *microroute.Context) string {
			began <- c.Context()
			select {
			case <-c.Context().Done():
				return "given up"
			case <-time.After(3 * most):
				return "answered"
			}
		})
	}, func(config *http3.Config) { config.QUIC = &quic.Config{MaxIdleTimeout: most} })
	w, dial := newWire(t)
	s.client.Transport.(*quichttp3.Transport).Dial = dial
	if got := s.get(t, "/"); got != "200 HTTP/3.0 answered" {
		t.Errorf("silent: got %q", got)
	}
	<-began
	go s.client.Get(s.url)
	ctx := <-began
	w.cut.Store(true)
	<-ctx.Done()
}

// When many begin a handshake and do not end it, others must prove that their address is theirs.
func TestUnprovenAddresses(t *testing.T) {
	limits := microroute.Limits{HeadTimeout: time.Minute} // no handshake fails during the test
	s := start(t, microroute.Config{Limits: limits}, func(app *microroute.App) {
		app.Get("/", func(*microroute.Context) string { return "in" })
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	visit := func() (retries int64, err error) {
		w, dial := newWire(t)
		client := s.visitor(t)
		client.Transport.(*quichttp3.Transport).Dial = dial
		response, err := client.Do(s.request(t, "GET", "/", nil))
		if err == nil {
			response.Body.Close()
		}
		return w.retries.Load(), err
	}
	if retries, err := visit(); retries > 0 || err != nil {
		t.Fatalf("on a quiet day: %d Retry packets, %v, want none", retries, err)
	}
	deaf, dial := newWire(t)
	deaf.deaf.Store(true)
	var trying sync.WaitGroup
	for range 150 {
		trying.Go(func() {
			stubborn := &quic.Config{HandshakeIdleTimeout: time.Minute}
			dial(ctx, strings.TrimPrefix(s.url, "https://"), &tls.Config{NextProtos: []string{"h3"}}, stubborn)
		})
	}
	for {
		retries, err := visit() // which may fail on a busy day
		if retries > 0 && err == nil {
			break
		}
		if ctx.Err() != nil {
			t.Fatalf("with 150 handshakes under way: %d Retry packets, %v, want one at least", retries, err)
		}
	}
	cancel()
	trying.Wait()
}
