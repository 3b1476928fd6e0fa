package https

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"

	"github.com/microroute/microroute/engine"
)

// conn is a TLS connection. Its CloseWrite sends close_notify and goes on reading. It has no SyscallConn: what is in the
// socket is not what there is to read.
type conn struct {
	*tls.Conn
	listener *Listener
	state    *tls.ConnectionState // nil before the handshake
	shown    *x509.Certificate    // to the client; nil if that is not known
	abrupt   bool                 // it ends without close_notify
}

// connKey is for the conn in the context of its handshake.
type connKey struct{}

// errNoHTTP: the client has come for a protocol that is over with its handshake.
var errNoHTTP = errors.New("https: the client speaks another protocol than HTTP")

// Negotiate makes the handshake, after that of the connection below, if there is one.
func (c *conn) Negotiate(ctx context.Context) (engine.Protocol, error) {
	if inner, ok := c.NetConn().(engine.Negotiator); ok {
		if _, err := inner.Negotiate(ctx); err != nil {
			return nil, err
		}
	}
	if err := c.HandshakeContext(context.WithValue(ctx, connKey{}, c)); err != nil {
		return nil, refusePlain(err)
	}
	state := c.ConnectionState()
	c.state = &state
	if c.shown == nil && state.DidResume {
		c.shown = c.listener.Certificate(state.ServerName)
	}
	switch protocol := state.NegotiatedProtocol; {
	case protocol == "" || isHTTP1(protocol):
		return nil, nil
	case protocol == protocolHTTP2 && c.listener.http2 != nil:
		return c.listener.http2, nil
	}
	return nil, errNoHTTP
}

// TLS returns the *tls.ConnectionState of the connection, always the same one; nil before the handshake.
func (c *conn) TLS() any {
	if c.state == nil {
		return nil
	}
	return c.state
}

// TLSConn returns the connection as net/http wants it for HTTP/2.
func (c *conn) TLSConn() *tls.Conn { return c.Conn }

// Serves reports whether a request for host may come on this connection. If hosts may differ in what certificates they
// demand of clients, it is for the one host that the client has named.
func (c *conn) Serves(host string) bool {
	if t := c.listener.tls; t.ClientAuth != tls.NoClientCert || t.GetConfigForClient != nil {
		return Serves(c.state, host)
	}
	return Serves(c.state, host, c.shown)
}

// SetLinger with 0 has Close reset the connection below, without close_notify: the client can tell that something is
// missing.
func (c *conn) SetLinger(seconds int) error {
	c.abrupt = seconds == 0
	if inner, ok := c.NetConn().(interface{ SetLinger(int) error }); ok {
		return inner.SetLinger(seconds)
	}
	return errors.ErrUnsupported
}

// Close sends close_notify and closes the connection.
func (c *conn) Close() error {
	if c.abrupt {
		return c.NetConn().Close()
	}
	return c.Conn.Close()
}
