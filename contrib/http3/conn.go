package http3

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/microroute/microroute/engine"
	"github.com/microroute/microroute/https"
	"github.com/microroute/microroute/nethttp"
	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/http3"
)

// conn is a QUIC connection as the engine knows it: by what it needs to count it and to end it. Octets go through its streams,
// of which http3.Server takes care.
type conn struct {
	quic     *quic.Conn
	listener *Listener
	lull     lull
	served   atomic.Bool
	closing  sync.Once
}

var (
	_ engine.Negotiator = (*conn)(nil)
	_ engine.Protocol   = (*conn)(nil)
)

// Negotiate has nothing left to settle.
func (c *conn) Negotiate(context.Context) (engine.Protocol, error) { return c, nil }

// drainGrace is for how long a server that shuts down takes new requests from clients that it has already: they do not know
// yet, and those that have just come have not asked for anything.
const drainGrace = 300 * time.Millisecond

// Serve serves c itself until it ends. A client is told to go (GOAWAY, RFC 9114 section 5.2) when draining begins, or when it
// has had nothing to ask for the IdleTimeout. What it has asked for finishes, and then it has the DrainTimeout to take the
// last octets.
func (c *conn) Serve(_ net.Conn, draining <-chan struct{}) {
	c.served.Store(true)
	defer c.Close()
	idle := c.lull.after(c.listener.limits.IdleTimeout)
	defer c.lull.stop()
	server := c.server(draining)
	ended := c.quic.Context().Done()
	var farewell sync.WaitGroup
	farewell.Go(func() {
		select {
		case <-ended:
			return
		case <-idle.Done():
		case <-draining:
			select {
			case <-ended:
			case <-time.After(drainGrace):
			}
		}
		server.Shutdown(c.lull.after(c.patience()))
	})
	if err := server.ServeQUICConn(c.quic); err != nil {
		c.listener.logger.Debug("connection ended", "client", c.RemoteAddr(), "error", err)
	}
	farewell.Wait()
}

// patience is how long the client has for the last octets.
func (c *conn) patience() time.Duration {
	if limit := c.listener.limits.DrainTimeout; limit >= 0 {
		return limit
	}
	return time.Second
}

// server returns an http3.Server for c alone, so that it can be ended on its own.
func (c *conn) server(draining <-chan struct{}) *http3.Server {
	limits := c.listener.limits
	about := &nethttp.Conn{
		Draining:     draining,
		Serves:       c.serves,
		BodyTimeout:  limits.BodyTimeout,
		WriteTimeout: limits.WriteTimeout,
	}
	return &http3.Server{
		Handler:        http.HandlerFunc(c.answer),
		MaxHeaderBytes: max(limits.Head, 0),
		ConnContext: func(ctx context.Context, _ *quic.Conn) context.Context {
			return nethttp.WithConn(ctx, about)
		},
	}
}

// serves reports whether a request for host may come on this connection, see https.Serves.
func (c *conn) serves(host string) bool {
	var shown []*x509.Certificate
	if h := handshakeOf(c.quic.Context()); h.shown != nil {
		shown = append(shown, h.shown.Leaf)
	}
	state := c.quic.ConnectionState().TLS
	return https.Serves(&state, host, shown...)
}

// Close closes the connection. One that has not been served was one too many.
func (c *conn) Close() error {
	c.closing.Do(func() {
		code := http3.ErrCodeExcessiveLoad
		if c.served.Load() {
			code = http3.ErrCodeNoError
		}
		c.quic.CloseWithError(quic.ApplicationErrorCode(code), "")
		c.listener.release()
	})
	return nil
}

// RemoteAddr returns the client's address, a *net.UDPAddr. It changes when the client changes networks.
func (c *conn) RemoteAddr() net.Addr { return c.quic.RemoteAddr() }

// LocalAddr returns the address of the listener's socket.
func (c *conn) LocalAddr() net.Addr { return c.quic.LocalAddr() }

var errStreams = errors.New("http3: a QUIC connection is read and written by streams")

// Read and Write fail.
func (c *conn) Read([]byte) (int, error)  { return 0, errStreams }
func (c *conn) Write([]byte) (int, error) { return 0, errStreams }

// SetDeadline, SetReadDeadline and SetWriteDeadline fail.
func (c *conn) SetDeadline(time.Time) error      { return errStreams }
func (c *conn) SetReadDeadline(time.Time) error  { return errStreams }
func (c *conn) SetWriteDeadline(time.Time) error { return errStreams }
