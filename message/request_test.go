package message_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/microroute/microroute/message"
)

const wireHead = "GET /caf%C3%A9/a+b?x=1&y=a+b&x=%32 HTTP/1.1\r\n" +
	"Host: example.org:8080\r\nAccept: text/html\r\nX-Empty: \r\naccept: */*\r\n\r\n"

// read fills r from a well-formed head in origin-form, as a parser does: with offsets into buf.
func read(r *message.Request, buf []byte) {
	r.Reset(buf)
	at := func(s string, from int) int { return from + bytes.Index(buf[from:], []byte(s)) }
	start := at(" ", 0) + 1
	end := at(" ", start)
	query := end
	if i := bytes.IndexByte(buf[start:end], '?'); i >= 0 {
		query = start + i + 1
	}
	path := end
	if query < end {
		path = query - 1
	}
	r.Method, r.Proto = string(buf[:start-1]), "HTTP/1.1"
	r.SetTarget(message.Target{Start: start, End: end, PathStart: start, PathEnd: path, QueryStart: query, QueryEnd: end})
	for line := at("\r\n", end) + 2; buf[line] != '\r'; line = at("\r\n", line) + 2 {
		colon := at(":", line)
		r.AddField(line, colon, colon+2, at("\r\n", line))
	}
}

// Strings that were taken from a request are not touched by what happens to the buffer they came in.
func TestRequestStringsSurviveTheBuffer(t *testing.T) {
	buf := []byte(wireHead)
	var r message.Request
	read(&r, buf)
	got := []string{r.Target(), r.RawPath(), r.Path(), r.Query(), r.Host(), r.CutPath(1, 10), r.Args.Get("y")}
	for name, value := range r.Header.All() {
		got = append(got, name, value)
	}
	want := []string{
		"/caf%C3%A9/a+b?x=1&y=a+b&x=%32", "/caf%C3%A9/a+b", "/café/a+b", "x=1&y=a+b&x=%32", "example.org:8080",
		"caf%C3%A9", "a b", "Host", "example.org:8080", "Accept", "text/html", "X-Empty", "", "accept", "*/*",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q: got %q, want %q", wireHead, got, want)
	}
	for i := range buf {
		buf[i] = '!'
	}
	if !slices.Equal(got, want) {
		t.Errorf("after the buffer was overwritten, the strings taken are %q, want %q", got, want)
	}
	second := []byte("PUT /b HTTP/1.1\r\nHost: b\r\n\r\n")
	read(&r, second)
	if !slices.Equal(got, want) {
		t.Errorf("after the Request was used again, the strings taken are %q, want %q", got, want)
	}
	if r.Target() != "/b" || r.Query() != "" || r.Host() != "b" || r.Args.Len() != 0 || r.Header.Len() != 1 {
		t.Errorf("%q: target %q, query %q, host %q, %d args, %d fields, want nothing of the request before",
			second, r.Target(), r.Query(), r.Host(), r.Args.Len(), r.Header.Len())
	}
}

// A request costs one allocation if any of its strings is asked for, and none if nothing is.
func TestRequestAllocations(t *testing.T) {
	buf := []byte("GET /plain/path?x=1 HTTP/1.1\r\nHost: a\r\nAccept: b\r\n\r\n")
	var r message.Request
	for _, tt := range []struct {
		name string
		take func()
		want float64
	}{
		{"nothing taken", func() {}, 0},
		{"looked at only", func() {
			r.TransientPath()
			r.Header.Has("accept")
			r.Header.Get("X-None")
			r.Header.Len()
			r.AtLeast11()
		}, 0},
		{"one field", func() { r.Header.Get("accept") }, 1},
		{"empty parts", func() { r.CutPath(3, 3) }, 0},
		{"everything", func() {
			r.Target()
			r.RawPath()
			r.Path()
			r.Query()
			r.Host()
			r.CutPath(1, 6)
			for range r.Header.All() {
			}
		}, 1},
	} {
		got := testing.AllocsPerRun(100, func() {
			read(&r, buf)
			tt.take()
		})
		if got -= 1; got != tt.want { // read makes a string of the method
			t.Errorf("%s: %v allocations, want %v", tt.name, got, tt.want)
		}
	}
}

func TestTransientPath(t *testing.T) {
	buf := []byte("GET /a/b?c HTTP/1.1\r\nHost: a\r\n\r\n")
	var r message.Request
	read(&r, buf)
	path := r.TransientPath()
	if path != "/a/b" {
		t.Fatalf("%q: TransientPath = %q, want /a/b", buf, path)
	}
	copy(buf[4:], "/x/y")
	if path != "/x/y" {
		t.Errorf("TransientPath = %q after the buffer has changed to /x/y: it is a copy", path)
	}
}

func TestSetParsed(t *testing.T) {
	for _, tt := range []struct {
		rule, method, target, host string
		path, query                string
	}{
		{"RFC 9112 section 3.2.1: origin-form", "GET", "/a%20b?x=1?2", "example.org", "/a%20b", "x=1?2"},
		{"no query", "GET", "/a", "example.org", "/a", ""},
		{"empty query", "GET", "/a?", "example.org", "/a", ""},
		{"empty path", "GET", "?x=1", "example.org", "/", "x=1"},
		{"no host", "GET", "/a", "", "/a", ""},
		{"RFC 9112 section 3.2.3: authority-form", "CONNECT", "example.org:443", "example.org:443", "", ""},
		{"RFC 9112 section 3.2.4: asterisk-form", "OPTIONS", "*", "example.org", "*", ""},
	} {
		var r message.Request
		r.SetParsed(tt.method, tt.target, "HTTP/2.0", tt.host)
		r.Header.Add("X-A", "1")
		got := []string{r.Method, r.Target(), r.Proto, r.Host(), r.RawPath(), r.TransientPath(), r.Query(), r.Header.Get("x-a")}
		want := []string{tt.method, tt.target, "HTTP/2.0", tt.host, tt.path, tt.path, tt.query, "1"}
		if !slices.Equal(got, want) {
			t.Errorf("%s: SetParsed(%q, %q, %q): got %q, want %q", tt.rule, tt.method, tt.target, tt.host, got, want)
		}
	}
}

func TestSetParsedAfterWire(t *testing.T) {
	var r message.Request
	read(&r, []byte(wireHead))
	host := r.Header.Get("Host")
	r.SetParsed("GET", "/b", "HTTP/2.0", "")
	if got := r.Host(); got != "" || r.Header.Len() != 0 || r.Args.Has("x") || host != "example.org:8080" {
		t.Errorf("host %q, %d fields, host taken before %q: want nothing of the request before", got, r.Header.Len(), host)
	}
}

// The authority of an absolute-form target replaces the Host field (RFC 9112 section 3.2.2).
func TestHostOfAbsoluteForm(t *testing.T) {
	const raw = "GET http://a.test/p HTTP/1.1\r\nHost: b.test\r\n\r\n"
	var r message.Request
	r.Reset([]byte(raw))
	r.Method = "GET"
	host := strings.Index(raw, "b.test")
	r.AddField(host-6, host-2, host, host+6)
	r.SetTarget(message.Target{Start: 4, End: 19, AuthorityStart: 11, AuthorityEnd: 17, PathStart: 17, PathEnd: 19, QueryStart: 19, QueryEnd: 19})
	if r.Host() != "a.test" || r.Header.Get("Host") != "b.test" || r.RawPath() != "/p" || r.Target() != "http://a.test/p" {
		t.Errorf("%q: host %q, field %q, path %q, target %q", raw, r.Host(), r.Header.Get("Host"), r.RawPath(), r.Target())
	}
	r.SetTarget(message.Target{Start: 4, End: 17, AuthorityStart: 11, AuthorityEnd: 17, PathStart: 17, PathEnd: 17})
	if r.RawPath() != "/" || r.TransientPath() != "/" || r.Path() != "/" {
		t.Errorf("no path after the authority: RawPath %q, TransientPath %q, Path %q, want /", r.RawPath(), r.TransientPath(), r.Path())
	}
}

func TestAtLeast11(t *testing.T) {
	for proto, want := range map[string]bool{"HTTP/1.0": false, "HTTP/1.1": true, "HTTP/2.0": true, "HTTP/3.0": true} {
		r := message.Request{Proto: proto}
		if got := r.AtLeast11(); got != want {
			t.Errorf("%s: AtLeast11 = %t, want %t", proto, got, want)
		}
	}
}
