package nethttp

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/microroute/microroute/engine"
	"github.com/microroute/microroute/message"
)

// exchange is a microroute.Exchange over what net/http gives a handler.
type exchange struct {
	w    http.ResponseWriter
	r    *http.Request
	head message.Request
	body io.Reader
	conn *Conn // nil if the server says nothing of it

	reading, writing patience // with the client

	began   bool
	trailer *message.Header // what is to follow the content
	counted bool            // the content's length is not told, but must be what due says
	due     int64           // octets of content that are still to come, if it is counted
	broken  bool            // the client must see that the response is not complete
	closed  bool
	client  net.Conn
	stays   bool // the client belongs to the handler for good
}

func newExchange(w http.ResponseWriter, r *http.Request) *exchange {
	x := &exchange{w: w, r: r, body: r.Body}
	if x.conn, _ = r.Context().Value(connKey{}).(*Conn); x.conn != nil && r.ProtoMajor >= 2 {
		x.reading.limit, x.writing.limit = x.conn.BodyTimeout, x.conn.WriteTimeout
	}
	x.head.SetParsed(r.Method, target(r), r.Proto, r.Host)
	x.head.ContentLength = r.ContentLength
	if r.Body == nil || r.Body == http.NoBody {
		x.head.ContentLength = 0
	}
	if r.Host != "" {
		x.head.Header.Add("Host", r.Host)
	}
	for _, name := range sortedNames(make([]string, 0, 16), r.Header) {
		for _, value := range r.Header[name] {
			x.head.Header.Add(name, value)
		}
	}
	return x
}

// target returns the request target in origin-form, or "*": what r.URL says, which may have been changed on the way, as by
// http.StripPrefix.
func target(r *http.Request) string {
	path, query, _ := strings.Cut(r.RequestURI, "?")
	if path == r.URL.EscapedPath() && query == r.URL.RawQuery {
		return r.RequestURI
	}
	return r.URL.RequestURI()
}

// finish ends the exchange after the App has served it.
func (x *exchange) finish() {
	if x.client != nil && !x.stays {
		x.client.Close()
	}
	if x.client == nil && (x.broken || x.closed && !x.began) {
		panic(http.ErrAbortHandler) // net/http's way to end a connection
	}
}

func (x *exchange) Head() *message.Request   { return &x.head }
func (x *exchange) Context() context.Context { return x.r.Context() }

// Draining returns nil for servers that say nothing of it: see Conn.
func (x *exchange) Draining() <-chan struct{} {
	if x.conn == nil {
		return nil
	}
	return x.conn.Draining
}

func (x *exchange) Misdirected() bool {
	return x.conn != nil && x.conn.Serves != nil && !x.conn.Serves(x.r.Host)
}

func (x *exchange) SetReadDeadline(t time.Time) error {
	return x.reading.end(http.NewResponseController(x.w).SetReadDeadline, t)
}

func (x *exchange) SetWriteDeadline(t time.Time) error {
	return x.writing.end(http.NewResponseController(x.w).SetWriteDeadline, t)
}

func (x *exchange) RemoteAddr() netip.AddrPort {
	address, err := netip.ParseAddrPort(x.r.RemoteAddr)
	if err != nil { // middleware may have left the port out
		alone, _ := netip.ParseAddr(x.r.RemoteAddr)
		return netip.AddrPortFrom(alone.Unmap(), 0)
	}
	return netip.AddrPortFrom(address.Addr().Unmap(), address.Port())
}

func (x *exchange) LocalAddr() net.Addr {
	address, _ := x.r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	return address
}

func (x *exchange) TLS() any {
	if x.r.TLS == nil {
		return nil
	}
	return x.r.TLS
}

func (x *exchange) Read(p []byte) (int, error) {
	if x.body == nil {
		return 0, io.EOF
	}
	deadline := http.NewResponseController(x.w).SetReadDeadline
	x.reading.renew(deadline)
	n, err := x.body.Read(p)
	x.reading.rest(deadline)
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		err = engine.ErrContentTooLarge
	}
	return n, err
}

// Limit puts the limit around the body. The Request keeps its own Body: net/http looks at its type when the answer is
// sent, to see what the client still has to send.
func (x *exchange) Limit(n int64) {
	switch {
	case n < 0 || x.r.Body == nil:
	case x.r.ContentLength > n:
		x.body = tooLarge{}
	default:
		x.body = http.MaxBytesReader(x.w, x.r.Body, n)
	}
}

// Trailer returns what net/http has read of the fields behind the content, but for those that may not be there.
func (x *exchange) Trailer() *message.Header {
	var trailer message.Header
	for _, name := range sortedNames(make([]string, 0, 16), x.r.Trailer) {
		for _, value := range x.r.Trailer[name] {
			if message.TrailerAllowed(name) {
				trailer.Add(name, value)
			}
		}
	}
	return &trailer
}

// tooLarge is content that need not be read to know that it is too much.
type tooLarge struct{}

func (tooLarge) Read([]byte) (int, error) { return 0, engine.ErrContentTooLarge }
