package http1_test

import (
	"bufio"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/microroute/microroute/internal/http1"
)

// FuzzParse holds the Parser to three properties: it does not panic; however a head is cut, the outcome is the same; and
// what it accepts, net/http understands alike.
func FuzzParse(f *testing.F) {
	for _, head := range []string{
		smallHead, browserHead, "\r\n" + smallHead, get, post,
		"CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n",
		"OPTIONS * HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
		"GET http://a.test?q HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
		"GET //a HTTP/1.9\r\nHost:\r\nX-A: \r\nX-A:\tb\r\n\r\n",
		post + "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n",
		post + "Transfer-Encoding: chunked\r\nConnection: close, x\r\n\r\n",
		post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
		"\r\r\n", "GET\n", "GET / HTTP/1.1\r\n X: 1\r\n",
	} {
		f.Add(head, uint16(7), uint16(20), false)
	}
	f.Fuzz(func(t *testing.T, head string, first, second uint16, tight bool) {
		l := limits
		if tight {
			l = http1.Limits{Target: 16, Head: 96, Fields: 4}
		}
		want := outcome(l, head)
		cuts := []int{min(int(first), len(head)), min(int(second), len(head))}
		slices.Sort(cuts)
		if got := outcome(l, head, cuts...); got != want {
			t.Errorf("%q cut at %d: %s, in one piece: %s", head, cuts, got, want)
		}
		if got := outcome(l, head, everyOctet(head)...); len(head) < 1000 && got != want {
			t.Errorf("%q octet by octet: %s, in one piece: %s", head, got, want)
		}
		var h http1.Head
		if n, _ := parse(limits, &h, head); n > 0 {
			compare(t, head[:n], &h)
		}
	})
}

// compare holds what was understood of head against net/http, but where that is known to differ.
func compare(t *testing.T, head string, h *http1.Head) {
	raw := strings.TrimLeft(head, "\r\n") // it takes no empty lines before the request line
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(raw)))
	if err != nil {
		if !refusedByNetHTTP(h) {
			t.Errorf("%q is refused by net/http: %v", head, err)
		}
		return
	}
	if r.Method != h.Method || r.RequestURI != h.Target() {
		t.Errorf("%q: %q %q, net/http has %q %q", head, h.Method, h.Target(), r.Method, r.RequestURI)
	}
	if r.ProtoMinor <= 1 && r.Proto != h.Proto { // HTTP/1.9 is treated as 1.1 (RFC 9110 section 2.5)
		t.Errorf("%q: %s, net/http has %s", head, h.Proto, r.Proto)
	}
	if r.Host != h.Host() && !strings.Contains(h.Host(), "%") { // it decodes the host of an absolute-form target
		t.Errorf("%q: host %q, net/http has %q", head, h.Host(), r.Host)
	}
	if r.ContentLength != h.ContentLength || slices.Equal(r.TransferEncoding, []string{"chunked"}) != h.Chunked || !r.Close != h.KeepAlive {
		t.Errorf("%q: length %d, chunked %t, keep alive %t, net/http has %d, %q, %t",
			head, h.ContentLength, h.Chunked, h.KeepAlive, r.ContentLength, r.TransferEncoding, !r.Close)
	}
	got := http.Header{}
	for name, value := range h.Header.All() {
		got.Add(name, value)
	}
	for _, name := range [...]string{
		"Host", "Transfer-Encoding", "Trailer", // it takes them out of the fields
		"Content-Length", // and this one, too, if the method has no use for it
		"Cache-Control",  // it derives this one from Pragma
	} {
		got.Del(name)
		r.Header.Del(name)
	}
	for name, values := range r.Header {
		if !slices.Equal(got[name], values) {
			t.Errorf("%q: %s is %q, net/http has %q", head, name, got[name], values)
		}
		delete(got, name)
	}
	if len(got) > 0 {
		t.Errorf("%q: net/http has no %q", head, got)
	}
}

// refusedByNetHTTP reports whether h has something that the RFCs allow and net/http does not.
func refusedByNetHTTP(h *http1.Head) bool {
	absolute := h.Target() != "*" && h.Target()[0] != '/' // and authority-form: it reads them as URLs
	switch {
	case absolute && strings.ContainsAny(h.Host(), "%["):
		return true // escapes of ASCII characters and IPvFuture in a host
	case h.Chunked && h.Header.Has("Trailer"):
		return true // a Trailer that names a field which frames messages; nobody reads it here
	}
	return false
}
