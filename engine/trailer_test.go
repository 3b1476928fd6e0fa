package engine_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/microroute/microroute/engine"
	"github.com/microroute/microroute/message"
)

// listed writes h as lines.
func listed(h *message.Header) string {
	var lines strings.Builder
	for name, value := range h.All() {
		lines.WriteString(name + ": " + value + "|")
	}
	return lines.String()
}

// Trailer fields of a request are there when its content has been read, and not before; they become no header fields.
func TestRequestTrailer(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
			early := x.Trailer().Len()
			content, err := io.ReadAll(x)
			reply(x, fmt.Sprintf("%d early, %q %v, %s, header %t", early, content, err, listed(x.Trailer()), x.Head().Header.Has("X-Sum")))
		})
		c := s.dial()
		const head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
		c.send(head + "5\r\nhello\r\n0\r\nX-Sum: 1\r\nHost: evil.test\r\nx-sum:\t2 \r\n\r\n")
		c.want(200, `0 early, "hello" <nil>, X-Sum: 1|x-sum: 2|, header false`)
		c.send(post("/", 5) + "hello") // nothing of an earlier request is in it
		c.want(200, `0 early, "hello" <nil>, , header false`)
		c.send(head + "0\r\n\r\n")
		c.want(200, `0 early, "" <nil>, , header false`)
		for _, piece := range strings.SplitAfter(head+"5\r\nhello\r\n0\r\nX-Sum: 3\r\n\r\n", "X") {
			c.send(piece)
		}
		c.want(200, `0 early, "hello" <nil>, X-Sum: 3|, header false`)
	})
}

// Of a trailer section that is malformed or cut off there is nothing.
func TestRequestTrailerBroken(t *testing.T) {
	for _, section := range []string{"X-Sum: 1\r\nX-Bad : 2\r\n\r\n", "X-Sum: 1\r\n"} {
		t.Run(section, func(t *testing.T) {
			each(t, func(t *testing.T, m mode) {
				s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
					_, err := io.ReadAll(x)
					reply(x, fmt.Sprint(err != nil, listed(x.Trailer())))
				})
				c := s.dial()
				c.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n" + section)
				c.CloseWrite()
				c.want(200, "true")
			})
		})
	}
}

// Trailer fields follow where content in chunks does, and nowhere else (RFC 9110 section 6.5).
func TestResponseTrailer(t *testing.T) {
	for _, tt := range []struct {
		rule, method, version string
		status                int
		length                int64
		early                 bool // the fields are announced
		chunked, sent         bool
		content               string
	}{
		{"no length", "GET", "1.1", 200, -1, true, true, true, "hello"},
		{"a length gives way to them", "GET", "1.1", 200, 5, true, true, true, "hello"},
		{"no length, set late", "GET", "1.1", 200, -1, false, true, true, "hello"},
		{"a length, set late", "GET", "1.1", 200, 5, false, false, false, "hello"},
		{"HTTP/1.0", "GET", "1.0", 200, -1, true, false, false, "hello"},
		{"HTTP/1.0 with a length", "GET", "1.0", 200, 5, true, false, false, "hello"},
		{"HEAD", "HEAD", "1.1", 200, 5, true, false, false, ""},
		{"HEAD, no length", "HEAD", "1.1", 200, -1, true, false, false, ""},
		{"204", "GET", "1.1", 204, -1, true, false, false, ""},
		{"304", "GET", "1.1", 304, 5, true, false, false, ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			each(t, func(t *testing.T, m mode) {
				s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
					if x.Head().RawPath() == "/alive" {
						reply(x, "")
						return
					}
					var header, trailer message.Header
					if tt.early {
						trailer.Add("X-Sum", "")
						trailer.Add("X-None", "")
					}
					head := &message.Response{Status: tt.status, Header: &header, ContentLength: tt.length, Trailer: &trailer}
					err := x.Begin(head, []byte("he"), false)
					io.WriteString(x, "llo")
					trailer.Set("X-Sum", "7\r\nX: 1")
					trailer.Add("Set-Cookie", "a=b") // may not be there
					if err := errors.Join(err, x.End()); err != nil {
						t.Errorf("sending: %v", err)
					}
				})
				c := s.dial()
				c.send(tt.method + " / HTTP/" + tt.version + "\r\nHost: a\r\n\r\n")
				r := c.response(tt.method)
				announced := r.Trailer // the names, until the content has been read
				_, known := announced["X-Sum"]
				_, other := announced["X-None"]
				if want := tt.early && tt.sent; known != want || other != want {
					t.Errorf("announced: %v, want X-Sum and X-None: %t", announced, want)
				}
				if got, want := r.Header.Get("Content-Length"), tt.length >= 0 && !tt.chunked; (got != "") != want {
					t.Errorf("Content-Length: %q, want one: %t", got, want)
				}
				content, err := io.ReadAll(r.Body)
				if string(content) != tt.content || err != nil || (len(r.TransferEncoding) > 0) != tt.chunked {
					t.Errorf("%s, %q in %v, %v; want %q, chunked: %t", r.Status, content, r.TransferEncoding, err, tt.content, tt.chunked)
				}
				want := map[bool]string{true: "7  X: 1", false: ""}[tt.sent]
				if got := r.Trailer.Get("X-Sum"); got != want || r.Trailer.Get("Set-Cookie") != "" {
					t.Errorf("trailer %v, want X-Sum: %q only", r.Trailer, want)
				}
				if tt.version == "1.1" {
					c.wantAlive()
				} else {
					c.wantClosed()
				}
			})
		})
	}
}

// The whole of a small response goes out at once, with its trailer fields.
func TestResponseTrailerAtOnce(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
			var header, trailer message.Header
			trailer.Add("X-Sum", "7")
			x.Begin(&message.Response{Status: 200, Header: &header, ContentLength: 5, Trailer: &trailer}, []byte("hello"), true)
		})
		c := s.dial()
		c.send(get("/1") + get("/2"))
		for range 2 {
			if r := c.want(200, "hello"); r.Trailer.Get("X-Sum") != "7" {
				t.Errorf("trailer %v, want X-Sum: 7", r.Trailer)
			}
		}
	})
}

// A length that trailer fields keep off the wire is held to all the same.
func TestResponseTrailerAndLength(t *testing.T) {
	for name, content := range map[string]string{"too little": "hell", "too much": "hello!"} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, m mode) {
				failed := make(chan error, 1)
				s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
					var header, trailer message.Header
					trailer.Add("X-Sum", "7")
					x.Begin(&message.Response{Status: 200, Header: &header, ContentLength: 5, Trailer: &trailer}, nil, false)
					_, err := io.Copy(x, strings.NewReader(content))
					if err == nil {
						err = x.End()
					}
					failed <- err
				})
				c := s.dial()
				c.send(get("/"))
				r := c.response("GET")
				if got, err := io.ReadAll(r.Body); err != io.ErrUnexpectedEOF {
					t.Errorf("the client has %q, %v, want an unexpected end", got, err)
				}
				if err := <-failed; !errors.Is(err, engine.ErrContentLength) {
					t.Errorf("the handler has %v, want ErrContentLength", err)
				}
			})
		})
	}
}
