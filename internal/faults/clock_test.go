package faults_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/microroute/microroute"
)

// The default timeouts, by a clock that costs no time: the one of a synctest bubble, which knows no sockets and therefore only
// the portable engine.
func TestDefaultTimeouts(t *testing.T) {
	limits := microroute.Limits{}.WithDefaults()
	const end = 0 // of the connection, instead of a status
	for name, tt := range map[string]struct {
		start, more string // what is sent at once, and then every second
		status      int
		after       time.Duration
	}{
		"nothing":                {"", "", end, limits.IdleTimeout},
		"a head, without end":    {"GET / HTTP/1.1\r\n", "", 408, limits.HeadTimeout},
		"a head, line by line":   {"GET / HTTP/1.1\r\n", "Field: value\r\n", 408, limits.HeadTimeout},
		"content, without end":   {post("/data", 1000) + "tea", "", 408, limits.BodyTimeout},
		"a chunk, without end":   {postChunked("/data") + "5\r\ntea", "", 408, limits.BodyTimeout},
		"content, cup by cup":    {post("/data", 300), "tea", 200, 100 * time.Second},
		"content nobody reads":   {post("/hello", 1000) + "tea", "", 200, limits.DrainTimeout},
		"a request that is late": {"", get("/hello"), 200, time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				conn := serveInMemory(t, func(app *microroute.App) {
					app.Get("/hello", func(*Context) string { return "hello" })
					app.Post("/hello", func(*Context) string { return "hello" })
					app.Post("/data", func(c *Context) ([]byte, error) { return c.Request.Data() })
				})
				began := time.Now()
				var sending sync.WaitGroup
				defer sending.Wait()
				defer conn.Close()
				sending.Go(func() {
					err := write(conn, tt.start)
					for err == nil {
						time.Sleep(time.Second)
						err = write(conn, tt.more)
					}
				})
				status := end
				r, err := http.ReadResponse(bufio.NewReader(conn), nil)
				if err == nil {
					status = r.StatusCode
					io.Copy(io.Discard, r.Body)
				}
				// A deadline that is an eighth late is not worth setting anew.
				if took := time.Since(began); status != tt.status || took < tt.after && status != 200 || took > tt.after*9/8+time.Second {
					t.Errorf("status %d after %v, want %d after %v", status, took, tt.status, tt.after)
				}
			})
		})
	}
}

// write writes text, or checks only that the connection is there if there is none.
func write(conn net.Conn, text string) (err error) {
	if text == "" {
		return conn.SetReadDeadline(time.Time{})
	}
	_, err = io.WriteString(conn, text)
	return err
}

// A client that takes nothing is given up when the default time has passed.
func TestDefaultWriteTimeout(t *testing.T) {
	patience := microroute.Limits{}.WithDefaults().WriteTimeout
	synctest.Test(t, func(t *testing.T) {
		failed := make(chan error, 1)
		conn := serveInMemory(t, func(app *microroute.App) {
			app.Get("/large", func(c *Context) error {
				_, err := io.Copy(c.Response, endless{})
				failed <- err
				return err
			})
		})
		began := time.Now()
		io.WriteString(conn, get("/large"))
		err := <-failed
		if late := (*microroute.TimeoutError)(nil); !errors.As(err, &late) || !late.Timeout() {
			t.Errorf("sending to a client that takes nothing: %v, want a TimeoutError", err)
		}
		if took := time.Since(began); took < patience || took > 2*patience {
			t.Errorf("it took %v, want %v", took, patience)
		}
	})
}

// serveInMemory runs a server until the test ends, and connects to it.
func serveInMemory(t *testing.T, routes func(app *microroute.App)) net.Conn {
	t.Helper()
	app := microroute.New(microroute.Config{Logger: slog.New(slog.DiscardHandler)})
	routes(app)
	l := &memoryListener{conns: make(chan net.Conn), closed: make(chan struct{})}
	server, err := app.StartOn(l)
	if err != nil {
		t.Fatal(err)
	}
	client, conn := net.Pipe()
	l.conns <- conn
	t.Cleanup(func() {
		client.Close()
		if err := server.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return client
}

// memoryListener is a listener whose connections are pipes.
type memoryListener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (l *memoryListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *memoryListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (*memoryListener) Addr() net.Addr { return &net.UnixAddr{Name: "memory", Net: "unix"} }
