package https_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/engine"
	"github.com/microroute/microroute/https"
)

// listen returns a listener on a free port.
func listen(t testing.TB) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// One App serves both plain and secure connections.
func TestBesidePlainHTTP(t *testing.T) {
	app := microroute.New(microroute.Config{Logger: new(journal).logger()})
	app.Get("/", func(c *Context) string { return c.Request.Scheme() })
	secure, err := https.Listen("127.0.0.1:0", given(test.issue(t, nil, "tea.test")))
	if err != nil {
		t.Fatal(err)
	}
	server, err := app.StartOn(listen(t), secure)
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	for i, url := range []string{"http://tea.test/", "https://tea.test/"} {
		scheme, _, _ := strings.Cut(url, ":")
		client := newClient(t, server.Addrs()[i].String(), trusting(""), false)
		if got := fetch(t, client, url, ""); got != "HTTP/1.1 200 "+scheme {
			t.Errorf("%s: got %q", url, got)
		}
	}
}

// announcing is a listener whose clients say who they are before their handshake, as those behind a proxy do.
type announcing struct {
	net.Listener
	attached atomic.Pointer[microroute.App]
}

func (a *announcing) Attach(app *microroute.App) { a.attached.Store(app) }

func (a *announcing) Accept() (net.Conn, error) {
	inner, err := a.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &announced{Conn: inner}, nil
}

type announced struct {
	net.Conn
	remote net.Addr
}

// Negotiate reads a line with the client's address.
func (a *announced) Negotiate(ctx context.Context) (engine.Protocol, error) {
	if _, ok := ctx.Deadline(); !ok {
		return nil, errors.New("no deadline")
	}
	var line []byte
	for one := make([]byte, 1); ; {
		if _, err := io.ReadFull(a.Conn, one); err != nil {
			return nil, err
		}
		if one[0] == '\n' {
			break
		}
		line = append(line, one[0])
	}
	remote, err := net.ResolveTCPAddr("tcp", string(line))
	a.remote = remote
	return nil, err
}

func (a *announced) RemoteAddr() net.Addr { return a.remote }

// A listener around another one settles what that one has to settle first.
func TestOverAnotherNegotiator(t *testing.T) {
	app := microroute.New(microroute.Config{Logger: new(journal).logger()})
	app.Get("/", func(c *Context) string { return c.Request.RemoteAddr.String() })
	inner := &announcing{Listener: listen(t)}
	secure, err := https.NewListener(inner, given(test.issue(t, nil, "tea.test")))
	if err != nil {
		t.Fatal(err)
	}
	server, err := app.StartOn(secure)
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	if inner.attached.Load() != app {
		t.Error("the inner listener is not told of the App")
	}
	for _, tt := range []struct{ first, want string }{
		{"192.0.2.7:1234\n", "192.0.2.7:1234"},
		{"nonsense\n", ""},
	} {
		conn, err := net.Dial("tcp", server.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(conn, tt.first)
		client := tls.Client(conn, trusting("tea.test"))
		if err := client.Handshake(); err != nil {
			if tt.want != "" {
				t.Errorf("after %q: %v", tt.first, err)
			}
			continue
		}
		io.WriteString(client, "GET / HTTP/1.0\r\nHost: tea.test\r\n\r\n")
		answer, err := io.ReadAll(client)
		if err != nil || !strings.HasSuffix(string(answer), "\r\n\r\n"+tt.want) {
			t.Errorf("after %q: got %q, %v, want the client's address", tt.first, answer, err)
		}
		conn.Close()
	}
}

// A connection ends as TLS ends: a client can tell that nothing is missing, and after a broken response that something is.
func TestEnds(t *testing.T) {
	s := serve(t, given(test.issue(t, nil, "tea.test")), microroute.Limits{}, func(app *microroute.App) {
		app.Get("/whole", func(c *Context) error { return c.Response.SendString("whole") })
		app.Get("/broken", func(c *Context) error {
			if err := c.Response.SendString("begun"); err != nil {
				return err
			}
			return errors.New("no more")
		})
	})
	for path, broken := range map[string]bool{"/whole": false, "/broken": true} {
		conn := mustDial(t, s.addr, trusting("tea.test"))
		io.WriteString(conn, "GET "+path+" HTTP/1.0\r\nHost: tea.test\r\n\r\n")
		answer, err := io.ReadAll(conn)
		if (err != nil) != broken {
			t.Errorf("%s: got %q, %v, want an error: %t", path, answer, err, broken)
		}
	}
}

// Shutdown lets what is under way finish, over both protocols, and ends what is idle.
func TestShutdown(t *testing.T) {
	onEach(t, func(t *testing.T, http2 bool) {
		began, finish := make(chan struct{}), make(chan struct{})
		s := serve(t, given(test.issue(t, nil, "tea.test")), microroute.Limits{}, func(app *microroute.App) {
			app.Get("/", func(*Context) string { return "hello" })
			app.Get("/slow", func(c *Context) string {
				close(began)
				<-c.Draining()
				<-finish
				return "finished"
			})
		})
		idle := mustDial(t, s.addr, trusting("tea.test"))
		ask(t, idle, "GET / HTTP/1.1\r\nHost: tea.test\r\n\r\n")
		client := newClient(t, s.addr, trusting(""), http2)
		got := make(chan string)
		go func() { got <- fetch(t, client, "https://tea.test/slow", "") }()
		<-began
		ended := make(chan error)
		go func() {
			ctx, cancel := context.WithTimeout(context.Background(), patience)
			defer cancel()
			ended <- s.Shutdown(ctx)
		}()
		if _, err := io.ReadAll(idle); err != nil {
			t.Errorf("the idle connection: %v, want it to end in good order", err)
		}
		close(finish)
		if answer := <-got; !strings.HasSuffix(answer, " 200 finished") {
			t.Errorf("got %q", answer)
		}
		if err := <-ended; err != nil {
			t.Errorf("Shutdown: %v", err)
		}
	})
}

// Close ends those who send to clients that have stopped to read.
func TestClose(t *testing.T) {
	const stuck = 20
	var sending atomic.Int32
	s := serve(t, given(test.issue(t, nil, "tea.test")), microroute.Limits{WriteTimeout: -1}, func(app *microroute.App) {
		app.Get("/", func(c *Context) error {
			sending.Add(1)
			defer sending.Add(-1)
			for piece := make([]byte, 64<<10); ; {
				if err := c.Response.Send(piece); err != nil {
					return err
				}
			}
		})
	})
	for range stuck {
		io.WriteString(mustDial(t, s.addr, trusting("tea.test")), "GET / HTTP/1.1\r\nHost: tea.test\r\n\r\n")
	}
	await(t, "all handlers", func() bool { return sending.Load() == stuck })
	s.Close()
	await(t, "none", func() bool { return sending.Load() == 0 })
}

// A crowd of idle connections stays, and the last of them is served as the first.
func TestIdleCrowd(t *testing.T) {
	s := serve(t, given(test.issue(t, nil, "tea.test")), microroute.Limits{}, hello)
	config := trusting("tea.test")
	config.ClientSessionCache = tls.NewLRUClientSessionCache(1)
	crowd := make([]*tls.Conn, 200)
	for i := range crowd {
		crowd[i] = mustDial(t, s.addr, config)
	}
	for round := range 2 {
		for i, conn := range crowd {
			if got := ask(t, conn, "GET / HTTP/1.1\r\nHost: tea.test\r\n\r\n"); got != 200 {
				t.Fatalf("round %d, connection %d: got %d", round, i, got)
			}
		}
	}
}

// The settings are for other servers, too.
func TestTLSConfig(t *testing.T) {
	secure, err := https.NewListener(newPipes(), given(test.issue(t, nil, "tea.test")))
	if err != nil {
		t.Fatal(err)
	}
	config := secure.TLSConfig()
	config.NextProtos = []string{"http/1.1"}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.TLS.ServerName) })}
	l := listen(t)
	go server.Serve(tls.NewListener(l, config))
	defer server.Close()
	client := newClient(t, l.Addr().String(), trusting(""), false)
	if got := fetch(t, client, "https://tea.test/", ""); got != "HTTP/1.1 200 tea.test" {
		t.Errorf("got %q", got)
	}
}

// What a listener can do of deadlines depends on the inner one.
func TestSetDeadline(t *testing.T) {
	for name, inner := range map[string]net.Listener{"TCP": listen(t), "no deadlines": struct{ net.Listener }{listen(t)}} {
		secure, err := https.NewListener(inner, given(test.issue(t, nil, "tea.test")))
		if err != nil {
			t.Fatal(err)
		}
		err = secure.SetDeadline(time.Now().Add(-time.Second))
		if _, timed := inner.(*net.TCPListener); timed != (err == nil) {
			t.Errorf("%s: SetDeadline: %v", name, err)
		}
		if err == nil {
			if _, err := secure.Accept(); err == nil {
				t.Errorf("%s: accepted a connection after the deadline", name)
			}
		}
		secure.Close()
	}
}
