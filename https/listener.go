package https

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"slices"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/nethttp"
)

// Listener accepts TLS connections for an App. Their handshakes are made by the server, each in its connection's own
// goroutine, and end with its HeadTimeout at the latest.
type Listener struct {
	net.Listener
	config       Config
	tls          *tls.Config
	certificates *certificates
	http2        *nethttp.HTTP2 // nil if it is switched off, and before Attach
}

// Listen listens on a TCP address, as net.Listen does: names are looked up. The default port is 443. It fails if
// certificates cannot be read, with a *FileError.
func Listen(addr string, config Config) (*Listener, error) {
	if _, _, err := net.SplitHostPort(addr); err != nil {
		addr = net.JoinHostPort(addr, "443")
	}
	inner, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	l, err := NewListener(inner, config)
	if err != nil {
		inner.Close()
		return nil, err
	}
	return l, nil
}

// NewListener returns a Listener for the connections of another one: of a descriptor that was inherited, or behind a proxy
// that tells its clients' addresses. That one's connections may be engine.Negotiators. It stays open if there is an error.
func NewListener(inner net.Listener, config Config) (*Listener, error) {
	t, err := config.tls()
	if err != nil {
		return nil, err
	}
	l := &Listener{Listener: inner, config: config, tls: t}
	if l.certificates, err = newCertificates(config); err != nil {
		return nil, err
	}
	t.Certificates, t.GetCertificate = nil, l.show
	return l, nil
}

// Attach says whose connections l accepts; StartOn and RunOn do it. Without it l offers no HTTP/2.
func (l *Listener) Attach(app *microroute.App) {
	if inner, ok := l.Listener.(interface{ Attach(*microroute.App) }); ok {
		inner.Attach(app)
	}
	l.certificates.logger = cmp.Or(l.config.Logger, app.Config().Logger)
	l.certificates.introduce(time.Now())
	if !l.config.NoHTTP2 {
		l.http2 = nethttp.NewHTTP2(app, l.config.HTTP2)
		l.tls.NextProtos = slices.Insert(l.tls.NextProtos, 0, protocolHTTP2)
	}
}

// Accept waits for the next connection. It is an engine.Negotiator, whose handshake is still to be made.
func (l *Listener) Accept() (net.Conn, error) {
	inner, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &conn{Conn: tls.Server(inner, l.tls), listener: l}, nil
}

// SetDeadline sets until when Accept waits, if the inner listener has a method of this name. The engine accepts who is in
// the queue with it before it closes a listener.
func (l *Listener) SetDeadline(t time.Time) error {
	if timed, ok := l.Listener.(interface{ SetDeadline(time.Time) error }); ok {
		return timed.SetDeadline(t)
	}
	return errors.ErrUnsupported
}

// TLSConfig returns the settings of l, for a server of the same certificates and authorities in another protocol: HTTP/3
// needs other NextProtos. Certificates of files are read anew for both.
func (l *Listener) TLSConfig() *tls.Config { return l.tls.Clone() }

// Certificate returns the certificate that is shown to clients which ask for a name, or for "" to those that ask for none,
// if they can use it; nil if it is up to the GetCertificate of Config.TLS.
func (l *Listener) Certificate(name string) *x509.Certificate { return l.certificates.leaf(name) }

// show chooses the certificate for a client, and has its connection remember it.
func (l *Listener) show(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	certificate, err := l.certificates.get(hello)
	if c, ok := hello.Context().Value(connKey{}).(*conn); ok && certificate != nil {
		c.shown = certificate.Leaf
	}
	return certificate, err
}
