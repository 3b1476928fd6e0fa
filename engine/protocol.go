package engine

import (
	"bytes"
	"context"
	"net"
	"time"
)

// Protocol serves connections whose clients speak something else than HTTP/1. Package nethttp has one for HTTP/2.
type Protocol interface {
	// Serve serves conn until it ends, and closes it. When draining is closed, exchanges that are under way finish, and
	// then it ends. Close of the Server closes conn from outside.
	Serve(conn net.Conn, draining <-chan struct{})
}

// Negotiator is a connection that has something to settle with its client before the first request: a TLS handshake, or
// who the client is behind a proxy. The portable engine knows it by this method, and serves it.
type Negotiator interface {
	net.Conn
	// Negotiate is called once, in the connection's own goroutine, before anything is read. Its ctx ends after the
	// HeadTimeout, and with the server. It returns the Protocol that serves the connection from then on, nil for HTTP/1; an
	// error closes the connection. Before it, RemoteAddr may be nil; afterwards it is the client's for good. A connection
	// over another Negotiator calls that one's Negotiate first.
	Negotiate(ctx context.Context) (Protocol, error)
}

// HTTP2Listener is a listener whose clients may begin with HTTP/2 because they know that the server speaks it (RFC 9113
// section 3.3).
type HTTP2Listener interface {
	net.Listener
	// Unwrap returns the listener that accepts the connections.
	Unwrap() net.Listener
	// HTTP2 returns what serves those that open with the preface of HTTP/2. It is called when serving begins.
	HTTP2() Protocol
}

// negotiate settles what the connection has to settle, and serves it if the outcome is another protocol.
func (c *portable) negotiate(conn Negotiator) verdict {
	s := c.server
	ctx, cancel := s.context, context.CancelFunc(func() {})
	if patience := s.limits.HeadTimeout; patience >= 0 {
		ctx, cancel = context.WithTimeout(ctx, patience)
	}
	protocol, err := conn.Negotiate(ctx)
	cancel()
	if err != nil {
		s.logger.Debug("connection refused", "client", conn.RemoteAddr(), "error", err)
		return closes
	}
	if !s.rename(&c.conn, addrPort(conn.RemoteAddr())) {
		return closes
	}
	if protocol != nil {
		protocol.Serve(conn, s.drained)
		return closes
	}
	return more
}

// preface is how a connection begins that its client wants to use for HTTP/2, as far as it looks like HTTP/1 (RFC 9113
// section 3.4).
const preface = "PRI * HTTP/2.0\r\n"

// prefaced reports whether what has been read opens the connection with the preface, where that is expected.
func (c *conn) prefaced() bool {
	return c.mayPreface && bytes.HasPrefix(c.work.in.rest(), []byte(preface))
}

// speakHTTP2 has the connection served by the Protocol of its listener.
func (c *conn) speakHTTP2() verdict {
	octets := bytes.Clone(c.work.in.rest())
	c.releaseWork()
	c.net.SetDeadline(time.Time{})
	c.server.http2().Serve(&ahead{c.net, octets}, c.server.drained)
	return closes
}

// http2 returns the Protocol for connections that open with the preface of HTTP/2.
func (s *Server) http2() Protocol {
	s.mu.Lock()
	protocol := s.prefaced
	s.mu.Unlock()
	return protocol
}

// unwrap returns the listener that accepts l's connections, and whether they may open with the preface of HTTP/2.
func (s *Server) unwrap(l net.Listener) (inner net.Listener, mayPreface bool) {
	knowing, ok := l.(HTTP2Listener)
	if !ok {
		return l, false
	}
	protocol := knowing.HTTP2()
	s.mu.Lock()
	s.prefaced = protocol
	s.mu.Unlock()
	return knowing.Unwrap(), true
}

// ahead is a connection of which some octets have been read already.
type ahead struct {
	net.Conn
	octets []byte
}

// Read reads what has been read ahead, then from the connection.
func (a *ahead) Read(p []byte) (int, error) {
	if len(a.octets) > 0 {
		n := copy(p, a.octets)
		a.octets = a.octets[n:]
		return n, nil
	}
	return a.Conn.Read(p)
}
