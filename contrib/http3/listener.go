package http3

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/nethttp"
	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/http3"
)

// Listener accepts QUIC connections for an App, when their handshake is complete. It may be shared between goroutines.
type Listener struct {
	socket     net.PacketConn
	config     Config
	tls        *tls.Config
	handshakes handshakes
	due        deadline

	// From Attach on:
	handler   http.Handler
	limits    microroute.Limits
	logger    *slog.Logger
	transport *quic.Transport
	accepting *quic.Listener
	failed    error // why there is none

	closing sync.Once
	users   atomic.Int64 // of the socket: open connections, and the Listener until it is closed
}

var errNotAttached = errors.New("http3: Accept before Attach")

// Listen listens on a UDP address, as net.ListenPacket does: names are looked up. The default port is 443.
func Listen(addr string, config Config) (*Listener, error) {
	if _, _, err := net.SplitHostPort(addr); err != nil {
		addr = net.JoinHostPort(addr, "443")
	}
	socket, err := net.ListenPacket("udp", addr)
	if err != nil {
		return nil, err
	}
	l, err := NewListener(socket, config)
	if err != nil {
		socket.Close()
		return nil, err
	}
	return l, nil
}

// NewListener returns a Listener on a socket, a *net.UDPConn mostly, which belongs to it from then on: one that was inherited
// from another process, for example. It stays open if there is an error.
func NewListener(socket net.PacketConn, config Config) (*Listener, error) {
	t, err := config.tls()
	if err != nil {
		return nil, err
	}
	l := &Listener{socket: socket, config: config, tls: t}
	l.users.Store(1)
	l.due.set(time.Time{})
	return l, nil
}

// Attach says whose connections l accepts; StartOn and RunOn do it. Nothing is accepted before.
func (l *Listener) Attach(app *microroute.App) {
	l.limits = app.Config().Limits
	l.handler = nethttp.LimitHead(completed(nethttp.Handler(app)), l.limits)
	l.logger = app.Config().Logger
	l.transport = &quic.Transport{
		Conn:                l.socket,
		ConnContext:         l.handshakes.begin,
		VerifySourceAddress: l.handshakes.mustProve,
	}
	l.accepting, l.failed = l.transport.Listen(l.tls, l.config.quic(l.limits))
}

// Accept waits for the next connection. It is an engine.Negotiator.
func (l *Listener) Accept() (net.Conn, error) {
	switch {
	case l.failed != nil:
		return nil, l.failed
	case l.accepting == nil:
		return nil, errNotAttached
	}
	accepted, err := l.due.accept(l.accepting)
	if err != nil {
		return nil, err
	}
	l.handshakes.end(accepted.Context())
	l.users.Add(1)
	return &conn{quic: accepted, listener: l}, nil
}

// SetDeadline sets until when Accept waits; the zero Time stands for any time. The engine accepts who is on the way with it
// before it closes a listener.
func (l *Listener) SetDeadline(t time.Time) error {
	l.due.set(t)
	return nil
}

// Addr returns the address of the socket.
func (l *Listener) Addr() net.Addr { return l.socket.LocalAddr() }

// port returns the port of the socket.
func (l *Listener) port() int { return l.Addr().(*net.UDPAddr).Port }

// Close refuses clients from now on. Connections that have been accepted go on; with the last of them the socket closes.
func (l *Listener) Close() error {
	l.closing.Do(func() {
		if l.accepting != nil {
			l.refuse()
		}
		l.release()
	})
	return nil
}

// refuse closes connections that nobody has accepted, so that their clients may ask elsewhere, and has later ones refused:
// in silence, they would try for long.
func (l *Listener) refuse() {
	l.accepting.Close()
	for {
		left, err := l.accepting.Accept(context.Background())
		if err != nil {
			break
		}
		left.CloseWithError(quic.ApplicationErrorCode(http3.ErrCodeRequestRejected), "")
	}
	l.transport.Listen(l.tls, &quic.Config{
		GetConfigForClient: func(*quic.ClientInfo) (*quic.Config, error) { return nil, net.ErrClosed },
	})
}

// release takes note that somebody does not use the socket any more. The last one closes it.
func (l *Listener) release() {
	if l.users.Add(-1) > 0 {
		return
	}
	if l.transport != nil {
		l.transport.Close()
	}
	l.socket.Close()
}

// deadline is until when somebody waits. It may be moved meanwhile.
type deadline struct {
	mu     sync.Mutex
	ctx    context.Context
	cancel context.CancelFunc
}

func (d *deadline) set(t time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.cancel != nil {
		d.cancel()
	}
	if t.IsZero() {
		d.ctx, d.cancel = context.WithCancel(context.Background())
		return
	}
	d.ctx, d.cancel = context.WithDeadline(context.Background(), t)
}

// accept accepts a connection until the deadline, wherever that has been moved.
func (d *deadline) accept(l *quic.Listener) (*quic.Conn, error) {
	for {
		d.mu.Lock()
		ctx := d.ctx
		d.mu.Unlock()
		c, err := l.Accept(ctx)
		switch {
		case errors.Is(err, context.DeadlineExceeded):
			return nil, os.ErrDeadlineExceeded
		case !errors.Is(err, context.Canceled):
			return c, err
		}
	}
}
