package engine

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/microroute/microroute/internal/http1"
	"github.com/microroute/microroute/message"
)

// Exchange is a request and its response (RFC 9110 section 3.4) on an HTTP/1 connection. It belongs to the handler, and
// to the goroutine that runs it, until the handler returns; then its memory serves another exchange. While the response is
// sent, another goroutine may call Read, and SetReadDeadline to wake the one that reads.
type Exchange struct {
	conn *conn
	head http1.Head
	keep bool // the connection may go on after this exchange

	// The request's content.
	left       atomic.Int64 // octets that are still to come, -1 for some: or failed
	awaited    atomic.Bool  // the client waits for a 100 (Continue)
	allowed    int64        // octets that may still be read, negative for any number
	chunks     http1.ChunkedDecoder
	contentErr error // what reading on returns: nil before the end, io.EOF at the end

	// The response.
	sent    bool // its head has been written
	ended   bool // its content is complete
	closed  bool // the handler has closed it
	framing http1.Framing
	counted bool            // its length has been told
	due     int64           // octets of content that are still to come, if it is counted
	mute    bool            // the content is not sent
	trailer *message.Header // sent behind the content
	sendErr error           // what sending on returns
	soon    soon

	writeBy  time.Time // the handler's own deadline
	writeOwn bool      // it has set one

	client *client

	mu      sync.Mutex // where reading and sending meet
	readBy  time.Time  // the handler's own deadline
	readOwn bool       // it has set one
	context context.Context
	cancel  context.CancelFunc
	watched bool // for the client to go
}

// failed stands for content that cannot be read to its end.
const failed = -2

// begin makes x ready for the request whose head has been parsed into it.
func (x *Exchange) begin(c *conn) {
	x.conn, x.keep = c, x.head.KeepAlive
	x.allowed, x.contentErr = -1, nil
	if x.left.Load() != x.head.ContentLength { // rarely: a store costs more
		x.left.Store(x.head.ContentLength)
	}
	if x.head.Chunked {
		x.chunks = http1.ChunkedDecoder{}
	} else if x.head.ContentLength == 0 {
		x.contentErr = io.EOF
	}
	if x.head.ExpectContinue != x.awaited.Load() {
		x.awaited.Store(x.head.ExpectContinue)
	}
	x.sent, x.ended, x.closed, x.sendErr = false, false, false, nil
}

// finish ends the exchange after the handler has returned.
func (x *Exchange) finish() verdict {
	x.takeOver()
	x.stopWatching()
	x.readOwn, x.writeOwn = false, false
	if x.cancel != nil {
		x.cancel()
		x.context, x.cancel = nil, nil
	}
	if x.client != nil {
		return x.finishClient()
	}
	switch {
	case x.sendErr != nil && !errors.Is(x.sendErr, ErrContentLength):
		return closes // the client is gone
	case x.sent && !x.ended:
		return x.broken()
	case !x.sent || !x.keep || x.closed:
		return lingers
	}
	return x.drop()
}

// broken ends a connection whose response is not complete, in such a way that the client can tell.
func (x *Exchange) broken() verdict {
	c := x.conn
	if c.flush() == nil && x.framing == http1.UntilClose {
		// Where the close marks the end of the content, only a reset can mark its loss.
		c.net.resetOnClose()
	}
	return closes
}

// Head returns the request's head. Its strings may be kept, the Request may not.
func (x *Exchange) Head() *message.Request { return &x.head.Request }

// Trailer returns the fields that have come behind the request's content in chunks (RFC 9112 section 7.1.2), but for those
// that may not be there, see message.TrailerAllowed. It has none before the content has been read to its end. Its strings
// may be kept, the Header may not.
func (x *Exchange) Trailer() *message.Header {
	if x.head.Chunked && x.contentErr == io.EOF {
		return &x.chunks.Trailer
	}
	return &message.Header{}
}

// RemoteAddr returns the client's address and port, the zero AddrPort if it has none (unix sockets). IPv4 addresses are
// in their own form, on a dual-stack socket too.
func (x *Exchange) RemoteAddr() netip.AddrPort { return x.conn.remote }

// LocalAddr returns the address that the client has connected to.
func (x *Exchange) LocalAddr() net.Addr { return x.conn.net.LocalAddr() }

// TLS returns what the listener's connections say of their TLS state by a method of this name, nil if they have none.
func (x *Exchange) TLS() any { return x.conn.net.tls() }

// Draining returns a channel that is closed when the server begins to shut down.
func (x *Exchange) Draining() <-chan struct{} { return x.conn.server.drained }

// Misdirected reports whether the connection is meant for other hosts than the request's (RFC 9110 section 7.4), as a
// listener's connections say by a method Serves(host string) bool.
func (x *Exchange) Misdirected() bool { return !x.conn.net.serves(&x.head.Request) }

// SetReadDeadline sets until when the request's content may be read, in place of the BodyTimeout; the zero Time lifts that.
// It holds for a Read that waits already, too.
func (x *Exchange) SetReadDeadline(t time.Time) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.readBy, x.readOwn = t, true
	return x.conn.net.SetReadDeadline(t)
}

// SetWriteDeadline sets until when the response may be sent, in place of the WriteTimeout; the zero Time lifts that.
func (x *Exchange) SetWriteDeadline(t time.Time) error {
	x.takeOver()
	x.writeBy, x.writeOwn = t, true
	return nil
}
