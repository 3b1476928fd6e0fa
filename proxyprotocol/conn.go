package proxyprotocol

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/microroute/microroute/engine"
)

// newConn returns a connection from a proxy over c. Of a socket it has all the methods, the descriptor's too: as nothing is
// read beyond the header, who reads from the descriptor after it misses nothing.
func newConn(c net.Conn) engine.Negotiator {
	ends := ends{conn: c, local: c.LocalAddr()}
	switch c := c.(type) {
	case *net.TCPConn:
		return &tcpConn{c, ends}
	case *net.UnixConn:
		return &unixConn{c, ends}
	}
	return &otherConn{other{c}, ends}
}

// The kinds of connections. RemoteAddr and LocalAddr are those of ends: what is embedded has them one level deeper.
type (
	tcpConn struct {
		*net.TCPConn
		ends
	}
	unixConn struct {
		*net.UnixConn
		ends
	}
	otherConn struct {
		other
		ends
	}
)

type other struct{ net.Conn }

// CloseWrite ends the sending side, if the connection can do that.
func (o other) CloseWrite() error {
	if half, ok := o.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return errors.ErrUnsupported
}

// ends is where a connection comes from and goes to.
type ends struct {
	conn   net.Conn // with the proxy
	remote net.Addr // nil before the header, so that nobody takes the proxy for a client
	local  net.Addr
}

// RemoteAddr returns the client's address, nil before Negotiate. It is that of the proxy if the header names none.
func (e *ends) RemoteAddr() net.Addr { return e.remote }

// LocalAddr returns the address that the client has connected to, before Negotiate the connection's own.
func (e *ends) LocalAddr() net.Addr { return e.local }

// Negotiate reads the header. It fails with an error that wraps ErrMalformed or says why reading has failed, or with the
// cause of ctx's end. The connection is closed then, and without an answer: whether the client expects one in plain text or
// over TLS is not known here. The proxy finds that the server does not work, which is true of the two of them.
func (e *ends) Negotiate(ctx context.Context) (engine.Protocol, error) {
	stop := context.AfterFunc(ctx, func() { e.conn.SetReadDeadline(time.Unix(1, 0)) })
	header, err := ReadHeader(e.conn)
	if !stop() {
		err = context.Cause(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("proxy %v: %w", e.conn.RemoteAddr(), err)
	}
	e.remote = e.conn.RemoteAddr()
	if header.Source != nil {
		e.remote, e.local = header.Source, header.Destination
	}
	e.local = &headedAddr{e.local, header}
	return nil, nil
}

// headedAddr is the address that a client has connected to, with the header that has told it: like this it gets through
// TLS and whatever else is put over the connection.
type headedAddr struct {
	net.Addr
	header *Header
}

// HeaderOf returns the header of a connection, of a request (a *microroute.Request) or of whatever else knows the
// connection's LocalAddr; nil if there was none, because the peer is not a proxy.
//
//	proxyprotocol.HeaderOf(c.Request)
func HeaderOf(of interface{ LocalAddr() net.Addr }) *Header {
	if local, ok := of.LocalAddr().(*headedAddr); ok {
		return local.header
	}
	return nil
}
