package engine_test

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/microroute/microroute/engine"
)

// How the end of an answer's content is marked (RFC 9112 section 6.3).
func TestFraming(t *testing.T) {
	for _, tt := range []struct {
		rule, method, version string
		status                int
		length                int64
		field                 string // Content-Length
		chunked               bool
		content               string
	}{
		{"length", "GET", "1.1", 200, 5, "5", false, "hello"},
		{"no length", "GET", "1.1", 200, -1, "", true, "hello"},
		{"no length in HTTP/1.0", "GET", "1.0", 200, -1, "", false, "hello"},
		{"length 0", "GET", "1.1", 200, 0, "0", false, ""},
		{"HEAD", "HEAD", "1.1", 200, 5, "5", false, ""},
		{"HEAD, no length", "HEAD", "1.1", 200, -1, "", false, ""},
		{"204", "GET", "1.1", 204, 0, "", false, ""},
		{"204, no length", "GET", "1.1", 204, -1, "", false, ""},
		{"304", "GET", "1.1", 304, 5, "5", false, ""},
		{"304, no length", "GET", "1.1", 304, -1, "", false, ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			each(t, func(t *testing.T, m mode) {
				failed := make(chan error, 10)
				s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
					if x.Head().RawPath() == "/alive" {
						reply(x, "")
						return
					}
					failed <- respond(x, tt.status, tt.length, "", false)
					if tt.length != 0 {
						for piece := range strings.SplitSeq("he||llo", "|") { // an empty piece is no end
							_, err := io.WriteString(x, piece)
							failed <- err
						}
					}
					failed <- x.End()
					close(failed)
				})
				c := s.dial()
				c.send(tt.method + " / HTTP/" + tt.version + "\r\nHost: a\r\n\r\n")
				r := c.response(tt.method)
				content, err := io.ReadAll(r.Body)
				if r.StatusCode != tt.status || string(content) != tt.content || err != nil {
					t.Errorf("%s with %q, %v, want %d with %q", r.Status, content, err, tt.status, tt.content)
				}
				if got := r.Header.Get("Content-Length"); got != tt.field || slices.Equal(r.TransferEncoding, []string{"chunked"}) != tt.chunked {
					t.Errorf("Content-Length: %q, Transfer-Encoding: %q, want %q, chunked %t", got, r.TransferEncoding, tt.field, tt.chunked)
				}
				for err := range failed {
					if err != nil {
						t.Errorf("sending: %v", err)
					}
				}
				if tt.version == "1.0" {
					c.wantClosed()
				} else {
					c.wantAlive()
				}
			})
		})
	}
}

// Content that is not as long as its Content-Length: the client gets less, and can tell.
func TestContentLengthBroken(t *testing.T) {
	for _, tt := range []struct {
		name   string
		pieces []string
		got    string
	}{
		{"too little", []string{"hel"}, "hel"},
		{"nothing", nil, ""},
		{"too much at once", []string{"hello!"}, ""},
		{"too much in pieces", []string{"hel", "lo!"}, "hel"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			each(t, func(t *testing.T, m mode) {
				ended := make(chan error, 1)
				s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
					respond(x, 200, 5, "", false)
					var err error
					for _, piece := range tt.pieces {
						if _, err = io.WriteString(x, piece); err != nil {
							break
						}
					}
					if err == nil {
						err = x.End()
					}
					if _, again := io.WriteString(x, ""); again != err {
						t.Errorf("then Write = %v, want the same error: %v", again, err)
					}
					ended <- err
				})
				c := s.dial()
				c.send(get("/"))
				r := c.response("GET")
				content, err := io.ReadAll(r.Body)
				if string(content) != tt.got || err != io.ErrUnexpectedEOF {
					t.Errorf("the client has %q, %v, want %q, unexpected EOF", content, err, tt.got)
				}
				if err := <-ended; !errors.Is(err, engine.ErrContentLength) {
					t.Errorf("the handler has %v, want ErrContentLength", err)
				}
			})
		})
	}
}

// An octet too many behind a complete answer is not sent.
func TestContentLengthExceeded(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
			respond(x, 200, 5, "hello", false)
			if _, err := io.WriteString(x, "!"); !errors.Is(err, engine.ErrContentLength) {
				t.Errorf("Write = %v, want ErrContentLength", err)
			}
		})
		c := s.dial()
		c.send(get("/"))
		c.want(200, "hello")
		c.wantClosed()
	})
}

// An answer that is given up never looks complete.
func TestBreak(t *testing.T) {
	for _, tt := range []struct {
		name, version string
		length        int64
		want          func(content string, err error) bool
	}{
		{"chunked: no last chunk", "1.1", -1, func(_ string, err error) bool { return err == io.ErrUnexpectedEOF }},
		{"length: too little", "1.1", 100, func(_ string, err error) bool { return err == io.ErrUnexpectedEOF }},
		{"until close: a reset", "1.0", -1, func(_ string, err error) bool { return err != nil && strings.Contains(err.Error(), "reset") }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			each(t, func(t *testing.T, m mode) {
				if m.bare && tt.version == "1.0" {
					t.Skip("only TCP can be reset")
				}
				s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
					respond(x, 200, tt.length, "part", false)
					x.Break()
				})
				c := s.dial()
				c.send("GET / HTTP/" + tt.version + "\r\nHost: a\r\n\r\n")
				r := c.response("GET")
				content, err := io.ReadAll(r.Body)
				if !tt.want(string(content), err) {
					t.Errorf("%s: the client has %q, %v", tt.name, content, err)
				}
			})
		})
	}
}

func TestSendingOutOfTurn(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
			if err := respond(x, 200, 2, "", false); err != nil {
				t.Errorf("Begin = %v", err)
			}
			if err := respond(x, 200, 2, "", false); !errors.Is(err, engine.ErrHeadSent) {
				t.Errorf("second Begin = %v, want ErrHeadSent", err)
			}
			io.WriteString(x, "ok")
			if err := x.End(); err != nil {
				t.Errorf("End = %v", err)
			}
			if err := x.End(); !errors.Is(err, engine.ErrEnded) {
				t.Errorf("second End = %v, want ErrEnded", err)
			}
			if _, err := io.WriteString(x, "!"); !errors.Is(err, engine.ErrEnded) {
				t.Errorf("Write after End = %v, want ErrEnded", err)
			}
		})
		c := s.dial()
		c.send(get("/"))
		c.want(200, "ok")
		c.wantAlive()
	})
}

// Write before Begin must not reach the wire.
func TestWriteBeforeBegin(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
			if x.Head().RawPath() == "/early" {
				if _, err := io.WriteString(x, "early"); err == nil {
					t.Error("Write before Begin succeeded")
				}
				if err := x.End(); err == nil {
					t.Error("End before Begin succeeded")
				}
			}
			respond(x, 200, -1, "ok", true)
		})
		c := s.dial()
		c.send(get("/1") + get("/early"))
		c.want(200, "ok")
		c.want(200, "ok")
	})
}

// Close completes what has begun and ends the connection while the handler goes on.
func TestClose(t *testing.T) {
	for _, tt := range []struct {
		name string
		send func(x *engine.Exchange)
		want string // "" for no answer
	}{
		{"before the answer", func(x *engine.Exchange) {}, ""},
		{"in chunks", func(x *engine.Exchange) { respond(x, 200, -1, "part", false) }, "part"},
		{"behind the answer", func(x *engine.Exchange) { reply(x, "whole") }, "whole"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			each(t, func(t *testing.T, m mode) {
				goOn := make(chan struct{})
				s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
					tt.send(x)
					if err := x.Close(); err != nil {
						t.Errorf("Close = %v", err)
					}
					<-goOn
					if err := x.Close(); err != nil {
						t.Errorf("second Close = %v", err)
					}
					if _, err := io.WriteString(x, "x"); err == nil {
						t.Error("Write after Close succeeded")
					}
				})
				c := s.dial()
				c.send(get("/"))
				if tt.want != "" {
					c.want(200, tt.want)
				}
				c.wantClosed()
				close(goOn)
			})
		})
	}
}

// What the protocol adds to an answer.
func TestDate(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		s := start(t, m, engine.Limits{}, func(x *engine.Exchange) { reply(x, "") })
		c := s.dial()
		c.send(get("/"))
		r := c.want(200, "")
		if _, err := http.ParseTime(r.Header.Get("Date")); err != nil {
			t.Errorf("Date: %q: %v", r.Header.Get("Date"), err)
		}
	})
}

// The answer to HEAD has no content, even if the request is refused (RFC 9110 section 9.3.2).
func TestRefusedHead(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		s := start(t, m, engine.Limits{HeadTimeout: short}, echo)
		for _, tt := range []struct {
			name, request string
			status        int
		}{
			{"malformed field", "HEAD / HTTP/1.1\r\nHost: a.test\r\nContent-Length: x\r\n\r\n", 400},
			{"malformed target", "HEAD * HTTP/1.1\r\nHost: a.test\r\n\r\n", 400},
			{"behind empty lines", "\r\n\r\nHEAD / HTTP/1.1\r\n\r\n", 400},
			{"incomplete", "HEAD / HTTP/1.1\r\n", 408},
		} {
			t.Run(tt.name, func(t *testing.T) {
				c := s.in(t).dial()
				c.send(tt.request)
				r := c.response("HEAD")
				if r.StatusCode != tt.status || r.ContentLength <= 0 {
					t.Errorf("%q: %s with a length of %d, want %d with that of the content", tt.request, r.Status, r.ContentLength, tt.status)
				}
				c.wantClosed()
			})
		}
	})
}
