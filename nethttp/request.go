package nethttp

import (
	"context"
	"crypto/tls"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/internal/ascii"
)

// newRequest makes the request that a view shows. Where net/http is around the exchange, it is that one's with what has changed
// since.
func newRequest(v *view) *http.Request {
	c := v.c
	var r *http.Request
	if under := underneath(c); under != nil {
		r = under.r.WithContext(&v.context)
		if c.Request.RemoteAddr != under.RemoteAddr() {
			r.RemoteAddr = remoteAddr(c)
		}
	} else {
		r = (&http.Request{
			URL:           requestURL(c),
			RequestURI:    c.Request.Target(),
			Proto:         c.Request.Proto,
			ContentLength: c.Exchange().Head().ContentLength,
			RemoteAddr:    remoteAddr(c),
		}).WithContext(&v.context)
		r.ProtoMajor, r.ProtoMinor, _ = http.ParseHTTPVersion(r.Proto)
		r.TLS, _ = c.Request.TLS().(*tls.ConnectionState)
		r.Close = closes(c, r)
		if r.ContentLength < 0 && r.ProtoMajor == 1 {
			r.TransferEncoding = []string{"chunked"}
		}
	}
	r.Method, r.Host = c.Request.Method, c.Request.Host()
	if rule := c.Rule(); rule != "" {
		r.Pattern = rule
	}
	r.Header, r.Trailer = header(c), trailer(c, r)
	for name, text := range c.Vars() {
		r.SetPathValue(name, text)
	}
	r.Body = http.NoBody
	if r.ContentLength != 0 {
		v.body.begin(c, r)
		r.Body = &v.body
	}
	return r
}

// underneath returns the exchange of c if it is one of net/http, else nil.
func underneath(c *microroute.Context) *exchange {
	switch x := c.Exchange().(type) {
	case *exchange:
		return x
	case *inner:
		return x.exchange
	}
	return nil
}

func remoteAddr(c *microroute.Context) string {
	if !c.Request.RemoteAddr.IsValid() {
		return ""
	}
	return c.Request.RemoteAddr.String()
}

// requestURL returns the target as net/url reads it. One that it does not understand has a path all the same, for ours does.
func requestURL(c *microroute.Context) *url.URL {
	target := c.Request.Target()
	if c.Request.Method == http.MethodConnect && !strings.HasPrefix(target, "/") {
		return &url.URL{Host: target}
	}
	if u, err := url.ParseRequestURI(target); err == nil {
		return u
	}
	return &url.URL{Path: c.Request.Path(), RawQuery: c.Exchange().Head().Query()}
}

// closes reports whether the connection ends with the exchange, as far as the client says (RFC 9112 section 9.3).
func closes(c *microroute.Context, r *http.Request) bool {
	option := c.Request.Header.Get("Connection")
	if r.ProtoMajor == 1 && r.ProtoMinor == 0 {
		return !ascii.EqualFold(option, "keep-alive")
	}
	return ascii.EqualFold(option, "close")
}

// header returns the fields as net/http keeps them: under canonical names, without those that it has other places for.
func header(c *microroute.Context) http.Header {
	fields := c.Request.Header
	header := make(http.Header, fields.Len())
	values := make([]string, fields.Len()) // one piece of memory for all that occur once
	for name, value := range fields.All() {
		name = http.CanonicalHeaderKey(name)
		if name == "Host" || name == "Transfer-Encoding" || name == "Trailer" {
			continue
		}
		if earlier, ok := header[name]; ok {
			header[name] = append(earlier, value)
			continue
		}
		values[0] = value
		header[name], values = values[:1:1], values[1:]
	}
	return header
}

// trailer returns the map for the fields behind the content, with the names that are announced as keys; nil if there can be none.
func trailer(c *microroute.Context, r *http.Request) http.Header {
	if r.ContentLength == 0 || r.ContentLength > 0 && r.ProtoMajor == 1 {
		return nil
	}
	trailer := http.Header{}
	for name := range r.Trailer { // net/http's
		trailer[name] = nil
	}
	for _, list := range c.Request.Header.Values("Trailer") {
		for name := range strings.SplitSeq(list, ",") {
			if name = strings.TrimSpace(name); isTrailer(name) {
				trailer[http.CanonicalHeaderKey(name)] = nil
			}
		}
	}
	return trailer
}

// requestContext is the context of a request: that of the exchange, with what net/http's servers put there.
type requestContext struct {
	context.Context
	conn Conn

	mu sync.Mutex
	c  *microroute.Context // nil when the exchange is over
}

func (x *requestContext) begin(c *microroute.Context) {
	x.Context, x.c = c.Context(), c
	x.conn.Draining = c.Draining()
}

func (x *requestContext) end() {
	x.mu.Lock()
	x.c = nil
	x.mu.Unlock()
}

// nobody stands for the http.Server of an App that does without: handlers look whether there is one.
var nobody = new(http.Server)

func (x *requestContext) Value(key any) any {
	switch key {
	case connKey{}:
		return &x.conn
	case http.ServerContextKey:
		if server := x.Context.Value(key); server != nil {
			return server
		}
		return nobody
	case http.LocalAddrContextKey:
		return x.localAddr()
	}
	return x.Context.Value(key)
}

// localAddr asks for the address when it is wanted: that costs a system call.
func (x *requestContext) localAddr() any {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.c == nil {
		return nil
	}
	return x.c.Request.LocalAddr()
}
