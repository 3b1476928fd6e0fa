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

// TestAnswerPartial reads a part of a file, as the answer that it is and as one that it should not be.
func TestAnswerPartial(t *testing.T) {
	octets := []byte("HTTP/1.1 206 Partial Content\r\nContent-Length: 5\r\n\r\nhello")
	a := answer{partial: true}
	if _, complete, err := a.read(octets); !complete || err != nil || a.content != 5 {
		t.Errorf("got complete %t, error %v and %d bytes of content, want true, no error and 5", complete, err, a.content)
	}
	whole := answer{}
	if _, _, err := whole.read(octets); err == nil {
		t.Error("206 for a whole file: got no error")
	}
	part := answer{partial: true}
	if _, _, err := part.read([]byte("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")); err == nil {
		t.Error("200 for a part: got no error")
	}
}
