package microroute

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/netip"
	"time"

	"github.com/microroute/microroute/cookie"
	"github.com/microroute/microroute/message"
)

// Header is a list of fields: names are compared without regard to case, order and repeats are kept.
type Header = message.Header

// Args is a list of names and values, in order and with repeats.
type Args = message.Args

// Request is what the client has sent. Its strings never change and may be kept; what has to be cut from the request's
// head is cut when it is asked for.
type Request struct {
	Method     string         // "GET", "POST" …
	Proto      string         // "HTTP/1.1", "HTTP/1.0", "HTTP/2.0" …
	Header     *Header        // the fields; a change affects nobody but those who read it later
	Args       *Args          // the parameters of the query, decoded; a name without "=" has the value ""
	RemoteAddr netip.AddrPort // the client's address, IPv4 in its own form; the zero AddrPort on a unix socket

	c         *Context
	x         Exchange
	head      *message.Request
	scheme    string   // if it is not the connection's
	host      string   // if it is not the head's
	variables []string // of a Detach

	limit    int64 // octets of body, negative for no limit
	body     body
	data     []byte
	dataErr  error
	hasData  bool
	lent     *[]byte // what data lies in, nil if data is the program's to keep
	form     *Form
	formErr  error
	cleanups []func()
}

func (r *Request) begin(x Exchange) {
	r.x, r.head = x, x.Head()
	r.Method, r.Proto = r.head.Method, r.head.Proto
	r.Header, r.Args = &r.head.Header, &r.head.Args
	r.RemoteAddr = x.RemoteAddr()
	r.limit = r.c.app.config.Limits.Body
	r.body = body{request: r}
}

func (r *Request) end() {
	for _, clean := range r.cleanups {
		clean()
	}
	if r.lent != nil {
		takeBack(r.lent)
	}
	c := r.c
	*r = Request{c: c, x: detached{}, head: &c.kept}
}

// copyOf makes r a copy of o that shares nothing with its exchange.
func (r *Request) copyOf(o *Request) {
	r.Method, r.Proto, r.RemoteAddr, r.scheme, r.host = o.Method, o.Proto, o.RemoteAddr, o.scheme, o.host
	kept := &r.c.kept
	kept.CopyFrom(o.head)
	r.head, r.x = kept, detached{o.x.TLS(), o.x.Trailer().Clone()}
	r.Header, r.Args = &kept.Header, &kept.Args
	r.body = body{request: r}
	r.data, r.dataErr, r.hasData = o.data, o.dataErr, true
	switch {
	case !o.hasData:
		r.dataErr = errOver
	case o.lent != nil:
		r.data = bytes.Clone(o.data)
	}
}

// Path returns the path of the target, decoded: "/größe". It is "*" for "OPTIONS *".
func (r *Request) Path() string {
	r.c.live()
	return r.head.Path()
}

// Target returns the request target as it was sent, mostly a path and a query (RFC 9112 section 3.2).
func (r *Request) Target() string {
	r.c.live()
	return r.head.Target()
}

// Host returns the host, and the port if it was given, that the request is for. It is "" if an HTTP/1.0 client sent none.
func (r *Request) Host() string {
	r.c.live()
	if r.host != "" {
		return r.host
	}
	return r.head.Host()
}

// SetOrigin sets what Scheme and Host return, for middleware that has learnt from a proxy what the client asked for; "" leaves
// one as it is.
func (r *Request) SetOrigin(scheme, host string) {
	r.c.live()
	if scheme != "" {
		r.scheme = scheme
	}
	if host != "" {
		r.host = host
	}
}

// LocalAddr returns the address that the client has connected to.
func (r *Request) LocalAddr() net.Addr {
	r.c.live()
	return r.x.LocalAddr()
}

// Scheme returns "https" if the connection is secure, else "http".
func (r *Request) Scheme() string {
	if r.scheme != "" {
		return r.scheme
	}
	if r.TLS() != nil {
		return "https"
	}
	return "http"
}

// TLS returns the state of a secure connection, a *tls.ConnectionState, and nil for other connections. It is of type any
// so that programs without TLS do not contain it.
func (r *Request) TLS() any {
	r.c.live()
	return r.x.TLS()
}

// Cookie returns the value of the cookie called name, and false if the client has sent none (RFC 6265 section 5.4).
func (r *Request) Cookie(name string) (string, bool) {
	r.c.live()
	for _, value := range r.Header.Values("Cookie") {
		if v, ok := cookie.Find(value, name); ok {
			return v, true
		}
	}
	return "", false
}

// Client returns the client's connection, the same that Response.Client returns.
func (r *Request) Client() (net.Conn, error) { return r.c.Response.Client() }

// SetReadDeadline sets until when the body may be read, in place of Limits.BodyTimeout, which is about silence; the zero Time
// lets it take as long as it likes.
func (r *Request) SetReadDeadline(t time.Time) error {
	r.c.live()
	return r.x.SetReadDeadline(t)
}

// Body returns the content as a stream. Nothing is read before it is asked for. Reading fails with an *Error, which may
// be returned as it is: Status 413 if the content exceeds the route's limit (see MaxBody), 400 if it is malformed or cut
// off, 408 if it does not come. After Data, Body reads the same octets again.
func (r *Request) Body() io.Reader {
	r.c.live()
	return &r.body
}

// Data returns the whole content, as often as it is asked for. The bytes are the caller's, and everybody else's who calls
// Data. It fails like Body, and with ErrBodyRead if some of the content has been read as a stream.
func (r *Request) Data() ([]byte, error) {
	r.c.live()
	if r.lent != nil {
		lent := r.lent
		r.cleanup(func() { takeBack(lent) })
		r.data, r.lent = bytes.Clone(r.data), nil
	}
	return r.readData(nil)
}

// BorrowData is Data for content that is not kept: the bytes are lent until the response has been sent, and then used for
// another request. It saves the memory of large contents that are only looked at, or sent back. The handler may change them,
// and return them as the body.
func (r *Request) BorrowData() ([]byte, error) {
	r.c.live()
	if r.hasData {
		return r.data, r.dataErr
	}
	lent := contents.Get().(*[]byte)
	data, err := r.readData(*lent)
	if err != nil || data == nil {
		takeBack(lent)
		return nil, err
	}
	*lent, r.lent = data, lent
	return data, nil
}

// readData reads the content, into memory that begins with that of space if there is any.
func (r *Request) readData(space []byte) ([]byte, error) {
	if r.hasData {
		return r.data, r.dataErr
	}
	if r.body.read > 0 {
		return nil, ErrBodyRead
	}
	r.data, r.dataErr = r.body.all(space)
	r.hasData = true
	return r.data, r.dataErr
}

// Trailer returns the fields that have come behind the content (RFC 9110 section 6.5), such as a checksum of it. It has
// none before the content has been read to its end, and over HTTP/1 none at all if that was not sent in chunks. Fields that
// must come before the content are left out: those about framing, routing, authentication and the like.
func (r *Request) Trailer() *Header {
	r.c.live()
	return r.x.Trailer()
}

// JSON decodes the content into v. It fails like Data, and with an *Error of Status 400 if the content is not JSON that
// fits v.
func (r *Request) JSON(v any) error {
	data, err := r.BorrowData()
	if err != nil {
		return err
	}
	err = json.Unmarshal(data, v)
	if _, program := errors.AsType[*json.InvalidUnmarshalError](err); err == nil || program {
		return err
	}
	return &Error{message.StatusBadRequest, "malformed JSON: " + err.Error(), err}
}

// cleanup has f called when the exchange is over.
func (r *Request) cleanup(f func()) { r.cleanups = append(r.cleanups, f) }
