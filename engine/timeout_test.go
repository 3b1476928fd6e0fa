package engine_test

import (
	"errors"
	"io"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/microroute/microroute/engine"
)

// short is a limit that is meant to be reached, and long enough for what is meant to come in time.
const short = 100 * time.Millisecond

// drip sends text again and again, slowly, until the connection fails or stop is closed.
func (c *client) drip(text string, stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		case <-time.After(short / 10):
			if _, err := io.WriteString(c, text); err != nil {
				return
			}
		}
	}
}

func TestIdleTimeout(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		s := start(t, m, engine.Limits{IdleTimeout: short}, echo)
		silent := s.dial()
		silent.wantClosed()

		used := s.dial()
		used.send(get("/"))
		used.want(200, "/ ")
		used.wantClosed()

		lines := s.dial()
		lines.send("\r\n") // the start of nothing
		lines.wantClosed()
	})
}

// A head must be complete in time, however busily it comes.
func TestHeadTimeout(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		s := start(t, m, engine.Limits{HeadTimeout: short, Fields: -1}, echo)
		for _, tt := range []struct{ name, before, start, drops string }{
			{"silence", "", "GET / HTT", ""},
			{"drops", "", "GET / HTTP/1.1\r\n", "X: 1\r\n"},
			{"one octet", "", "G", ""},
			{"behind a pipelined request", get("/"), "GET", ""},
		} {
			t.Run(tt.name, func(t *testing.T) {
				s := s.in(t)
				idle := s.dial() // has no head to complete
				idle.wantAlive()
				c := s.dial()
				c.send(tt.before + tt.start)
				if tt.before != "" {
					c.want(200, "/ ")
				}
				stop := make(chan struct{})
				defer close(stop)
				if tt.drops != "" {
					go c.drip(tt.drops, stop)
				}
				if r, _ := c.answer(); r.StatusCode != 408 || !r.Close {
					t.Errorf("%s, close %t, want 408, true", r.Status, r.Close)
				}
				if tt.drops == "" {
					c.wantClosed()
				}
				idle.wantAlive()
			})
		}
	})
}

// Content may take its time, but not pause for long.
func TestBodyTimeout(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		s := start(t, m, engine.Limits{BodyTimeout: 2 * short}, func(x *engine.Exchange) {
			size, _ := strconv.Atoi(x.Head().Args.Get("size"))
			n, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{x}, make([]byte, size))
			if !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("%s: Read = %v behind %d octets, want a passed deadline", x.Head().Target(), err, n)
			}
			reply(x, "late")
		})
		for _, size := range []string{"10", "100000"} { // through the buffer and past it
			for framing, request := range map[string]string{
				"by length": post("/?size="+size, 100_000),
				"chunked":   "POST /?size=" + size + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n186a0\r\n",
			} {
				t.Run(framing+", "+size+" octets at a time", func(t *testing.T) {
					c := s.in(t).dial()
					c.send(request)
					stop := make(chan struct{})
					time.AfterFunc(4*short, func() { close(stop) }) // twice the limit, with a drop now and then
					from := time.Now()
					c.drip("x", stop)
					if r := c.want(200, "late"); !r.Close || time.Since(from) < 5*short {
						t.Errorf("close %t, %v after the first octet; want close, not before the last octet and the limit", r.Close, time.Since(from))
					}
					c.wantClosed()
				})
			}
		}
	})
}

// A client that takes nothing is given up.
func TestWriteTimeout(t *testing.T) {
	for _, tt := range []struct {
		name string
		send func(x *engine.Exchange) error
	}{
		{"Write", func(x *engine.Exchange) error {
			_, err := x.Write(make([]byte, 64<<20))
			return err
		}},
		{"small Writes", func(x *engine.Exchange) (err error) {
			p := make([]byte, 1000)
			for range 64 << 10 {
				if _, err = x.Write(p); err != nil {
					break
				}
			}
			return err
		}},
		{"ReadFrom", func(x *engine.Exchange) error {
			_, err := x.ReadFrom(io.LimitReader(zeros{}, 64<<20))
			return err
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			each(t, func(t *testing.T, m mode) {
				failed := make(chan error, 1)
				s := start(t, m, engine.Limits{WriteTimeout: short}, func(x *engine.Exchange) {
					ctx := x.Context()
					respond(x, 200, 64<<20, "", false)
					failed <- tt.send(x)
					<-ctx.Done()
				})
				c := s.dial()
				c.send(get("/"))
				if err := <-failed; !errors.Is(err, os.ErrDeadlineExceeded) {
					t.Errorf("sending to a client that takes nothing: %v, want a passed deadline", err)
				}
				if n, err := io.Copy(io.Discard, c.in); n >= 64<<20 {
					t.Errorf("the client still got %d octets, %v", n, err)
				}
			})
		})
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
