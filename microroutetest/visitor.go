package microroutetest

import (
	"maps"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"testing"
)

// In returns a Client like c, with the same cookies and connections, that reports to t: for subtests.
func (c *Client) In(t testing.TB) *Client {
	d := *c
	d.t = t
	return &d
}

// Another returns a Client like c without cookies: another visitor of the same App.
func (c *Client) Another() *Client {
	d := *c
	d.forget()
	return &d
}

// From returns a Client like c, with the same cookies, whose address as handlers see it (Request.RemoteAddr) is this one,
// such as "192.0.2.7:1234". Without From, handlers see the zero AddrPort.
func (c *Client) From(address string) *Client {
	c.t.Helper()
	parsed, err := netip.ParseAddrPort(address)
	if err != nil {
		c.t.Fatalf("From: %v", err)
	}
	d := *c
	d.connectFrom(net.TCPAddrFromAddrPort(parsed))
	return &d
}

// At returns a Client like c whose targets are at another origin, a scheme and a host such as "https://api.example.com";
// the default is "http://app.test". Cookies are shared as far as they are meant for both hosts. With https, handlers see a
// secure connection, though nothing is encrypted: Request.Scheme is "https", and Request.TLS tells of TLS 1.3 and the host.
func (c *Client) At(origin string) *Client {
	c.t.Helper()
	parsed, err := url.Parse(origin)
	isHTTP := err == nil && (parsed.Scheme == "http" || parsed.Scheme == "https")
	if !isHTTP || parsed.Host == "" || parsed.Scheme+"://"+parsed.Host != origin {
		c.t.Fatalf("At: got %q, want http:// or https:// and a host", origin)
	}
	d := *c
	d.origin = origin
	return &d
}

// With returns a Client like c that sends these fields, names and values by turns, with every request that has none of
// the same name: an Authorization, say.
func (c *Client) With(fields ...string) *Client {
	c.t.Helper()
	d := *c
	d.fields = http.Header{}
	maps.Copy(d.fields, c.fields)
	maps.Copy(d.fields, pairs(c.t, fields))
	return &d
}

// Follow returns a Client like c that follows redirects, up to ten in a row, as browsers do. All hosts are the App.
func (c *Client) Follow() *Client {
	d := *c
	d.http.CheckRedirect = nil
	return &d
}
