package engine_test

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/microroute/microroute/engine"
	"github.com/microroute/microroute/message"
)

// Whether a connection goes on (RFC 9112 section 9.3), and whether the answer says so.
func TestKeepAlive(t *testing.T) {
	for _, tt := range []struct {
		rule, version, field string
		length               int64 // of the answer
		keeps                bool
	}{
		{"HTTP/1.1 keeps", "1.1", "", 2, true},
		{"HTTP/1.1 keeps with chunks", "1.1", "", -1, true},
		{"the client closes", "1.1", "Connection: close\r\n", 2, false},
		{"HTTP/1.0 closes", "1.0", "", 2, false},
		{"HTTP/1.0 keeps if asked to", "1.0", "Connection: keep-alive\r\n", 2, true},
		{"HTTP/1.0 knows no chunks", "1.0", "Connection: keep-alive\r\n", -1, false},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			each(t, func(t *testing.T, m mode) {
				s := start(t, m, engine.Limits{}, func(x *engine.Exchange) { respond(x, 200, tt.length, "ok", true) })
				c := s.dial()
				for range 3 {
					c.send("GET / HTTP/" + tt.version + "\r\nHost: a\r\n" + tt.field + "\r\n")
					r := c.want(200, "ok")
					if kept := r.Header.Get("Connection") == "keep-alive"; r.Close == tt.keeps || kept != (tt.keeps && tt.version == "1.0") {
						t.Errorf("the answer says close: %t, keep-alive: %t; want the connection kept: %t", r.Close, kept, tt.keeps)
					}
					if !tt.keeps {
						c.wantClosed()
						return
					}
				}
			})
		})
	}
}

// A handler closes the connection with a Connection field of its own.
func TestHandlerAsksToClose(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
			var h message.Header
			h.Set("connection", "Close")
			x.Begin(&message.Response{Status: 200, Header: &h, ContentLength: 2}, []byte("ok"), true)
		})
		c := s.dial()
		c.send(get("/"))
		c.want(200, "ok")
		c.wantClosed()
	})
}

// Requests that were sent without waiting are answered in their order (RFC 9112 section 9.3.2).
func TestPipelining(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		s := start(t, m, engine.Limits{}, echo)
		c := s.dial()
		const n = 1000
		var all strings.Builder
		for i := range n {
			path := fmt.Sprint("/", i)
			switch i % 3 {
			case 0:
				all.WriteString(get(path))
			case 1:
				all.WriteString(post(path, 5) + "hello")
			case 2:
				all.WriteString("POST " + path + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n")
			}
		}
		go io.WriteString(c, all.String())
		for i := range n {
			want := fmt.Sprint("/", i, " ")
			if i%3 > 0 {
				want += "hello"
			}
			c.want(200, want)
		}
		c.wantAlive()
	})
}

// Answers that wait to be sent together go out, whatever becomes of a later request.
func TestPipelinedAnswersSurvive(t *testing.T) {
	for _, tt := range []struct {
		name, second string
		handler      func(*engine.Exchange)
		status       int // of a second answer, 0 for none
	}{
		{"a handler that does not answer", get("/2"), func(x *engine.Exchange) {}, 0},
		{"Break", get("/2"), func(x *engine.Exchange) { x.Break() }, 0},
		{"Close", get("/2"), func(x *engine.Exchange) { x.Close() }, 0},
		{"Goexit", get("/2"), func(x *engine.Exchange) { runtime.Goexit() }, 0},
		{"Client, closed", get("/2"), func(x *engine.Exchange) { c, _ := x.Client(); c.Close() }, 0},
		{"Client, looked at", get("/2"), func(x *engine.Exchange) { x.Client() }, 0},
		{"a malformed request", "GET  / HTTP/1.1\r\n", nil, 400},
		{"a malformed request line", "\x00", nil, 400},
	} {
		t.Run(tt.name, func(t *testing.T) {
			each(t, func(t *testing.T, m mode) {
				s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
					if x.Head().RawPath() == "/2" {
						tt.handler(x)
						return
					}
					reply(x, "first")
				})
				c := s.dial()
				c.send(get("/1") + tt.second)
				c.want(200, "first")
				if tt.status > 0 {
					if r, _ := c.answer(); r.StatusCode != tt.status || !r.Close {
						t.Errorf("second answer %s, close %t, want %d, true", r.Status, r.Close, tt.status)
					}
				}
				c.wantClosed()
			})
		})
	}
}

// A handler that ends its goroutine ends its connection only.
func TestGoexit(t *testing.T) {
	for _, tt := range []struct {
		name  string
		begin func(x *engine.Exchange)
		want  string
	}{
		{"before the answer", func(x *engine.Exchange) {}, ""},
		{"behind it", func(x *engine.Exchange) { reply(x, "done") }, "done"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			each(t, func(t *testing.T, m mode) {
				s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
					if x.Head().RawPath() == "/exit" {
						tt.begin(x)
						runtime.Goexit()
					}
					reply(x, "ok")
				})
				c := s.dial()
				c.send(get("/exit"))
				if tt.want != "" {
					c.want(200, tt.want)
				}
				c.wantClosed()
				s.dial().wantAlive()
			})
		})
	}
}
