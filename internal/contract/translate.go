package contract

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
)

// Why a request, or what is expected of its response, cannot be said in messages.
var (
	errOctets = errors.New("it is about the octets of HTTP/1")
	errHTTP10 = errors.New("it is about HTTP/1.0")
	errNoHost = errors.New("malformed: no Host field")
)

// translate makes a message of the octets of one, for the server at an origin. It fails for what is malformed, and for what
// only HTTP/1 has.
func translate(ctx context.Context, raw []byte, origin string) (*http.Request, error) {
	from := bufio.NewReader(io.MultiReader(bytes.NewReader(raw), silence{ctx}))
	r, err := http.ReadRequest(from)
	switch {
	case err != nil:
		return nil, fmt.Errorf("malformed: %w", err)
	case !r.ProtoAtLeast(1, 1):
		return nil, errHTTP10
	case r.Host == "":
		return nil, errNoHost
	}
	r.Header.Del("Connection") // RFC 9113 section 8.2.2
	to, err := url.Parse(origin)
	if err != nil {
		return nil, err
	}
	setTarget(to, r)
	request := &http.Request{Method: r.Method, URL: to, Host: r.Host, Header: r.Header, ContentLength: r.ContentLength, Body: r.Body}
	if r.Body != http.NoBody {
		request.Body = io.NopCloser(r.Body) // whose Close would wait for a Read that goes on
	}
	return request.WithContext(ctx), nil
}

// setTarget gives a URL the target of a request, octet by octet: it is sent as it came. A target in absolute-form
// (RFC 9112 section 3.2.2) becomes one of this origin.
func setTarget(to *url.URL, r *http.Request) {
	target := r.RequestURI
	if r.URL.IsAbs() {
		target = r.URL.RequestURI()
	}
	if strings.HasPrefix(target, "//") { // which would pass for an authority in Opaque
		to.Path, to.RawPath, to.RawQuery = r.URL.Path, r.URL.RawPath, r.URL.RawQuery
	} else {
		to.Opaque = target
	}
}

// silence is content that does not come: it ends, unlike the octets of a case, only with the context.
type silence struct{ ctx context.Context }

func (s silence) Read([]byte) (int, error) {
	<-s.ctx.Done()
	return 0, s.ctx.Err()
}

// ofMessage returns what can be expected of a response without octets and reason phrase. It fails if that is not the point.
func (x Expect) ofMessage(proto string) (Expect, error) {
	if x.Raw != nil {
		return Expect{}, errOctets
	}
	x.Reason = nil
	x.Fields = maps.Clone(x.Fields)
	maps.DeleteFunc(x.Fields, func(name, _ string) bool { return strings.EqualFold(name, "Connection") })
	if _, asked := x.Echo["proto"]; asked {
		x.Echo = maps.Clone(x.Echo)
		x.Echo["proto"] = proto
	}
	return x, nil
}
