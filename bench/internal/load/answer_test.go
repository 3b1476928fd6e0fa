package load

import (
	"strings"
	"testing"
)

func TestAnswer(t *testing.T) {
	plain := "HTTP/1.1 200 OK\r\nServer: a\r\ncontent-length: 5\r\n\r\nhello"
	chunked := "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nC\r\n hello again\r\n0\r\nX: y\r\n\r\n"
	empty := "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
	all := plain + chunked + empty + plain
	for size := 1; size <= len(all); size++ {
		var a answer
		answers := 0
		for rest := all; len(rest) > 0; {
			piece := []byte(rest[:min(size, len(rest))])
			rest = rest[len(piece):]
			for len(piece) > 0 {
				after, complete, err := a.read(piece)
				if err != nil {
					t.Fatalf("in pieces of %d: %v", size, err)
				}
				if piece = after; complete {
					answers++
				}
			}
		}
		if answers != 4 {
			t.Errorf("in pieces of %d: got %d answers, want 4", size, answers)
		}
	}
}

func TestAnswerFails(t *testing.T) {
	for _, test := range []struct{ name, octets, want string }{
		{"status", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "404"},
		{"no framing", "HTTP/1.1 200 OK\r\nServer: a\r\n\r\n", "neither"},
		{"length", "HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\n", "five"},
		{"size of a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", "chunk"},
	} {
		var a answer
		_, _, err := a.read([]byte(test.octets))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %q: got error %v, want one with %q", test.name, test.octets, err, test.want)
		}
	}
}
