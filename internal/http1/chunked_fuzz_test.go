package http1_test

import (
	"bufio"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/microroute/microroute/internal/http1"
	"github.com/microroute/microroute/message"
)

// FuzzChunked holds the decoder to two properties: pieces and room make no difference, and what it accepts, net/http
// accepts with the same content, the same end and the same trailer fields, those apart that we leave out.
func FuzzChunked(f *testing.F) {
	for _, src := range []string{
		"5\r\nhello\r\n0\r\n\r\n", "3\r\nhel\r\n02\r\nlo\r\n00\r\nX: 1\r\n\r\nGET", "5;a=b;c=\"d\\\"\"\r\nhello\r\n0;x\r\n\r\n", "5 ; a = b\r\nhello\r\n0\r\n\r\n",
		"0\r\nX: 1\r\nx: 2\r\nHost: a\r\nETag: \r\n\r\n", "0\r\n\r\n", "5\nhello\r\n", "ffffffffffffffff\r\n", "5\r\nhello!\r\n", "0\r\nX : 1\r\n\r\n", "7fffffffffffffff\r\nx",
	} {
		f.Add(src, uint8(3), uint16(4), uint16(9))
	}
	f.Fuzz(func(t *testing.T, src string, room uint8, first, second uint16) {
		size := max(1, int(room))
		cuts := []int{min(int(first), len(src)), min(int(second), len(src))}
		slices.Sort(cuts)
		same(t, src, size, cuts...)
		if len(src) < 1000 {
			same(t, src, size, everyOctet(src)...)
		}
		var d http1.ChunkedDecoder
		content, used, wrong := decodeWith(&d, src, size)
		if wrong != "" || unlikeNetHTTP.MatchString(src) {
			return
		}
		in := bufio.NewReaderSize(strings.NewReader(post+"Transfer-Encoding: chunked\r\n\r\n"+src), 64<<10)
		r, err := http.ReadRequest(in)
		if err != nil {
			t.Fatal(err)
		}
		want, err := io.ReadAll(r.Body)
		rest, _ := io.ReadAll(in)
		if string(want) != content || err != nil || string(rest) != src[used:] {
			t.Errorf("%q: content %q, then %q; net/http has %q, %v, then %q", src, content, src[used:], want, err, rest)
		}
		for name := range r.Trailer {
			if !message.TrailerAllowed(name) {
				delete(r.Trailer, name)
			}
		}
		if got := netHTTP(&d.Trailer); !maps.EqualFunc(got, r.Trailer, slices.Equal) {
			t.Errorf("%q: trailer %q; net/http has %q", src, got, r.Trailer)
		}
	})
}

// netHTTP returns h as net/http has it.
func netHTTP(h *message.Header) http.Header {
	fields := http.Header{}
	for name, value := range h.All() {
		fields.Add(name, value)
	}
	return fields
}

// net/http takes no white space behind a chunk's size, which the grammar allows before an extension, and no size of more
// than 16 digits, be they zeros.
var unlikeNetHTTP = regexp.MustCompile(`[[:xdigit:]][ \t]+;|[[:xdigit:]]{17}`)
