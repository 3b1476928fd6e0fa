package acme

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/microroute/microroute"
)

// HTTP01 returns a hook for App.Before that answers the authority, if it sends a request to port 80 to see whether a host is
// the program's (http-01, RFC 8555 section 8.3). It must come before hooks that redirect such requests or demand something of
// them. The port is the one on which the App gets them; where the authority's port 80 leads there from elsewhere it is another.
//
//	app.Before(secure.HTTP01(80))
func (l *Listener) HTTP01(port int) func(c *microroute.Context) error {
	l.issuer.DisableHTTPChallenge, l.issuer.AltHTTPPort = false, port
	return func(c *microroute.Context) error {
		if !strings.HasPrefix(c.Request.Path(), "/.well-known/acme-challenge/") {
			return nil
		}
		var proof answer
		if !l.issuer.HandleHTTPChallenge(&proof, httpRequest(c)) {
			return nil
		}
		c.Response.MIMEType = "application/octet-stream"
		c.Response.Header.Set("Content-Length", strconv.Itoa(proof.Len()))
		return c.Response.SendString(proof.String())
	}
}

// httpRequest returns what certmagic wants to know of a request.
func httpRequest(c *microroute.Context) *http.Request {
	r := &http.Request{
		Method:     c.Request.Method,
		URL:        &url.URL{Path: c.Request.Path()},
		Host:       c.Request.Host(),
		RemoteAddr: c.Request.RemoteAddr.String(),
		RequestURI: c.Request.Target(),
	}
	return r.WithContext(c.Context())
}

// answer is the http.ResponseWriter of a short text.
type answer struct {
	strings.Builder
	header http.Header
}

func (a *answer) Header() http.Header {
	if a.header == nil {
		a.header = http.Header{}
	}
	return a.header
}

func (*answer) WriteHeader(int) {}
