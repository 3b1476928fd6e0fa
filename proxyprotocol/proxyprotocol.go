// Package proxyprotocol tells a server who its clients are behind a proxy that passes connections on as they are: HAProxy,
// an AWS Network Load Balancer, Traefik, nginx's stream. Such a proxy opens each connection with a PROXY header, in version 1
// or 2 of the protocol's specification (https://www.haproxy.org/download/2.8/doc/proxy-protocol.txt, of 5 March 2020). The
// header names the client, where that has connected to, and perhaps what TLS they have agreed on. Proxies that speak HTTP
// tell such things in fields of the requests; they are the subject of middleware/forwarded.
//
//	l, err := net.Listen("tcp", ":8080")
//	…
//	err = app.RunOn(proxyprotocol.NewListener(l, proxyprotocol.Config{
//		From: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/24")},
//	}))
//
// From then on Request.RemoteAddr is the client's address, and limits for each client count clients. TLS goes on top:
// https.NewListener takes what NewListener returns. A connection's header is read in the connection's own goroutine, within
// Limits.HeadTimeout.
package proxyprotocol

import (
	"errors"
	"net"
	"net/netip"
	"time"

	"github.com/microroute/microroute/internal/prefixes"
)

// Config says who the proxies are. From their connections the header is required, and one without it is closed: whether
// there is a header must not be guessed (section 2 of the specification), for behind a proxy that sends none the client could
// send one. On all other connections there is none; octets that look like one are a malformed request. Probes that do not
// pass the proxy come from an address of their own, then, or to a listener of their own.
type Config struct {
	// From are the addresses of the proxies. If everybody who can connect is one, say so: 0.0.0.0/0 and ::/0.
	From []netip.Prefix
	// Unix says that who connects over a unix socket is a proxy.
	Unix bool
}

// NewListener returns a listener that accepts the connections of l. Those of proxies are engine.Negotiators, which read the
// header; the others are as l gives them. It panics if config names no proxy, or if a prefix is not valid.
func NewListener(l net.Listener, config Config) net.Listener {
	from, err := prefixes.New(config.From)
	if err != nil {
		panic("proxyprotocol: Config.From: " + err.Error())
	}
	if len(from) == 0 && !config.Unix {
		panic("proxyprotocol: Config.From is empty: name the proxies, with 0.0.0.0/0 and ::/0 if everybody is one")
	}
	return &listener{l, from, config.Unix}
}

type listener struct {
	net.Listener
	from prefixes.Set
	unix bool
}

// Accept does not wait for the header: that of a slow proxy would hold up all others.
func (l *listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil || !l.isProxy(c.RemoteAddr()) {
		return c, err
	}
	return newConn(c), nil
}

func (l *listener) isProxy(peer net.Addr) bool {
	switch peer := peer.(type) {
	case *net.TCPAddr:
		return l.from.Contains(peer.AddrPort().Addr())
	case *net.UnixAddr:
		return l.unix
	}
	return false
}

// SetDeadline sets until when Accept waits, if the inner listener can do that. A server that closes uses it to accept those
// who wait already.
func (l *listener) SetDeadline(t time.Time) error {
	if timed, ok := l.Listener.(interface{ SetDeadline(time.Time) error }); ok {
		return timed.SetDeadline(t)
	}
	return errors.ErrUnsupported
}
