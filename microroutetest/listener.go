package microroutetest

import (
	"context"
	"crypto/tls"
	"net"
	"sync"
)

// listener is a net.Listener whose connections are pipes in memory.
type listener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newListener() *listener {
	return &listener{conns: make(chan net.Conn), closed: make(chan struct{})}
}

// dial connects to the listener from an address. The server takes the connection for a secure one if state is not nil.
func (l *listener) dial(ctx context.Context, from net.Addr, state *tls.ConnectionState) (net.Conn, error) {
	client, server := newPipe()
	client.local, server.remote = from, from
	server.state = state
	select {
	case l.conns <- server:
		return client, nil
	case <-l.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// secureFor is what a server knows of a TLS connection to a host, which may have a port.
func secureFor(host string) *tls.ConnectionState {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return &tls.ConnectionState{
		Version:            tls.VersionTLS13,
		CipherSuite:        tls.TLS_AES_128_GCM_SHA256,
		HandshakeComplete:  true,
		NegotiatedProtocol: "http/1.1",
		ServerName:         host,
	}
}

// Accept returns the server's end of the next connection.
func (l *listener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close ends the listener.
func (l *listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr returns the address of the connections.
func (l *listener) Addr() net.Addr { return memory{} }
