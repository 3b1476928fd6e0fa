package nethttp

import (
	"bufio"
	"context"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/engine"
	"github.com/microroute/microroute/message"
)

// exchange is a microroute.Exchange over what net/http gives a handler.
type exchange struct {
	w    http.ResponseWriter
	r    *http.Request
	head message.Request
	body io.Reader

	began  bool
	broken bool // the client must see that the response is not complete
	closed bool
	client net.Conn
	stays  bool // the client belongs to the handler for good
}

func newExchange(w http.ResponseWriter, r *http.Request) *exchange {
	x := &exchange{w: w, r: r, body: r.Body}
	x.head.SetParsed(r.Method, target(r), r.Proto, r.Host)
	x.head.ContentLength = r.ContentLength
	if r.Body == nil || r.Body == http.NoBody {
		x.head.ContentLength = 0
	}
	if r.Host != "" {
		x.head.Header.Add("Host", r.Host)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		for _, value := range r.Header[name] {
			x.head.Header.Add(name, value)
		}
	}
	return x
}

// target returns the request target in origin-form, or "*".
func target(r *http.Request) string {
	if strings.HasPrefix(r.RequestURI, "/") || r.RequestURI == "*" {
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

// Draining returns nil: net/http does not tell its handlers.
func (x *exchange) Draining() <-chan struct{} { return nil }

func (x *exchange) RemoteAddr() netip.AddrPort {
	address, err := netip.ParseAddrPort(x.r.RemoteAddr)
	if err != nil {
		return netip.AddrPort{}
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
	n, err := x.body.Read(p)
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

// tooLarge is content that need not be read to know that it is too much.
type tooLarge struct{}

func (tooLarge) Read([]byte) (int, error) { return 0, engine.ErrContentTooLarge }

func (x *exchange) Begin(head *message.Response, content []byte, last bool) error {
	if x.client != nil {
		return http.ErrHijacked
	}
	x.began = true
	header := x.w.Header()
	for name, value := range head.Header.All() {
		header.Add(name, value)
	}
	header.Del("Transfer-Encoding")
	header.Del("Content-Length")
	if x.r.ProtoMajor >= 2 {
		header.Del("Connection") // RFC 9113 section 8.2.2
	}
	if !head.Header.Has("Content-Type") {
		header["Content-Type"] = nil // none, rather than net/http's guess
		if head.ContentType != "" {
			header.Set("Content-Type", head.ContentType)
		}
	}
	if head.ContentLength >= 0 && message.BodyAllowed(head.Status) {
		header.Set("Content-Length", strconv.FormatInt(head.ContentLength, 10))
	}
	x.w.WriteHeader(head.Status)
	if len(content) == 0 {
		return nil
	}
	_, err := x.write(content)
	return err
}

func (x *exchange) Flush() error { return http.NewResponseController(x.w).Flush() }

func (x *exchange) Write(p []byte) (int, error) {
	n, err := x.write(p)
	if err == nil {
		err = x.Flush()
	}
	return n, err
}

func (x *exchange) write(p []byte) (int, error) {
	if x.closed {
		return 0, net.ErrClosed
	}
	n, err := x.w.Write(p)
	switch err {
	case http.ErrBodyNotAllowed: // content of HEAD, 204 and 304 is counted, but not sent
		return len(p), nil
	case http.ErrContentLength:
		x.broken = true
		return n, microroute.ErrContentLength
	}
	return n, err
}

// ReadFrom lets net/http use sendfile.
func (x *exchange) ReadFrom(r io.Reader) (int64, error) { return io.Copy(x.w, r) }

func (x *exchange) End() error { return nil }
func (x *exchange) Break()     { x.broken = true }

func (x *exchange) Close() error {
	x.closed = true
	if x.began {
		return http.NewResponseController(x.w).Flush()
	}
	return nil
}

func (x *exchange) Taken() bool { return x.client != nil }

func (x *exchange) Client() (net.Conn, error) {
	if x.client != nil {
		return x.client, nil
	}
	if x.r.ProtoMajor >= 2 {
		return nil, microroute.ErrNoClient
	}
	conn, buffered, err := http.NewResponseController(x.w).Hijack()
	if err != nil {
		return nil, microroute.ErrNoClient
	}
	x.client = &client{conn, buffered.Reader}
	return x.client, nil
}

func (x *exchange) Hijack() (net.Conn, error) {
	conn, err := x.Client()
	x.stays = err == nil
	return conn, err
}

// client is a hijacked connection that yields what net/http has read ahead.
type client struct {
	net.Conn
	ahead *bufio.Reader
}

func (c *client) Read(p []byte) (int, error) {
	if c.ahead.Buffered() > 0 {
		return c.ahead.Read(p[:min(len(p), c.ahead.Buffered())])
	}
	return c.Conn.Read(p)
}
