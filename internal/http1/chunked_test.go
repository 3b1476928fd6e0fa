package http1_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/microroute/microroute/internal/http1"
	"github.com/microroute/microroute/message"
)

// decode takes the chunks off src, which comes in pieces that end at the offsets given, into room for size octets at a
// time. It returns the content, how much of src is the message, and what is wrong: "" for nothing, "incomplete" if the
// end is missing.
func decode(src string, size int, ends ...int) (content string, used int, wrong string) {
	var d http1.ChunkedDecoder
	return decodeWith(&d, src, size, ends...)
}

func decodeWith(d *http1.ChunkedDecoder, src string, size int, ends ...int) (content string, used int, wrong string) {
	var b strings.Builder
	dst := make([]byte, size)
	for _, end := range append(ends, len(src)) {
		for {
			written, read, err := d.Decode(dst, []byte(src[used:end]))
			b.Write(dst[:written])
			used += read
			if err == io.EOF {
				return b.String(), used, ""
			}
			if err != nil {
				return b.String(), used, refusal(err)
			}
			if written == 0 && used == end {
				break
			}
			if written == 0 && read == 0 {
				return b.String(), used, fmt.Sprintf("no progress at %d", used)
			}
		}
	}
	return b.String(), used, "incomplete"
}

// Whatever the pieces and the room, the content and the outcome are the same.
func TestChunkedDecoder(t *testing.T) {
	const (
		size   = "400 malformed chunk size or extension"
		huge   = "413 chunk size exceeds 63 bits"
		end    = "400 chunk does not end with CRLF"
		bareLF = "400 line ends with LF instead of CRLF"
		name   = "400 malformed field name"
		value  = "400 control character in a field value"
	)
	for _, tt := range []struct{ rule, src, content, wrong string }{
		{"RFC 9112 section 7.1", "5\r\nhello\r\n0\r\n\r\n", "hello", ""},
		{"no content", "0\r\n\r\n", "", ""},
		{"two chunks", "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", "hello", ""},
		{"hexadecimal, small", "a\r\n0123456789\r\n0\r\n\r\n", "0123456789", ""},
		{"hexadecimal, capital", "A\r\n0123456789\r\n0\r\n\r\n", "0123456789", ""},
		{"leading zeros", "00000000000000000000005\r\nhello\r\n000\r\n\r\n", "hello", ""},
		{"data with line ends", "7\r\na\r\nb\r\nc\r\n0\r\n\r\n", "a\r\nb\r\nc", ""},
		{"data like an end", "5\r\n0\r\n\r\n\r\n0\r\n\r\n", "0\r\n\r\n", ""},
		{"data is octets", "4\r\n\x00\xff\r\n\r\n0\r\n\r\n", "\x00\xff\r\n", ""},
		{"cut off in the size", "5", "", "incomplete"},
		{"cut off in the data", "5\r\nhel", "hel", "incomplete"},
		{"cut off behind the data", "5\r\nhello", "hello", "incomplete"},
		{"cut off before the last CRLF", "5\r\nhello\r\n0\r\n", "hello", "incomplete"},
		{"cut off in the trailer", "5\r\nhello\r\n0\r\nX: 1\r\n", "hello", "incomplete"},

		{"no size", "\r\nhello\r\n", "", size},
		{"no hexadecimal", "g\r\n", "", size},
		{"a sign", "+5\r\nhello\r\n", "", size},
		{"a minus", "-5\r\nhello\r\n", "", size},
		{"0x", "0x5\r\nhello\r\n", "", size},
		{"white space before the size", " 5\r\nhello\r\n", "", size},
		{"white space behind the size", "5 \r\nhello\r\n", "", size},
		{"a CR in the size", "5\r\r\nhello\r\n", "", size},
		{"a NUL", "5\x00\r\nhello\r\n", "", size},
		{"underscores", "1_0\r\n", "", size},
		{"a bare LF behind the size", "5\nhello\r\n", "", bareLF},
		{"63 bits are enough", "7fffffffffffffff\r\nhello", "hello", "incomplete"},
		{"one more is too much", "8000000000000000\r\n", "", huge},
		{"64 bits would wrap to 5", "10000000000000005\r\nhello\r\n0\r\n\r\n", "", huge},
		{"far beyond", strings.Repeat("f", 100) + "\r\n", "", huge},

		{"data longer than its size", "5\r\nhello!\r\n0\r\n\r\n", "hello", end},
		{"data shorter than its size", "6\r\nhello\r\n0\r\n\r\n", "hello\r", bareLF},
		{"a bare LF behind the data", "5\r\nhello\n0\r\n\r\n", "hello", bareLF},
		{"a bare CR behind the data", "5\r\nhello\r0\r\n\r\n", "hello", end},
		{"refused before the line ends", "5\r\nhello!", "hello", end},
		{"refused behind a CR", "5\r\nhello\r!", "hello", end},
		{"nothing behind the data", "5\r\nhello0\r\n\r\n", "hello", end},

		{"section 7.1.1: an extension", "5;a\r\nhello\r\n0;b\r\n\r\n", "hello", ""},
		{"with a value", "5;a=b\r\nhello\r\n0\r\n\r\n", "hello", ""},
		{"with a quoted one", "5;a=\"b;c\\\"\r\thello\"\r\nhello\r\n0\r\n\r\n", "", size},
		{"with a good quoted one", "5;a=\"b; \\\"c\\\\\t\"\r\nhello\r\n0\r\n\r\n", "hello", ""},
		{"with an empty quoted one", "5;a=\"\"\r\nhello\r\n0\r\n\r\n", "hello", ""},
		{"several", "5;a;b=c;d=\"e\";f\r\nhello\r\n0\r\n\r\n", "hello", ""},
		{"with bad white space", "5 ;\ta = b ; c\r\nhello\r\n0\r\n\r\n", "hello", ""},
		{"no name", "5;\r\nhello\r\n", "", size},
		{"no name before =", "5;=b\r\nhello\r\n", "", size},
		{"no value", "5;a=\r\nhello\r\n", "", size},
		{"an open quote", "5;a=\"b\r\nhello\r\n", "", size},
		{"an open quote, escaped", "5;a=\"b\\\"\r\nhello\r\n", "", size},
		{"a backslash at the end", "5;a=\"b\\\r\nhello\r\n", "", size},
		{"an escaped control", "5;a=\"\\\x00\"\r\nhello\r\n", "", size},
		{"a name behind a quoted value", "5;a=\"b\"c\r\nhello\r\n", "", size},
		{"no semicolon", "5 a=b\r\nhello\r\n", "", size},
		{"a = only", "5=b\r\nhello\r\n", "", size},
		{"a comma", "5,a\r\nhello\r\n", "", size},
		{"a control", "5;a\x01\r\nhello\r\n", "", size},
		{"white space behind it", "5;a \r\nhello\r\n", "", size},
		{"a bare LF", "5;a\nhello\r\n", "", bareLF},

		{"section 7.1.2: trailer fields", "0\r\nX-A: 1\r\nx-b:\r\nX-C:\t\xff \r\n\r\n", "", ""},
		{"that would frame the message elsewhere", "0\r\nContent-Length: 5\r\nTransfer-Encoding: x\r\n\r\n", "", ""},
		{"no name", "0\r\n: 1\r\n\r\n", "", name},
		{"no colon", "0\r\nX\r\n\r\n", "", name},
		{"white space before the colon", "0\r\nX : 1\r\n\r\n", "", name},
		{"no token", "0\r\nX(A): 1\r\n\r\n", "", name},
		{"a folded line", "0\r\nX: 1\r\n 2\r\n\r\n", "", "400 folded field line"},
		{"a folded line with a tab", "0\r\nX: 1\r\n\t2\r\n\r\n", "", "400 folded field line"},
		{"a control", "0\r\nX: a\x01\r\n\r\n", "", value},
		{"a CR", "0\r\nX: a\rb\r\n\r\n", "", value},
		{"a bare LF", "0\r\nX: 1\n\r\n", "", bareLF},
		{"a bare LF for the empty line", "0\r\n\n", "", bareLF},
		{"a request instead", "0\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "", name},
	} {
		for _, behind := range []string{"", "GET / HTTP/1.1\r\n"} {
			src := tt.src
			if behind != "" && tt.wrong == "incomplete" {
				continue
			}
			content, used, wrong := decode(src+behind, 4096)
			if content != tt.content || wrong != tt.wrong || wrong == "" && used != len(src) {
				t.Errorf("%s: %q: content %q, %d octets used, wrong is %q, want %q, %q", tt.rule, src+behind, content, used, wrong, tt.content, tt.wrong)
			}
		}
		for _, size := range []int{1, 2, 3, 7, 4096} {
			for cut := range len(tt.src) {
				same(t, tt.src, size, cut)
			}
			same(t, tt.src, size, everyOctet(tt.src)...)
		}
	}
}

// same checks that src cut at ends has the outcome that it has in one piece. Which of two faults a text names may differ.
func same(t *testing.T, src string, size int, ends ...int) {
	t.Helper()
	var whole, cut http1.ChunkedDecoder
	content, used, wrong := decodeWith(&whole, src, len(src)+1)
	gotContent, gotUsed, gotWrong := decodeWith(&cut, src, size, ends...)
	if gotContent != content || wrong == "" && gotUsed != used || gotWrong[:min(3, len(gotWrong))] != wrong[:min(3, len(wrong))] {
		t.Errorf("%q cut at %d, %d octets at a time: content %q, %d octets used, wrong is %q; in one piece: %q, %d, %q",
			src, ends, size, gotContent, gotUsed, gotWrong, content, used, wrong)
	}
	if got, want := listed(&cut.Trailer), listed(&whole.Trailer); wrong == "" && got != want {
		t.Errorf("%q cut at %d: trailer %q; in one piece: %q", src, ends, got, want)
	}
}

// listed writes h as lines.
func listed(h *message.Header) string {
	var lines strings.Builder
	for name, value := range h.All() {
		lines.WriteString(name + ": " + value + "|")
	}
	return lines.String()
}

// What comes behind the content is kept, but for what may not be there.
func TestChunkedDecoderTrailer(t *testing.T) {
	for _, tt := range []struct{ rule, section, want string }{
		{"RFC 9112 section 7.1.2", "X-A: 1\r\n", "X-A: 1|"},
		{"none", "", ""},
		{"order, repeats and case are kept", "b: 1\r\nA: 2\r\nB: 3\r\n", "b: 1|A: 2|B: 3|"},
		{"white space around the value is no part of it", "X-A: \t 1 2\t \r\nX-B:\r\nX-C: \r\n", "X-A: 1 2|X-B: |X-C: |"},
		{"octets beyond ASCII", "X-A: \xff\r\n", "X-A: \xff|"},
		{"RFC 9110 section 6.5.1: no framing", "Content-Length: 5\r\nX-A: 1\r\ntransfer-encoding: chunked\r\nTrailer: X-B\r\n", "X-A: 1|"},
		{"no routing", "Host: evil.test\r\n", ""},
		{"no authentication", "Authorization: Basic eA==\r\nCookie: a=b\r\n", ""},
		{"no request modifiers", "Expect: 100-continue\r\nIf-Match: *\r\nRange: bytes=0-1\r\n", ""},
		{"nothing about the content", "Content-Encoding: gzip\r\nContent-Type: text/html\r\n", ""},
	} {
		src := "5\r\nhello\r\n0\r\n" + tt.section + "\r\n"
		var d http1.ChunkedDecoder
		content, used, wrong := decodeWith(&d, src, 16)
		if content != "hello" || used != len(src) || wrong != "" {
			t.Errorf("%s: %q: content %q, %d octets used, wrong is %q", tt.rule, src, content, used, wrong)
		}
		if got := listed(&d.Trailer); got != tt.want {
			t.Errorf("%s: %q: trailer %q, want %q", tt.rule, src, got, tt.want)
		}
	}
}

// A message without trailer fields costs no memory.
func TestChunkedDecoderAllocatesNothing(t *testing.T) {
	src := []byte("5;ext=1\r\nhello\r\n" + http1.LastChunk)
	dst := make([]byte, 16)
	got := testing.AllocsPerRun(100, func() {
		var d http1.ChunkedDecoder
		if _, _, err := d.Decode(dst, src); err != io.EOF {
			t.Fatal(err)
		}
	})
	if got != 0 {
		t.Errorf("%v allocations, want 0", got)
	}
}

func TestChunkedDecoderLimits(t *testing.T) {
	const (
		line     = 4 << 10
		sixteenK = 16 << 10
	)
	extension := func(n int) string { return ";" + strings.Repeat("a", n-1) }
	trailer := func(n int) string { // fields of n octets in all
		var b strings.Builder
		for ; n > 2048; n -= 1024 {
			b.WriteString("X: " + strings.Repeat("a", 1024-5) + "\r\n")
		}
		return b.String() + "X: " + strings.Repeat("a", n-5) + "\r\n"
	}
	const overhead = "400 too many chunk extensions"
	const trailerLong = "431 trailer section is too long"
	for _, tt := range []struct{ name, src, wrong string }{
		{"line at the limit", "0" + extension(line-3) + "\r\n\r\n", ""},
		{"line beyond", "0" + extension(line-2) + "\r\n\r\n", overhead},
		{"endless line", "0" + extension(2*line), overhead},
		{"endless zeros", strings.Repeat("0", 2*line), overhead},
		{"extensions at the limit", strings.Repeat("1"+extension(1025)+"\r\nx\r\n", 15) + "0" + extension(1024) + "\r\n\r\n", ""},
		{"extensions beyond", strings.Repeat("1"+extension(1025)+"\r\nx\r\n", 15) + "0" + extension(1025) + "\r\n\r\n", overhead},
		{"extensions that data outweighs", strings.Repeat("400"+extension(1024)+"\r\n"+strings.Repeat("x", 1024)+"\r\n", 64) + "0\r\n\r\n", ""},
		{"data does not buy more later", "100000\r\n" + strings.Repeat("x", 1<<20) + "\r\n" + strings.Repeat("1"+extension(1025)+"\r\nx\r\n", 17), overhead},
		{"many small chunks without", strings.Repeat("1\r\nx\r\n", 10_000) + "0\r\n\r\n", ""},
		{"trailer at the limit", "0\r\n" + trailer(sixteenK) + "\r\n", ""},
		{"trailer beyond", "0\r\n" + trailer(sixteenK+1) + "\r\n", trailerLong},
		{"trailer line at the limit", "0\r\n" + "X: " + strings.Repeat("a", line-5) + "\r\n\r\n", ""},
		{"trailer line beyond", "0\r\n" + "X: " + strings.Repeat("a", line-4) + "\r\n\r\n", trailerLong},
		{"endless trailer line", "0\r\nX: " + strings.Repeat("a", 2*line), trailerLong},
		{"endless data", "1\r\nx" + strings.Repeat("y", 2*line), "400 chunk does not end with CRLF"},
	} {
		if _, _, wrong := decode(tt.src, 4096); wrong != tt.wrong {
			t.Errorf("%s: %.20q… of %d octets: wrong is %q, want %q", tt.name, tt.src, len(tt.src), wrong, tt.wrong)
		}
		if _, _, wrong := decode(tt.src, 4096, everyOctet(tt.src)...); wrong != tt.wrong {
			t.Errorf("%s: %.20q… of %d octets, one by one: wrong is %q, want %q", tt.name, tt.src, len(tt.src), wrong, tt.wrong)
		}
	}
}

// The data of a chunk may be read past the decoder.
func TestChunkedDecoderAdvance(t *testing.T) {
	var d http1.ChunkedDecoder
	dst := make([]byte, 2)
	if n := d.Left(); n != 0 {
		t.Errorf("Left = %d before the first size, want 0", n)
	}
	src := "5\r\nhello\r\n3\r\nabc\r\n0\r\n\r\n"
	written, read, err := d.Decode(dst, []byte(src))
	if string(dst[:written]) != "he" || read != 5 || err != nil || d.Left() != 3 {
		t.Fatalf("%q: content %q, %d octets used, %v, %d left; want he, 5, nil, 3", src, dst[:written], read, err, d.Left())
	}
	d.Advance(2)
	d.Advance(1)
	if n := d.Left(); n != 0 {
		t.Errorf("Left = %d at the end of the chunk, want 0", n)
	}
	content := make([]byte, 8)
	written, read, err = d.Decode(content, []byte(src[8:]))
	if string(content[:written]) != "abc" || read != len(src)-8 || err != io.EOF {
		t.Errorf("%q: content %q, %d octets used, %v; want abc, all, EOF", src[8:], content[:written], read, err)
	}
	if _, read, err := d.Decode(content, []byte("GET")); read != 0 || err != io.EOF {
		t.Errorf("after the end: %d octets used, %v; want none, EOF", read, err)
	}
}
