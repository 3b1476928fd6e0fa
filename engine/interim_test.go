package engine_test

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/microroute/microroute/engine"
	"github.com/microroute/microroute/message"
)

func inform(x *engine.Exchange, status int, fields ...string) error {
	var h message.Header
	for i := 0; i < len(fields); i += 2 {
		h.Add(fields[i], fields[i+1])
	}
	return x.Inform(status, &h)
}

// Interim responses go out while the handler is at work (RFC 9110 section 15.2, RFC 8297).
func TestInform(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		seen := make(chan bool)
		s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
			if x.Head().RawPath() == "/first" {
				reply(x, "first")
				return
			}
			if err := inform(x, 103, "Link", "</a>\r\nX: 1", "Content-Length", "5"); err != nil {
				t.Errorf("Inform(103) = %v", err)
			}
			<-seen
			if err := inform(x, 102); err != nil {
				t.Errorf("Inform(102) = %v", err)
			}
			reply(x, "last")
			if err := inform(x, 103); !errors.Is(err, engine.ErrHeadSent) {
				t.Errorf("Inform after the response = %v, want ErrHeadSent", err)
			}
		})
		c := s.dial()
		c.send(get("/first") + get("/"))
		c.want(200, "first")
		const hint = "HTTP/1.1 103 Early Hints\r\nLink: </a>  X: 1\r\n\r\n"
		got := make([]byte, len(hint))
		if n, err := io.ReadFull(c.in, got); string(got) != hint {
			t.Fatalf("got %q, %v, want %q", got[:n], err, hint)
		}
		close(seen)
		if r := c.response("GET"); r.StatusCode != 102 {
			t.Errorf("%s, want 102", r.Status)
		}
		c.want(200, "last")
	})
}

// A server sends no interim response to an HTTP/1.0 client (RFC 9110 section 15.2).
func TestInformHTTP10(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
			if err := inform(x, 103, "Link", "</a>"); err != nil {
				t.Errorf("Inform = %v, want nothing to happen", err)
			}
			reply(x, "ok")
		})
		c := s.dial()
		c.send("GET / HTTP/1.0\r\n\r\n")
		c.want(200, "ok")
		c.wantClosed()
	})
}

func TestInformOutOfTurn(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
			for _, status := range []int{0, 99, 101, 200} {
				if err := inform(x, status); !errors.Is(err, engine.ErrNotInterim) {
					t.Errorf("Inform(%d) = %v, want ErrNotInterim", status, err)
				}
			}
			io.WriteString(clientOf(t, x), "raw")
			if err := inform(x, 103); !errors.Is(err, engine.ErrTaken) {
				t.Errorf("Inform after a raw write = %v, want ErrTaken", err)
			}
		})
		c := s.dial()
		c.send(get("/"))
		if got, err := io.ReadAll(c.in); string(got) != "raw" || err != nil {
			t.Errorf("got %q, %v, want raw only", got, err)
		}
	})
}

// A head with status 101 is the last that the exchange sends, also when it would have been the connection's last answer.
func TestSwitchProtocols(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
			if _, err := x.Client(); err != nil {
				t.Errorf("Client: %v", err)
			}
			var header message.Header
			header.Add("Upgrade", "foo")
			header.Add("Connection", "upgrade")
			if err := x.Begin(&message.Response{Status: 101, Reason: "Go", Header: &header, ContentLength: -1}, nil, true); err != nil {
				t.Errorf("Begin: %v", err)
			}
			conn, err := x.Hijack()
			if err != nil {
				t.Errorf("Hijack: %v", err)
				return
			}
			go func() {
				defer conn.Close()
				line, err := bufio.NewReader(conn).ReadString('\n')
				io.WriteString(conn, strings.ToUpper(line))
				if err != nil {
					t.Errorf("reading the new protocol: %v", err)
				}
			}()
		})
		c := s.dial()
		c.send(strings.Replace(get("/"), "\r\n\r\n", "\r\nConnection: close, upgrade\r\n\r\n", 1) + "ahead")
		r := c.response("GET")
		if r.StatusCode != 101 || r.Header.Get("Connection") != "upgrade" || r.Header.Get("Content-Length") != "" {
			t.Errorf("%s with %v, want 101 with Connection: upgrade", r.Status, r.Header)
		}
		c.send(" and behind\n")
		if got, err := io.ReadAll(c.in); string(got) != "AHEAD AND BEHIND\n" || err != nil {
			t.Errorf("got %q, %v", got, err)
		}
	})
}

// An Upgrade field goes with its connection option (RFC 9110 section 7.8), be the connection about to end.
func TestUpgradeOption(t *testing.T) {
	for _, tt := range []struct{ name, request, want string }{
		{"going on", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "upgrade"},
		{"ending", "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "close, upgrade"},
		{"going on in HTTP/1.0", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "keep-alive, upgrade"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			each(t, func(t *testing.T, m mode) {
				s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
					var header message.Header
					header.Add("Upgrade", "foo")
					header.Add("Connection", "upgrade")
					x.Begin(&message.Response{Status: 426, Header: &header, ContentLength: 0}, nil, true)
				})
				c := s.dial()
				c.send(tt.request)
				var head strings.Builder // net/http would hide some of it
				for !strings.HasSuffix(head.String(), "\r\n\r\n") {
					line, err := c.in.ReadString('\n')
					if head.WriteString(line); err != nil {
						t.Fatalf("%v after %q", err, head.String())
					}
				}
				if got := head.String(); !strings.Contains(got, "\r\nUpgrade: foo\r\n") || !strings.Contains(got, "\r\nConnection: "+tt.want+"\r\n") {
					t.Errorf("%q, want Upgrade: foo and Connection: %s", got, tt.want)
				}
			})
		})
	}
}
