package http1_test

import (
	"testing"

	"github.com/microroute/microroute/internal/http1"
)

const (
	get  = "GET / HTTP/1.1\r\nHost: a.test\r\n"
	post = "POST / HTTP/1.1\r\nHost: a.test\r\n"
)

func TestFields(t *testing.T) {
	check(t, []headCase{
		{"RFC 9112 section 5: white space around the value", get + "X-A: \t 1\t \r\n\r\n", ""},
		{"no white space", get + "X-A:1\r\n\r\n", ""},
		{"no value", get + "X-A:\r\n\r\n", ""},
		{"white space for a value", get + "X-A:  \t\r\n\r\n", ""},
		{"RFC 9110 section 5.5: tabs and obs-text", get + "X-A: a\tb\x80\xff\r\n\r\n", ""},
		{"a colon", get + "X-A: b: c\r\n\r\n", ""},
		{"RFC 9110 section 5.1: any token is a name", get + "!#$%&'*+-.^_`|~09azAZ: 1\r\n\r\n", ""},
		{"another name, although it looks the same", get + "Content_Length: x\r\n\r\n", ""},

		{"RFC 9112 section 5.1: a space before the colon", get + "X-A : 1\r\n\r\n", "400 malformed field name"},
		{"no colon", get + "X-A\r\n\r\n", "400 malformed field name"},
		{"no name", get + ": 1\r\n\r\n", "400 malformed field name"},
		{"a space in the name", get + "X A: 1\r\n\r\n", "400 malformed field name"},
		{"a NUL in the name", get + "X\x00A: 1\r\n\r\n", "400 malformed field name"},
		{"UTF-8 in the name", get + "X-É: 1\r\n\r\n", "400 malformed field name"},
		{"a comma in the name", get + "X,A: 1\r\n\r\n", "400 malformed field name"},
		{"RFC 9112 section 5.2: a folded line", get + "X-A: 1\r\n 2\r\n\r\n", "400 folded field line"},
		{"a folded line with a tab", get + "X-A: 1\r\n\t2\r\n\r\n", "400 folded field line"},
		{"RFC 9112 section 2.2: white space before the first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", "400 folded field line"},
		{"a line of white space", get + " \r\n\r\n", "400 folded field line"},
		{"RFC 9110 section 5.5: a NUL in the value", get + "X-A: a\x00\r\n\r\n", "400 control character in a field value"},
		{"another control", get + "X-A: a\x1bb\r\n\r\n", "400 control character in a field value"},
		{"DEL", get + "X-A: \x7f\r\n\r\n", "400 control character in a field value"},
	})
}

func TestLineEndings(t *testing.T) {
	const bare = "400 line ends with LF instead of CRLF"
	check(t, []headCase{
		{"RFC 9112 section 2.2: LF behind the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n", bare},
		{"LF behind a field", "GET / HTTP/1.1\r\nHost: a\nX-A: 1\r\n\r\n", bare},
		{"LF for the empty line", "GET / HTTP/1.1\r\nHost: a\r\n\n", bare},
		{"LF everywhere", "GET / HTTP/1.1\nHost: a\n\n", bare},
		{"LF first", "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", bare},
		{"LF in a name", get + "X\n-A: 1\r\n\r\n", bare},
		{"CR in a value", get + "X-A: a\rb\r\n\r\n", "400 control character in a field value"},
		{"CR that hides a field", post + "X-A: a\rTransfer-Encoding: chunked\r\n\r\n", "400 control character in a field value"},
		{"CR CR LF behind a field", get + "X-A: 1\r\r\n\r\n", "400 control character in a field value"},
		{"CR CR LF for the empty line", get + "\r\r\n", "400 malformed field name"},
		{"CR behind the request line", "GET / HTTP/1.1\rHost: a\r\n\r\n", "400 malformed HTTP version"},
	})
}

func TestContentLength(t *testing.T) {
	const malformed = "400 malformed Content-Length"
	for _, value := range []string{
		"", "+5", "-5", "-0", "0x5", "5a", "a5", "5 5", "5,5", "5, 5", "5,6", ",5", "5;", "5 ;q=1", "5.0", "5e1", "1_000", "\xa05", "５", "\"5\"",
	} {
		check(t, []headCase{{"RFC 9110 section 8.6", post + "Content-Length: " + value + "\r\n\r\n", malformed}})
	}
	const huge = "413 Content-Length exceeds 63 bits"
	check(t, []headCase{
		{"RFC 9112 section 6.3: beyond 63 bits", post + "Content-Length: 9223372036854775808\r\n\r\n", huge},
		{"beyond 64 bits", post + "Content-Length: 18446744073709551621\r\n\r\n", huge},
		{"far beyond", post + "Content-Length: 99999999999999999999999999999999999999999\r\n\r\n", huge},
		{"twice", post + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n", "400 more than one Content-Length"},
		{"twice the same", post + "Content-Length: 5\r\ncontent-length: 5\r\n\r\n", "400 more than one Content-Length"},
		{"twice, the second malformed", post + "Content-Length: 5\r\nContent-Length: x\r\n\r\n", "400 more than one Content-Length"},
	})
	for value, want := range map[string]int64{"0": 0, "5": 5, " \t 5 \t": 5, "0005": 5, "9223372036854775807": 1<<63 - 1} {
		raw := post + "Content-Length: " + value + "\r\n\r\n"
		check(t, []headCase{{"RFC 9110 section 8.6", raw, ""}})
		var h http1.Head
		if parse(limits, &h, raw); h.ContentLength != want || h.Chunked {
			t.Errorf("%q: length %d, chunked %t, want %d", raw, h.ContentLength, h.Chunked, want)
		}
	}
}

func TestTransferEncoding(t *testing.T) {
	for _, value := range []string{"chunked", "Chunked", "CHUNKED", " \tchunked\t "} {
		raw := post + "Transfer-Encoding:" + value + "\r\n\r\n"
		check(t, []headCase{{"RFC 9112 section 7.1", raw, ""}})
		var h http1.Head
		if parse(limits, &h, raw); h.ContentLength != -1 || !h.Chunked {
			t.Errorf("%q: length %d, chunked %t, want -1, true", raw, h.ContentLength, h.Chunked)
		}
	}
	const malformed, unknown = "400 malformed Transfer-Encoding", "501 unknown transfer coding"
	for _, tt := range []struct{ value, wrong string }{
		{"cow", unknown}, {"xchunked", unknown}, {"chunkedx", unknown}, {"gzip", unknown},
		{"gzip, chunked", unknown}, {"gzip,cow ,\tchunked", unknown},
		{"", malformed}, {"identity", malformed}, {"Identity", malformed}, {"chunked, identity", malformed}, {"identity, chunked", malformed},
		{"chunked, chunked", malformed}, {"gzip, chunked, chunked", malformed}, {"gzip,, chunked", malformed}, {"chunked, gzip", malformed}, {"chunked,", malformed}, {",chunked", malformed},
		{"chunked;q=1", malformed}, {`"chunked"`, malformed}, {"chunk ed", malformed}, {"chunked:", malformed}, {"chunked\xa0", malformed},
		{"chunked\x00", "400 control character in a field value"}, {"\vchunked", "400 control character in a field value"},
	} {
		check(t, []headCase{{"RFC 9112 section 6.1", post + "Transfer-Encoding: " + tt.value + "\r\n\r\n", tt.wrong}})
	}
	check(t, []headCase{
		{"RFC 9112 section 7: applied twice", post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", malformed},
		{"identity and chunked", post + "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n", malformed},
		{"chunked and an unknown one", post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: cow\r\n\r\n", malformed},
		{"an unknown one and chunked", post + "Transfer-Encoding: cow\r\nTransfer-Encoding: chunked\r\n\r\n", unknown},
		{"an unknown one with a length", post + "Transfer-Encoding: cow\r\nContent-Length: 5\r\n\r\n", "400 Content-Length together with Transfer-Encoding"},
		{"section 6.1: in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", "400 Transfer-Encoding in an HTTP/1.0 message"},
		{"section 6.3: with a length", post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", "400 Content-Length together with Transfer-Encoding"},
		{"with a length behind it", post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n", "400 Content-Length together with Transfer-Encoding"},
		{"with a malformed length", post + "Transfer-Encoding: chunked\r\nContent-Length: x\r\n\r\n", "400 malformed Content-Length"},
		{"RFC 9110 section 10.1.4: TE is another field", post + "TE: trailers, chunked\r\nContent-Length: 5\r\n\r\n", ""},
		{"no field of ours", post + "Transfer_Encoding: cow\r\nX-Transfer-Encoding: cow\r\n\r\n", ""},
	})
}

// Whether the client wants to keep the connection (RFC 9112 section 9.3).
func TestKeepAlive(t *testing.T) {
	for _, tt := range []struct {
		rule, version, fields string
		want                  bool
	}{
		{"HTTP/1.1 by itself", "1.1", "", true},
		{"HTTP/1.0 by itself", "1.0", "", false},
		{"HTTP/1.1, close", "1.1", "Connection: close\r\n", false},
		{"HTTP/1.1, keep-alive", "1.1", "Connection: keep-alive\r\n", true},
		{"HTTP/1.0, keep-alive", "1.0", "Connection: Keep-Alive\r\n", true},
		{"HTTP/1.0, close", "1.0", "Connection: close\r\n", false},
		{"close comes first", "1.1", "Connection: keep-alive, close\r\n", false},
		{"close comes first in HTTP/1.0", "1.0", "Connection: close, keep-alive\r\n", false},
		{"in any case, among others", "1.1", "Connection: Upgrade,\t CLOSE ,x\r\n", false},
		{"in two lines", "1.0", "Connection: upgrade\r\nconnection: keep-alive\r\n", true},
		{"empty members", "1.1", "Connection: ,, ,close,\r\n", false},
		{"whole options only", "1.1", "Connection: closed, xclose, close x\r\n", true},
		{"another field", "1.1", "Proxy-Connection: close\r\n", true},
	} {
		raw := "GET / HTTP/" + tt.version + "\r\nHost: a\r\n" + tt.fields + "\r\n"
		check(t, []headCase{{tt.rule, raw, ""}})
		var h http1.Head
		if parse(limits, &h, raw); h.KeepAlive != tt.want {
			t.Errorf("%s: %q: KeepAlive = %t, want %t", tt.rule, raw, h.KeepAlive, tt.want)
		}
	}
}

// Expect: 100-continue (RFC 9110 section 10.1.1).
func TestExpect(t *testing.T) {
	for _, tt := range []struct {
		rule, version, value string
		want                 bool
		wrong                string
	}{
		{"the one there is", "1.1", "100-continue", true, ""},
		{"in any case", "1.1", "100-Continue", true, ""},
		{"another", "1.1", "cow", false, "417 unknown expectation"},
		{"another beside it", "1.1", "100-continue, cow", false, "417 unknown expectation"},
		{"none", "1.1", "", false, ""},
		{"twice", "1.1", "100-continue, 100-continue", true, ""},
		{"among empty members", "1.1", ", 100-continue ,", true, ""},
		{"ignored in HTTP/1.0", "1.0", "100-continue", false, ""},
		{"any is ignored in HTTP/1.0", "1.0", "cow", false, ""},
	} {
		raw := "POST / HTTP/" + tt.version + "\r\nHost: a\r\nExpect: " + tt.value + "\r\nContent-Length: 5\r\n\r\n"
		check(t, []headCase{{tt.rule, raw, tt.wrong}})
		var h http1.Head
		if parse(limits, &h, raw); tt.wrong == "" && h.ExpectContinue != tt.want {
			t.Errorf("%s: %q: ExpectContinue = %t, want %t", tt.rule, raw, h.ExpectContinue, tt.want)
		}
	}
}
