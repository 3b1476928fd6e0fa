package contract

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// check compares an answer with what was expected and returns a text for each difference. asked is the request.
func check(x Expect, a answer, asked []byte) []string {
	var found differences
	if x.Raw != nil {
		if !bytes.Equal(a.data, x.Raw) {
			found.add("raw bytes %q, want %q", start(a.data), start(x.Raw))
		}
	} else if a.response == nil {
		if a.end == open || !x.asksOnlyForClose() {
			found.add("no response (%q, %s)", start(a.data), a.end)
		}
		return found
	}
	if a.response != nil {
		if x.Closed && x.asksOnlyForClose() {
			found.add("status %d, want the connection to end without a response", a.response.status)
		}
		found.inHead(x, a.response)
		found.inBody(x, a.response)
		found.inFraming(x, a)
		found.leaked(x, a.response, asked)
		found.inEcho("echo", x.Echo, a.response.body, byName)
		found.inEcho("echo_headers", x.EchoFields, a.response.body, byFieldName)
	}
	if x.Closed && a.end == open {
		found.add("the connection stays open")
	}
	return found
}

func (x Expect) asksOnlyForClose() bool {
	return reflect.DeepEqual(x, Expect{Closed: x.Closed})
}

// differences are the texts collected by the checks below.
type differences []string

func (d *differences) add(format string, args ...any) { *d = append(*d, fmt.Sprintf(format, args...)) }

func (d *differences) inHead(x Expect, r *response) {
	if len(x.Status) > 0 && !slices.Contains(x.Status, r.status) {
		d.add("status %d, want %d", r.status, x.Status)
	}
	if x.Reason != nil && r.reason != *x.Reason {
		d.add("reason %q, want %q", r.reason, *x.Reason)
	}
	if x.MediaType != nil {
		value, _ := r.first("Content-Type")
		if mediaType, _, _ := strings.Cut(value, ";"); strings.TrimSpace(mediaType) != *x.MediaType {
			d.add("content-type %q, want %q", value, *x.MediaType)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(x.Fields)) {
		if value, found := r.first(name); !found || value != x.Fields[name] {
			d.add("%s: %q, want %q", name, value, x.Fields[name])
		}
	}
	for _, name := range x.Present {
		if _, found := r.first(name); !found {
			d.add("%s missing", name)
		}
	}
	for _, name := range x.Absent {
		if value, found := r.first(name); found {
			d.add("%s present: %q", name, value)
		}
	}
}

func (d *differences) inBody(x Expect, r *response) {
	if x.Body != nil && !bytes.Equal(r.body, x.Body) {
		d.add("body %q, want %q", start(r.body), start(x.Body))
	}
	if sum := sha256.Sum256(r.body); x.BodySHA256 != "" && hex.EncodeToString(sum[:]) != x.BodySHA256 {
		d.add("body of %d bytes has SHA-256 %x, want %s", len(r.body), sum, x.BodySHA256)
	}
	if x.ContentLength != nil {
		if value, _ := r.first("Content-Length"); value != strconv.Itoa(*x.ContentLength) {
			d.add("content-length %q, want %d", value, *x.ContentLength)
		}
	}
}

// inFraming finds a body that ends where the client cannot know it, and bytes where none belong.
func (d *differences) inFraming(x Expect, a answer) {
	switch r := a.response; r.framing {
	case complete:
		if len(r.rest) > 0 {
			d.add("%d bytes follow the response: %q", len(r.rest), start(r.rest))
		}
	case cut:
		if !x.Broken {
			d.add("body or last chunk missing")
		}
	case untilClose:
		if a.end == open {
			d.add("no framing, and the connection stays open")
		}
	case malformed:
		d.add("malformed Content-Length or chunk")
	}
	if x.Broken && (a.response.framing == complete || a.end == open) {
		d.add("a body that broke off looks complete")
	}
}

var anyStatusLine = regexp.MustCompile(`HTTP/1\.[01] \d\d\d`)

// leaked finds what belongs to another response.
func (d *differences) leaked(x Expect, r *response, asked []byte) {
	if x.NoSecond && (anyStatusLine.Match(r.body) || anyStatusLine.Match(r.rest)) {
		d.add("a second status line follows in the body")
	}
	if !x.Clean {
		return
	}
	if _, found := r.first("Location"); found && (r.status < 300 || r.status >= 400) {
		d.add("Location leaked from another response")
	}
	if _, found := r.first("X-Test"); found && !bytes.Contains(asked, []byte("/hdr ")) {
		d.add("X-Test leaked from another response")
	}
}

// start returns enough of data for a failure line.
func start(data []byte) []byte { return data[:min(len(data), 80)] }
