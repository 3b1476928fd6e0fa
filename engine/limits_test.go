package engine_test

import (
	"strings"
	"testing"

	"github.com/microroute/microroute/engine"
)

// What the handler never sees is answered, and is the last of its connection.
func TestRefusals(t *testing.T) {
	limits := engine.Limits{Target: 100, Head: 10_000, Fields: 10}
	for _, tt := range []struct {
		name, request string
		status        int
	}{
		{"malformed", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400},
		{"no HTTP", "\x16\x03\x01\x02\x00", 400},
		{"no Host", "GET / HTTP/1.1\r\n\r\n", 400},
		{"target", get("/" + strings.Repeat("a", 100)), 414},
		{"endless target", "GET /" + strings.Repeat("a", 1000), 414},
		{"head", "GET / HTTP/1.1\r\nX: " + strings.Repeat("a", 10_000) + "\r\n\r\n", 431},
		{"endless head", "GET / HTTP/1.1\r\nX: " + strings.Repeat("a", 100_000), 431},
		{"fields", "GET / HTTP/1.1\r\n" + strings.Repeat("X: 1\r\n", 11) + "\r\n", 431},
		{"expectation", post("/", 5, "Expect: cow"), 417},
		{"length", post("/", 5, "Content-Length: 5"), 400},
		{"length and coding", post("/", 5, "Transfer-Encoding: chunked"), 400},
		{"coding", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: cow\r\n\r\n", 501},
		{"version", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
	} {
		t.Run(tt.name, func(t *testing.T) {
			each(t, func(t *testing.T, m mode) {
				s := start(t, m, limits, func(x *engine.Exchange) {
					if x.Head().RawPath() != "/alive" {
						t.Errorf("the handler sees %q", x.Head().Target())
					}
					reply(x, "")
				})
				c := s.dial()
				c.wantAlive()
				c.send(tt.request)
				r, content := c.answer()
				if r.StatusCode != tt.status || !r.Close || content == "" || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/plain") {
					t.Errorf("%s, close %t, %q of %q, want %d, close, a plain text", r.Status, r.Close, content, r.Header.Get("Content-Type"), tt.status)
				}
				c.wantClosed()
			})
		})
	}
}

// A client that does not notice a refusal and goes on sending still gets it.
func TestRefusalReachesBusyClient(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		s := start(t, m, engine.Limits{}, echo)
		for range 10 {
			c := s.dial()
			go func() {
				for range 20 {
					if _, err := c.Write([]byte("bad\x00" + strings.Repeat("x", 1000))); err != nil {
						return
					}
				}
			}()
			if r, _ := c.answer(); r.StatusCode != 400 {
				t.Errorf("%s, want 400", r.Status)
			}
		}
	})
}

// Connections beyond the limit wait their turn.
func TestConnectionsLimit(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		s := start(t, m, engine.Limits{Connections: 2}, echo)
		first, second, third := s.dial(), s.dial(), s.dial()
		first.wantAlive()
		second.wantAlive()
		third.send(get("/third"))
		for range 10 {
			first.wantAlive()
			if n := third.in.Buffered(); n > 0 {
				t.Fatalf("the third connection has got %d octets", n)
			}
		}
		first.Close()
		third.want(200, "/third ")
		second.wantAlive()
	})
}

// Connections of one client beyond the limit are closed.
func TestConnectionsPerClientLimit(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		s := start(t, m, engine.Limits{ConnectionsPerClient: 2}, echo)
		first, second := s.dial(), s.dial()
		first.wantAlive()
		second.wantAlive()
		s.dial().wantClosed()
		first.Close()
		eventually(t, "there is room for another", func() bool {
			c := s.dial()
			defer c.Close()
			c.Write([]byte(get("/")))
			_, err := c.in.ReadByte()
			return err == nil
		}, func() string { return "closed" })
		second.wantAlive()
	})
}

// The default of every limit is safe, and a negative one lifts it.
func TestLimitsWithDefaults(t *testing.T) {
	none := engine.Limits{Target: -1, Head: -1, Fields: -1, Body: -1, Drain: -1, Connections: -1, ConnectionsPerClient: -1,
		HeadTimeout: -1, BodyTimeout: -1, WriteTimeout: -1, IdleTimeout: -1, DrainTimeout: -1}
	if got := none.WithDefaults(); got != none {
		t.Errorf("negative limits become %+v", got)
	}
	got := engine.Limits{}.WithDefaults()
	if got.Target <= 0 || got.Head <= 0 || got.Fields <= 0 || got.Body <= 0 || got.Drain <= 0 || got.Connections <= 0 ||
		got.HeadTimeout <= 0 || got.BodyTimeout <= 0 || got.WriteTimeout <= 0 || got.IdleTimeout <= 0 || got.DrainTimeout <= 0 {
		t.Errorf("zero limits become %+v, which leaves some unlimited", got)
	}

	each(t, func(t *testing.T, m mode) {
		s := start(t, m, none, echo)
		c := s.dial()
		long := strings.Repeat("a", 100_000)
		c.send(get("/"+long) + post("/", len(long), "X: "+long) + long)
		c.want(200, "/"+long+" ")
		c.want(200, "/ "+long)
		c.send(post("/", 5) + "hello" + "bad\x00")
		c.want(200, "/ hello")
		c.answer()
		c.wantClosed()
	})
}
