package microroutetest

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// newRequest makes a request of the client. Its own fields take the place of those that the client always sends.
func (c *Client) newRequest(ctx context.Context, method, target string, content io.Reader, fields []string) *http.Request {
	c.t.Helper()
	request, err := http.NewRequestWithContext(ctx, method, c.origin+target, content)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, header := range []http.Header{c.fields, pairs(c.t, fields)} {
		for name, values := range header {
			switch name {
			case "Host":
				request.Host = values[0]
			case "Content-Length":
				length, err := strconv.ParseInt(values[0], 10, 64)
				if err != nil {
					c.t.Fatalf("Content-Length: %v", err)
				}
				request.ContentLength = length
			case "Trailer":
				request.Trailer = announced(values)
			default:
				request.Header[name] = values
			}
		}
	}
	return request
}

// pairs makes a Header of names and values.
func pairs(t testing.TB, fields []string) http.Header {
	t.Helper()
	if len(fields)%2 != 0 {
		t.Fatalf("fields are names and values by turns, but %q has no value", fields[len(fields)-1])
	}
	header := http.Header{}
	for i := 0; i < len(fields); i += 2 {
		header.Add(fields[i], fields[i+1])
	}
	return header
}

// announced returns the fields that a Trailer field announces, without values (RFC 9110 section 6.6.2).
func announced(values []string) http.Header {
	trailer := http.Header{}
	for name := range strings.SplitSeq(strings.Join(values, ","), ",") {
		trailer[http.CanonicalHeaderKey(strings.TrimSpace(name))] = nil
	}
	return trailer
}
