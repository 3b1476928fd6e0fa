package microroute_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute"
)

// Whatever keeps a response from its client is a TimeoutError with its cause.
func TestTimeoutError(t *testing.T) {
	fill := func(c *Context) error {
		for data := make([]byte, 1<<16); ; {
			if err := c.Response.Send(data); err != nil {
				return err
			}
		}
	}
	for name, test := range map[string]struct {
		send    func(c *Context) error
		client  func(conn *net.TCPConn) // what it does when the handler has begun
		timeout bool
	}{
		"reset":    {fill, func(conn *net.TCPConn) { conn.SetLinger(0); conn.Close() }, false},
		"silent":   {fill, func(*net.TCPConn) {}, true},
		"closed":   {func(c *Context) error { c.Response.Close(); return c.Response.SendString("late") }, func(*net.TCPConn) {}, false},
		"header":   {func(c *Context) error { c.Response.Close(); return c.Response.SendHeader() }, func(*net.TCPConn) {}, false},
		"Write":    {func(c *Context) error { c.Response.Close(); _, err := c.Response.Write(nil); return err }, func(*net.TCPConn) {}, false},
		"raw data": {func(c *Context) error { writeRaw(c, "raw"); return c.Response.SendString("late") }, func(*net.TCPConn) {}, false},
	} {
		t.Run(name, func(t *testing.T) {
			for _, engine := range []microroute.Engine{microroute.EngineAuto, microroute.EnginePortable} {
				app := microroute.New(microroute.Config{Engine: engine, Limits: microroute.Limits{WriteTimeout: 20 * time.Millisecond}})
				began, errs := make(chan bool, 1), make(chan error, 1)
				app.Get("/", func(c *Context) error {
					began <- true
					err := test.send(c)
					errs <- err
					return err
				})
				client := dial(t, serve(t, app))
				fmt.Fprint(client, lines("GET / HTTP/1.1", "Host: a"))
				<-began
				test.client(client)
				err := <-errs
				var timeout *microroute.TimeoutError
				if !errors.As(err, &timeout) || timeout.Err == nil || !errors.Is(err, timeout.Err) || !strings.HasPrefix(timeout.Op, "send") {
					t.Fatalf("got error %#v, want a TimeoutError with what it was about and a cause", err)
				}
				if timeout.Timeout() != test.timeout || errors.Is(err, os.ErrDeadlineExceeded) != test.timeout {
					t.Errorf("got error %v, want Timeout() %t", err, test.timeout)
				}
				if want := "microroute: " + timeout.Op + ": " + timeout.Err.Error(); err.Error() != want {
					t.Errorf("got text %q, want %q", err, want)
				}
			}
		})
	}
}

// A client that goes is nothing to wake anybody for.
func TestTimeoutErrorIsNoServerError(t *testing.T) {
	var log record
	app := microroute.New(microroute.Config{Logger: log.logger()})
	errs := make(chan error, 1)
	app.Get("/", func(c *Context) error {
		c.Response.Close()
		err := c.Response.SendString("late")
		errs <- err
		return err
	})
	server, err := app.Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	talk(t, server, lines("GET / HTTP/1.1", "Host: a"))
	<-errs
	if err := server.Shutdown(context.Background()); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(log.String(), "level=ERROR") || !strings.Contains(log.String(), "level=DEBUG msg=\"request failed\"") {
		t.Errorf("got log %q, want the error at level DEBUG", log.String())
	}
}
