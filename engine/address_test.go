package engine_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/microroute/microroute/engine"
)

// RemoteAddr is the client's, IPv4 in its own form on a dual-stack socket, too.
func TestRemoteAddr(t *testing.T) {
	for _, tt := range []struct{ network, address, dial string }{
		{"tcp4", "127.0.0.1:0", "127.0.0.1"},
		{"tcp6", "[::1]:0", "::1"},
		{"tcp", ":0", "127.0.0.1"},
	} {
		t.Run(tt.network, func(t *testing.T) {
			each(t, func(t *testing.T, m mode) {
				l, err := net.Listen(tt.network, tt.address)
				if err != nil {
					t.Skip(err)
				}
				s := serve(t, m, l, engine.Limits{}, func(x *engine.Exchange) {
					reply(x, x.RemoteAddr().String()+" "+x.LocalAddr().String())
				})
				_, port, _ := net.SplitHostPort(s.addr)
				s.addr = net.JoinHostPort(tt.dial, port)
				c := s.dial()
				c.send(get("/"))
				c.want(200, c.LocalAddr().String()+" "+c.RemoteAddr().String())
			})
		})
	}
}

// Connections of several listeners know where they have come in.
func TestAddressesOfSeveralListeners(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		tcp, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		unix, err := net.Listen("unix", filepath.Join(t.TempDir(), "s"))
		if err != nil {
			t.Skip(err)
		}
		s := serve(t, m, tcp, engine.Limits{}, func(x *engine.Exchange) { reply(x, x.LocalAddr().Network()+" "+x.LocalAddr().String()) })
		served := make(chan error, 1)
		go func() { served <- s.Serve(m.listen(unix)) }()
		for _, l := range []net.Listener{tcp, unix} {
			c, err := net.Dial(l.Addr().Network(), l.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			io.WriteString(c, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
			answer, err := io.ReadAll(c)
			c.Close()
			if want := "\r\n\r\n" + l.Addr().Network() + " " + l.Addr().String(); err != nil || !strings.HasSuffix(string(answer), want) {
				t.Errorf("got %q, %v, want it to end with %q", answer, err, want)
			}
		}
		s.Close()
		<-served
	})
}

// A unix socket has clients without an address.
func TestUnixSocket(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		l, err := net.Listen("unix", filepath.Join(t.TempDir(), "s"))
		if err != nil {
			t.Skip(err)
		}
		s := serve(t, m, l, engine.Limits{ConnectionsPerClient: 1}, func(x *engine.Exchange) {
			if x.RemoteAddr().IsValid() || x.LocalAddr().String() != l.Addr().String() {
				t.Errorf("client %v at %v, want none at %v", x.RemoteAddr(), x.LocalAddr(), l.Addr())
			}
			reply(x, "ok")
		})
		transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return net.Dial("unix", s.addr) }}
		defer transport.CloseIdleConnections()
		for range 3 {
			r, err := (&http.Client{Transport: transport}).Get("http://a.test/")
			if err != nil {
				t.Fatal(err)
			}
			r.Body.Close()
			if r.StatusCode != 200 {
				t.Errorf("%s, want 200", r.Status)
			}
		}
	})
}
