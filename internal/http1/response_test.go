package http1_test

import (
	"bufio"
	"net/http"
	"strings"
	"testing"

	"github.com/microroute/microroute/internal/ascii"
	"github.com/microroute/microroute/internal/http1"
	"github.com/microroute/microroute/message"
)

const date = "Sun, 06 Nov 1994 08:49:37 GMT"

// header makes a Header of name, value, name, value …
func header(pairs ...string) *message.Header {
	var h message.Header
	for i := 0; i < len(pairs); i += 2 {
		h.Add(pairs[i], pairs[i+1])
	}
	return &h
}

func TestAppendHead(t *testing.T) {
	for _, tt := range []struct {
		rule string
		r    message.Response
		s    http1.Sender
		want string // lines
	}{
		{"RFC 9112 section 4", message.Response{Status: 200, Reason: "OK", Header: header()}, http1.Sender{}, "HTTP/1.1 200 OK"},
		{"the space stays without a reason", message.Response{Status: 299, Header: header()}, http1.Sender{}, "HTTP/1.1 299 "},
		{"order and repeats are kept", message.Response{Status: 200, Reason: "OK", Header: header("B", "1", "a", "2", "B", "3", "C", "")}, http1.Sender{},
			"HTTP/1.1 200 OK|B: 1|a: 2|B: 3|C: "},
		{"length", message.Response{Status: 200, Reason: "OK", Header: header(), ContentLength: 12345678901}, http1.Sender{Framing: http1.ByLength},
			"HTTP/1.1 200 OK|Content-Length: 12345678901"},
		{"no length", message.Response{Status: 204, Reason: "No Content", Header: header()}, http1.Sender{Framing: http1.NoContent}, "HTTP/1.1 204 No Content"},
		{"chunked", message.Response{Status: 200, Reason: "OK", Header: header(), ContentLength: -1}, http1.Sender{Framing: http1.Chunked},
			"HTTP/1.1 200 OK|Transfer-Encoding: chunked"},
		{"RFC 9110 section 6.6.2: trailer fields are announced", message.Response{Status: 200, Reason: "OK",
			Header: header("trailer", "Z", "A", "b"), Trailer: header("X-A", "", "ETag", "1")}, http1.Sender{Framing: http1.Chunked},
			"HTTP/1.1 200 OK|A: b|Transfer-Encoding: chunked|Trailer: X-A, ETag"},
		{"section 6.5.1: but not those that may not be there", message.Response{Status: 200, Reason: "OK", Header: header(),
			Trailer: header("Content-Length", "1", "X\r\nY", "", "X-A", "", "host", "a")}, http1.Sender{Framing: http1.Chunked},
			"HTTP/1.1 200 OK|Transfer-Encoding: chunked|Trailer: X-A"},
		{"no announcement of nothing", message.Response{Status: 200, Reason: "OK", Header: header(), Trailer: header("TE", "1")},
			http1.Sender{Framing: http1.Chunked}, "HTTP/1.1 200 OK|Transfer-Encoding: chunked"},
		{"nor of what cannot follow", message.Response{Status: 200, Reason: "OK", Header: header("Trailer", "Z"), Trailer: header("X-A", "")},
			http1.Sender{Framing: http1.UntilClose}, "HTTP/1.1 200 OK|Trailer: Z"},
		{"until close", message.Response{Status: 200, Reason: "OK", Header: header()}, http1.Sender{Framing: http1.UntilClose, Connection: "close"},
			"HTTP/1.1 200 OK|Connection: close"},
		{"the framing says what is true", message.Response{Status: 200, Reason: "OK", ContentLength: 5,
			Header: header("content-length", "7", "Transfer-Encoding", "gzip", "TE", "x")}, http1.Sender{Framing: http1.ByLength},
			"HTTP/1.1 200 OK|TE: x|Content-Length: 5"},
		{"Date", message.Response{Status: 200, Reason: "OK", Header: header()}, http1.Sender{Date: []byte(date)}, "HTTP/1.1 200 OK|Date: " + date},
		{"a Date of its own", message.Response{Status: 200, Reason: "OK", Header: header("date", "x")}, http1.Sender{Date: []byte(date)}, "HTTP/1.1 200 OK|date: x"},
		{"content type", message.Response{Status: 200, Reason: "OK", Header: header(), ContentType: "text/plain"}, http1.Sender{},
			"HTTP/1.1 200 OK|Content-Type: text/plain"},
		{"a content type of its own", message.Response{Status: 200, Reason: "OK", Header: header("CONTENT-TYPE", ""), ContentType: "text/plain"}, http1.Sender{},
			"HTTP/1.1 200 OK|CONTENT-TYPE: "},
		{"connection option", message.Response{Status: 200, Reason: "OK", Header: header("Connection", "keep-alive", "connection", "x")}, http1.Sender{Connection: "close"},
			"HTTP/1.1 200 OK|Connection: close"},
		{"a connection option of its own", message.Response{Status: 101, Reason: "Switching Protocols", Header: header("Connection", "Upgrade")}, http1.Sender{},
			"HTTP/1.1 101 Switching Protocols|Connection: Upgrade"},
		{"all of it", message.Response{Status: 404, Reason: "Not Found", Header: header("X", "1"), ContentType: "a/b", ContentLength: 0},
			http1.Sender{Framing: http1.ByLength, Connection: "close", Date: []byte(date)},
			"HTTP/1.1 404 Not Found|X: 1|Date: " + date + "|Content-Type: a/b|Content-Length: 0|Connection: close"},
		{"RFC 9110 section 5.5: no line ends early", message.Response{Status: 200, Reason: "O\r\nX: 1", ContentType: "a\nb",
			Header: header("A", "b\r\nSet-Cookie: c", "B", "\x00\x7f\x1b", "C", "\t\x80\xff é")}, http1.Sender{Connection: "a\rb"},
			"HTTP/1.1 200 O  X: 1|A: b  Set-Cookie: c|B:    |C: \t\x80\xff é|Content-Type: a b|Connection: a b"},
		{"names that are no tokens are left out", message.Response{Status: 200, Reason: "OK",
			Header: header("A\r\nB", "1", "", "2", "C:", "3", "D E", "4", "é", "5", "F", "6")}, http1.Sender{}, "HTTP/1.1 200 OK|F: 6"},
	} {
		want := "before|" + strings.ReplaceAll(tt.want, "|", "\r\n") + "\r\n\r\n"
		if got := string(http1.AppendHead([]byte("before|"), &tt.r, tt.s)); got != want {
			t.Errorf("%s:\ngot  %q\nwant %q", tt.rule, got, want)
		}
	}
}

func TestAppendChunkSize(t *testing.T) {
	for n, want := range map[int]string{1: "1\r\n", 10: "a\r\n", 255: "ff\r\n", 4096: "1000\r\n", 1 << 30: "40000000\r\n"} {
		if got := string(http1.AppendChunkSize(nil, n)); got != want {
			t.Errorf("AppendChunkSize(%d) = %q, want %q", n, got, want)
		}
	}
	if content, _, wrong := decode("5\r\nhello\r\n"+http1.LastChunk, 16); content != "hello" || wrong != "" {
		t.Errorf("LastChunk %q: content %q, wrong is %q", http1.LastChunk, content, wrong)
	}
}

func TestAppendLastChunk(t *testing.T) {
	for _, tt := range []struct {
		rule    string
		trailer *message.Header
		want    string
	}{
		{"no fields", nil, ""},
		{"no fields yet", header(), ""},
		{"RFC 9112 section 7.1.2", header("X-A", "1", "x-a", "2", "ETag", `"3"`), "X-A: 1|x-a: 2|ETag: \"3\"|"},
		{"announced, but not set", header("X-A", "", "X-B", "1"), "X-B: 1|"},
		{"RFC 9110 section 6.5.1", header("Content-Length", "1", "set-cookie", "a=b", "X-A", "1"), "X-A: 1|"},
		{"section 5.5: no line ends early", header("X-A", "b\r\n\r\nHTTP/1.1 200 OK", "X\r\nY", "1", "X-B", "\x00"), "X-A: b    HTTP/1.1 200 OK|X-B:  |"},
	} {
		want := "before|0\r\n" + strings.ReplaceAll(tt.want, "|", "\r\n") + "\r\n"
		if got := string(http1.AppendLastChunk([]byte("before|"), tt.trailer)); got != want {
			t.Errorf("%s: got %q, want %q", tt.rule, got, want)
		}
	}
}

func TestAppendHeadAllocatesNothing(t *testing.T) {
	r := message.Response{Status: 200, Reason: "OK", Header: header("A", "b", "C", "d\r\n"), ContentType: "text/html"}
	buf := make([]byte, 0, 1024)
	if got := testing.AllocsPerRun(100, func() { http1.AppendHead(buf, &r, http1.Sender{Framing: http1.Chunked, Date: []byte(date)}) }); got != 0 {
		t.Errorf("%v allocations, want 0", got)
	}
}

// FuzzAppendHead: no text of a response ends a line or the head, and net/http reads the head as it was meant.
func FuzzAppendHead(f *testing.F) {
	f.Add("X-A", "b", "OK", "text/html", uint8(1))
	f.Add("X\r\nY", "a\r\nSet-Cookie: b", "O\nK", "\x00", uint8(2))
	f.Add("Content-Length", "7", "", "", uint8(3))
	f.Fuzz(func(t *testing.T, name, value, reason, contentType string, framing uint8) {
		r := message.Response{Status: 200, Reason: reason, Header: header(name, value), ContentType: contentType, ContentLength: 5}
		s := http1.Sender{Framing: http1.Framing(framing % 4), Connection: value, Date: []byte(date)}
		head := string(http1.AppendHead(nil, &r, s))

		lines := strings.Split(head, "\r\n")
		if strings.ContainsAny(strings.Join(lines, ""), "\r\n\x00") || len(lines) < 3 || lines[len(lines)-1] != "" || lines[len(lines)-2] != "" {
			t.Fatalf("%q: a line ends where it should not", head)
		}
		for _, line := range lines[:len(lines)-2] {
			if line == "" {
				t.Fatalf("%q ends twice", head)
			}
		}
		response, err := http.ReadResponse(bufio.NewReader(strings.NewReader(head)), nil)
		if err != nil {
			t.Fatalf("%q is refused by net/http: %v", head, err)
		}
		if dates := response.Header["Date"]; response.StatusCode != 200 || len(dates) != 1 {
			t.Errorf("%q: net/http has %s with Date %q, want one", head, response.Status, dates)
		}
		want := map[http1.Framing]int64{http1.NoContent: -1, http1.ByLength: 5, http1.Chunked: -1, http1.UntilClose: -1}[s.Framing]
		if chunked := len(response.TransferEncoding) == 1; response.ContentLength != want || chunked != (s.Framing == http1.Chunked) {
			t.Errorf("%q: net/http has length %d, transfer encoding %q", head, response.ContentLength, response.TransferEncoding)
		}
		if s.Framing == http1.Chunked && len(name)+len(value) < 4000 { // longer ones the decoder refuses
			checkTrailer(t, header(name, value))
		}
	})
}

// checkTrailer checks that our own decoder reads what follows chunked content as it was meant.
func checkTrailer(t *testing.T, trailer *message.Header) {
	src := string(http1.AppendLastChunk(nil, trailer))
	var d http1.ChunkedDecoder
	if content, used, wrong := decodeWith(&d, src+"GET", 16); content != "" || used != len(src) || wrong != "" {
		t.Fatalf("%q: content %q, %d octets used, wrong is %q", src, content, used, wrong)
	}
	for name, value := range trailer.All() {
		sent := value != "" && ascii.IsToken(name) && message.TrailerAllowed(name)
		if d.Trailer.Has(name) != sent || d.Trailer.Len() > 1 {
			t.Errorf("%q: trailer %q, want %q in it: %t", src, listed(&d.Trailer), name, sent)
		}
	}
}
