package microroutetest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// Response is what the App has answered. Its methods compare that with what is wanted, and report a difference as a
// failure of the test, which goes on; they return the Response again.
type Response struct {
	Status  int
	Header  http.Header
	Body    string
	Trailer http.Header // the fields behind the body

	t       testing.TB
	request string // method and target
}

// response makes a Response of the head of an answer.
func (c *Client) response(answer *http.Response, request string) *Response {
	return &Response{Status: answer.StatusCode, Header: answer.Header, t: c.t, request: request}
}

// Want compares the status, and the body if one is given; without one, any body will do. Several strings are one body.
func (r *Response) Want(status int, body ...string) *Response {
	r.t.Helper()
	var p report
	p.status(r.Status, status)
	switch {
	case len(body) > 0:
		p.text("body", r.Body, strings.Join(body, ""))
	case p.wrong():
		p.excerpt("body:", r.Body)
	}
	r.reportAs(&p)
	return r
}

// WantHeader compares fields: names and values by turns. A name that is given twice has two values, and a field with the
// value "" must not be there. Other fields of the answer do not matter.
func (r *Response) WantHeader(fields ...string) *Response {
	r.t.Helper()
	var p report
	want := pairs(r.t, fields)
	for i := 0; i < len(fields); i += 2 {
		name := http.CanonicalHeaderKey(fields[i])
		if values, isFirst := want[name]; isFirst {
			p.field(name, r.Header.Values(name), slices.DeleteFunc(values, isEmpty))
			delete(want, name)
		}
	}
	r.reportAs(&p)
	return r
}

func isEmpty(s string) bool { return s == "" }

// WantContains reports which of the parts the body does not contain.
func (r *Response) WantContains(parts ...string) *Response {
	r.t.Helper()
	var p report
	for _, part := range parts {
		if !strings.Contains(r.Body, part) {
			p.line("body does not contain %q", part)
		}
	}
	if p.wrong() {
		p.excerpt("body:", r.Body)
	}
	r.reportAs(&p)
	return r
}

// WantJSON compares the status, and the body as a JSON value: white space, the order of members and the spelling of numbers
// do not matter. What is wanted is a value that package json can encode, or JSON in a string. The Content-Type must be
// application/json, or end in "+json" (RFC 6839).
func (r *Response) WantJSON(status int, want any) *Response {
	r.t.Helper()
	wanted, err := jsonOf(want)
	if err != nil {
		r.t.Fatalf("%s: what is wanted is not JSON: %v", r.request, err)
	}
	var p report
	p.status(r.Status, status)
	if contentType := r.Header.Get("Content-Type"); !isJSON(contentType) {
		p.line("Content-Type: got %q, want JSON", contentType)
	}
	p.json(r.Body, wanted)
	r.reportAs(&p)
	return r
}

// reportAs fails the test if there is something to report.
func (r *Response) reportAs(p *report) {
	r.t.Helper()
	if p.wrong() {
		r.t.Errorf("%s\n%s", r.request, p)
	}
}

// statusText returns a status and its name.
func statusText(status int) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", status, http.StatusText(status)))
}
