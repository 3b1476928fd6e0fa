package microroute

import (
	"context"
	"io"
	"net"
	"net/netip"
	"time"

	"github.com/microroute/microroute/message"
)

// Exchange is one request and its response as a transport carries them: the seam between an App and the protocols. The
// engine implements it for HTTP/1, package nethttp over an http.ResponseWriter. Programs need it only to bring a transport
// of their own; they hand each exchange to App.Serve.
//
// An Exchange is used by one goroutine at a time. Writing to it may fail with any error; the App makes a TimeoutError of it.
type Exchange interface {
	// Head returns the request's head. Its strings may be kept, the Request not beyond the exchange.
	Head() *message.Request
	// RemoteAddr returns the client's address, the zero AddrPort if it has none; LocalAddr the one it has connected to.
	RemoteAddr() netip.AddrPort
	LocalAddr() net.Addr
	// Misdirected reports whether the connection is meant for other hosts than the request's (RFC 9110 section 7.4).
	Misdirected() bool
	// TLS returns a *tls.ConnectionState, or nil if the connection is not secure.
	TLS() any
	// Context returns a context that ends with the exchange, or when the client goes.
	Context() context.Context
	// Draining returns a channel that is closed when the server begins to shut down; nil if nobody can tell.
	Draining() <-chan struct{}

	// SetReadDeadline and SetWriteDeadline set until when the request's content may be read and the response sent, in place
	// of the transport's timeouts; the zero Time lifts those.
	SetReadDeadline(t time.Time) error
	SetWriteDeadline(t time.Time) error

	// Reader reads the request's content. After Limit, content of more than n octets cannot be read: the error is
	// engine.ErrContentTooLarge as soon as the length is known to be too much. A negative n is no limit.
	io.Reader
	Limit(n int64)
	// Trailer returns the fields behind the request's content: none before that has been read to its end, and none that may
	// not be there (see message.TrailerAllowed). It is never nil.
	Trailer() *message.Header
	// Inform sends an interim response at once, status 100 to 199 but not 101, to clients that know of such; it is no
	// mistake if this one does not. After Begin the error is engine.ErrHeadSent.
	Inform(status int, header *message.Header) error
	// Begin writes the response's head and the start of its content; if last is true, that is all. It may wait to be sent
	// until Flush, or until more is written. The head's Trailer stays until the response is complete and is sent then, as
	// far as the protocol can; what it has at Begin is announced.
	Begin(head *message.Response, content []byte, last bool) error
	Flush() error
	// Writer sends more of the content at once.
	io.Writer
	// End completes the response, Break gives it up in a way that the client notices.
	End() error
	Break()
	// Close completes the response if it has begun and closes the connection.
	Close() error

	// Client returns the client's connection, Hijack gives it away for good. Protocols that share a connection between
	// exchanges return ErrNoClient. Between the two, Begin sends a head with status 101 that is all.
	Client() (net.Conn, error)
	Hijack() (net.Conn, error)
	// Taken reports whether the handler has written to the client's connection itself, or hijacked it.
	Taken() bool
}
