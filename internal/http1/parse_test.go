package http1_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/microroute/microroute/internal/http1"
)

var limits = http1.Limits{Target: 16 << 10, Head: 64 << 10, Fields: 200}

// parse gives head to a Parser in pieces that end at the offsets given, each time in a new buffer, as a connection may
// do. It returns the length of the head, or what is wrong with it: "" for an incomplete one.
func parse(limits http1.Limits, h *http1.Head, head string, ends ...int) (n int, wrong string) {
	p := http1.Parser{Limits: limits}
	for _, end := range append(ends, len(head)) {
		n, err := p.Parse([]byte(head[:end]), h)
		if err != nil {
			return n, refusal(err)
		}
		if n > 0 {
			return n, ""
		}
	}
	return 0, ""
}

// refusal writes an error as status and text.
func refusal(err error) string {
	var wrong *http1.Error
	if !errors.As(err, &wrong) {
		return fmt.Sprintf("no http1.Error: %v", err)
	}
	return fmt.Sprint(wrong.Status, " ", wrong.Text)
}

// outcome is what a client sees of parse: what was understood, or the status.
func outcome(limits http1.Limits, head string, ends ...int) string {
	var h http1.Head
	n, wrong := parse(limits, &h, head, ends...)
	switch {
	case wrong != "":
		return wrong[:3]
	case n == 0:
		return "incomplete"
	}
	var fields strings.Builder
	for name, value := range h.Header.All() {
		fmt.Fprintf(&fields, "%q=%q ", name, value)
	}
	return fmt.Sprintf("%d octets: %s %q %s; path %q, query %q, host %q; fields %s; length %d, chunked %t, keep alive %t, expects %t",
		n, h.Method, h.Target(), h.Proto, h.RawPath(), h.Query(), h.Host(), fields.String(),
		h.ContentLength, h.Chunked, h.KeepAlive, h.ExpectContinue)
}

func everyOctet(head string) (ends []int) {
	for i := range len(head) {
		ends = append(ends, i)
	}
	return ends
}

// headCase is a head and what is wrong with it, "" for nothing.
type headCase struct{ rule, head, wrong string }

// check parses each head in one piece, octet by octet, and in two pieces cut anywhere: always with the same outcome.
func check(t *testing.T, cases []headCase) {
	t.Helper()
	for _, tt := range cases {
		var h http1.Head
		n, wrong := parse(limits, &h, tt.head)
		if wrong != tt.wrong || wrong == "" && n != len(tt.head) {
			t.Errorf("%s: %q: %d octets, wrong is %q, want %q", tt.rule, tt.head, n, wrong, tt.wrong)
			continue
		}
		want := outcome(limits, tt.head)
		if got := outcome(limits, tt.head, everyOctet(tt.head)...); got != want {
			t.Errorf("%s: %q octet by octet: %s, in one piece: %s", tt.rule, tt.head, got, want)
		}
		for cut := range len(tt.head) {
			if got := outcome(limits, tt.head, cut); got != want {
				t.Errorf("%s: %q cut at %d: %s, in one piece: %s", tt.rule, tt.head, cut, got, want)
			}
		}
	}
}

// What is understood of a head is all there.
func TestParse(t *testing.T) {
	const raw = "\r\nPOST /a%20b?x=1?&y HTTP/1.1\r\nhOST: a.test:8080\r\nX-A:1\r\nX-Empty:\r\n" +
		"x-a: \t two\twords \t\r\nContent-Length: 5\r\nExpect: 100-Continue\r\n\r\n"
	want := fmt.Sprintf("%d octets: POST \"/a%%20b?x=1?&y\" HTTP/1.1; path \"/a%%20b\", query \"x=1?&y\", host \"a.test:8080\"; "+
		`fields "hOST"="a.test:8080" "X-A"="1" "X-Empty"="" "x-a"="two\twords" "Content-Length"="5" "Expect"="100-Continue" ; `+
		"length 5, chunked false, keep alive true, expects true", len(raw))
	for _, behind := range []string{"", "hello", "\n", "GET / HTTP/1.1\r\n"} {
		if got := outcome(limits, raw+behind); got != want {
			t.Errorf("%q:\ngot  %s\nwant %s", raw+behind, got, want)
		}
	}
	for cut := range len(raw) {
		if got := outcome(limits, raw[:cut]); got != "incomplete" {
			t.Errorf("%q: got %s, want incomplete", raw[:cut], got)
		}
	}
}

// One Parser and one Head serve one request after the other; nothing of the one before is left in the next.
func TestParserReset(t *testing.T) {
	first := "POST http://a.test/?q HTTP/1.0\r\nHost: b.test\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\n"
	second := "POST / HTTP/1.1\r\nHost: c.test\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
	third := "GET / HTTP/1.1\r\nHost: d.test\r\n\r\n"
	heads := []string{first, second, third, first, third, second, first}
	p := http1.Parser{Limits: limits}
	var h http1.Head
	for _, head := range heads {
		p.Reset()
		if n, err := p.Parse([]byte(head), &h); n != len(head) || err != nil {
			t.Fatalf("%q: %d octets, %v", head, n, err)
		}
		var fresh http1.Head
		parse(limits, &fresh, head)
		got := []any{h.Method, h.Target(), h.Proto, h.RawPath(), h.Query(), h.Host(), h.Header.Len(), h.ContentLength, h.Chunked, h.KeepAlive, h.ExpectContinue}
		want := []any{fresh.Method, fresh.Target(), fresh.Proto, fresh.RawPath(), fresh.Query(), fresh.Host(), fresh.Header.Len(), fresh.ContentLength, fresh.Chunked, fresh.KeepAlive, fresh.ExpectContinue}
		if !slices.Equal(got, want) {
			t.Errorf("%q:\ngot  %v\nwant %v", head, got, want)
		}
	}
	p.Reset()
	if _, err := p.Parse([]byte("bad\r\n"), &h); err == nil {
		t.Fatal("a bad request line was accepted")
	}
	p.Reset()
	if n, err := p.Parse([]byte(third), &h); n != len(third) || err != nil {
		t.Errorf("after an error and Reset: %q: %d octets, %v", third, n, err)
	}
}

// A request has begun to arrive with its first octet; empty lines before it are none of it.
func TestParserStarted(t *testing.T) {
	for _, tt := range []struct {
		buf  string
		want bool
	}{{"", false}, {"\r\n", false}, {"\r\n\r\n", false}, {"\r", true}, {"\r\n\r", true}, {"G", true}, {"\r\nG", true}, {"GET / HTTP/1.1\r\n", true}} {
		p := http1.Parser{Limits: limits}
		var h http1.Head
		if n, err := p.Parse([]byte(tt.buf), &h); n != 0 || err != nil {
			t.Fatalf("%q: %d octets, %v", tt.buf, n, err)
		}
		if got := p.Started([]byte(tt.buf)); got != tt.want {
			t.Errorf("%q: Started = %t, want %t", tt.buf, got, tt.want)
		}
	}
}

func TestParseAllocatesNothing(t *testing.T) {
	for _, head := range []string{smallHead, browserHead} {
		buf := []byte(head)
		p := http1.Parser{Limits: limits}
		var h http1.Head
		got := testing.AllocsPerRun(100, func() {
			p.Reset()
			p.Parse(buf, &h)
		})
		if got != 0 {
			t.Errorf("%q: %v allocations, want 0", head, got)
		}
	}
}
