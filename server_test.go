package microroute_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute"
)

func TestStart(t *testing.T) {
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		app.Get("/", func(*Context) string { return "served" })
		one, other := serve(t, app), serve(t, app) // an App may serve several addresses
		if one.Addr().String() == other.Addr().String() || one.Addr().(*net.TCPAddr).Port == 0 {
			t.Errorf("got addresses %v and %v, want two", one.Addr(), other.Addr())
		}
		for _, server := range []*microroute.Server{one, other} {
			if got := ask(t, server, "/").body; got != "served" {
				t.Errorf("got %q, want %q", got, "served")
			}
		}
		var inUse *net.OpError
		if _, err := app.Start(one.Addr().String()); !errors.As(err, &inUse) {
			t.Errorf("starting on an address in use: got error %v, want a *net.OpError", err)
		}
		if err := app.Run(one.Addr().String()); !errors.As(err, &inUse) {
			t.Errorf("running on an address in use: got error %v, want a *net.OpError", err)
		}
	})
}

func TestStartUsesTheConfig(t *testing.T) {
	path := t.TempDir() + "/socket"
	app := microroute.New(microroute.Config{Network: "unix", Addr: path})
	for _, addr := range [][]string{nil, {""}} {
		server, err := app.Start(addr...)
		if err != nil {
			t.Fatal(err)
		}
		if got := server.Addr().String(); got != path {
			t.Errorf("Start(%q): got address %q, want %q", addr, got, path)
		}
		server.Close()
		<-waited(server)
	}
}

// Who has started a server may look into its log for the addresses.
func TestStartSaysWhereItServes(t *testing.T) {
	for range 20 {
		var log record
		app := microroute.New(microroute.Config{Logger: log.logger()})
		server, err := app.Start("127.0.0.1:0", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		said := log.String()
		if got := strings.Count(said, "msg=serving address=127.0.0.1:"); got != 2 {
			t.Errorf("%d addresses are in the log when Start returns, want 2:\n%s", got, said)
		}
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestStartOnClosesTheListenerOfABadApp(t *testing.T) {
	app := microroute.New()
	app.Get("/", 5)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := app.StartOn(l); err == nil {
		t.Error("got no error")
	}
	if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("the listener: got error %v, want %v", err, net.ErrClosed)
	}
}

func TestEndsOfAServer(t *testing.T) {
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		for name, end := range map[string]func(*microroute.Server) error{
			"Shutdown": func(s *microroute.Server) error { return s.Shutdown(context.Background()) },
			"Close":    (*microroute.Server).Close,
		} {
			server, err := app.Start("127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			for range 2 { // twice is harmless
				if err := end(server); err != nil {
					t.Errorf("%s: got error %v", name, err)
				}
			}
			if err := server.Wait(); err != nil {
				t.Errorf("%s: Wait returned %v, want nil", name, err)
			}
			if conn, err := net.Dial("tcp", server.Addr().String()); err == nil {
				conn.Close()
				t.Errorf("%s: the address is still served", name)
			}
		}
	})
}

// brokenListener fails for good when it is told to.
type brokenListener struct {
	net.Listener
	fail chan error
}

func (l brokenListener) Accept() (net.Conn, error) { return nil, <-l.fail }

func TestWaitTellsWhyServingEnded(t *testing.T) {
	var log record
	app := microroute.New(microroute.Config{Logger: log.logger()})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	broken := brokenListener{l, make(chan error, 1)}
	server, err := app.StartOn(broken)
	if err != nil {
		t.Fatal(err)
	}
	broken.fail <- io.ErrUnexpectedEOF
	if err := server.Wait(); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got error %v, want %v", err, io.ErrUnexpectedEOF)
	}
	if !strings.Contains(log.String(), `level=ERROR msg="serving ended"`) {
		t.Errorf("got log %q, want the error in it", log.String())
	}
}

// Shutdown lets requests finish that are under way, with an answer that says it is the last.
func TestShutdownDrains(t *testing.T) {
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		began, release := make(chan bool), make(chan bool)
		app.Get("/slow", func(*Context) string { began <- true; <-release; return "finished" })
		server, err := app.Start("127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		client := dial(t, server)
		fmt.Fprint(client, lines("GET /slow HTTP/1.1", "Host: a"))
		<-began
		ended := make(chan error)
		go func() { ended <- server.Shutdown(context.Background()) }()
		awaitRefusal(t, server)
		release <- true
		head := readUntil(t, client, "\r\n\r\n")
		if !strings.HasPrefix(head, "HTTP/1.1 200 OK") || !strings.Contains(head, "Connection: close") {
			t.Errorf("got %q, want 200 and the end of the connection announced", head)
		}
		if body, err := io.ReadAll(client); string(body) != "finished" || err != nil {
			t.Errorf("got %q and error %v, want the whole body", body, err)
		}
		if err := <-ended; err != nil {
			t.Errorf("Shutdown: %v", err)
		}
	})
}

// awaitRefusal waits until server accepts no connection any more.
func awaitRefusal(t *testing.T, server *microroute.Server) {
	t.Helper()
	for start := time.Now(); time.Since(start) < patience; time.Sleep(time.Millisecond) {
		conn, err := net.Dial("tcp", server.Addr().String())
		if err != nil {
			return
		}
		conn.Close()
	}
	t.Fatal("accepting connections does not end")
}

func TestShutdownGivesUp(t *testing.T) {
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		began, gone := make(chan bool), make(chan struct{})
		app.Get("/stuck", func(c *Context) {
			ctx := c.Context()
			began <- true
			<-ctx.Done()
			close(gone)
		})
		server, err := app.Start("127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		client := dial(t, server)
		fmt.Fprint(client, lines("GET /stuck HTTP/1.1", "Host: a"))
		<-began
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if err := server.Shutdown(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("got error %v, want %v", err, context.Canceled)
		}
		await(t, gone, "the context of the handler")
		if got, _ := io.ReadAll(client); strings.Contains(string(got), "200") {
			t.Errorf("the client got %q, want nothing: it was broken off", got)
		}
	})
}
