package engine_test

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/microroute/microroute/engine"
)

// Shutdown lets everything that has begun come to its end.
func TestShutdown(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		began, draining, goOn := make(chan struct{}), make(chan struct{}), make(chan struct{})
		s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
			if x.Head().RawPath() == "/slow" {
				close(began)
				<-x.Draining()
				close(draining)
				<-goOn
			}
			if err := x.Context().Err(); err != nil {
				t.Errorf("%s: the context has ended: %v", x.Head().Target(), err)
			}
			reply(x, "done")
		})
		idle, late, busy := s.dial(), s.dial(), s.dial()
		idle.wantAlive()
		late.wantAlive()
		busy.send(get("/slow"))
		<-began

		done := s.shutdown()
		<-draining
		late.send(get("/late")) // its client could not know
		if r := late.want(200, "done"); !r.Close {
			t.Error("the answer within the grace time does not say that the connection closes")
		}
		late.wantClosed()
		idle.wantClosed()
		eventually(t, "nobody can connect", func() bool {
			c, err := net.Dial("tcp", s.addr)
			if err == nil {
				c.Close()
			}
			return err != nil
		}, func() string { return "connected" })
		select {
		case err := <-done:
			t.Fatalf("Shutdown = %v while a handler is at work", err)
		default:
		}
		close(goOn)
		if r := busy.want(200, "done"); !r.Close {
			t.Error("the answer under way does not say that the connection closes")
		}
		busy.wantClosed()
		if err := <-done; err != nil {
			t.Errorf("Shutdown = %v, want nil", err)
		}
		if err := <-s.shutdown(); err != nil {
			t.Errorf("second Shutdown = %v, want nil", err)
		}
	})
}

// Clients that have connected before are served, although nobody has seen them yet.
func TestShutdownServesWhoWaits(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		if m.bare {
			t.Skip("a listener without deadlines cannot tell who waits")
		}
		s := start(t, m, engine.Limits{DrainTimeout: short}, func(x *engine.Exchange) {
			if x.Head().RawPath() != "/alive" {
				<-x.Draining()
			}
			echo(x)
		})
		s.dial().wantAlive() // the listener is being served
		var waiting []*client
		for range 50 {
			waiting = append(waiting, s.dial())
		}
		done := s.shutdown()
		for _, c := range waiting {
			c.send(get("/"))
		}
		for _, c := range waiting {
			if r := c.want(200, "/ "); !r.Close {
				t.Error("the answer does not say that the connection closes")
			}
		}
		if err := <-done; err != nil {
			t.Errorf("Shutdown = %v", err)
		}
	})
}

// They are served, too, if it takes long to accept them all.
func TestShutdownServesWhoWaitsLong(t *testing.T) {
	const clients = 20
	s := serve(t, mode{portable: true}, tardyListener{listenTCP(t)}, engine.Limits{}, echo)
	var waiting []*client
	for range clients {
		c := s.dial()
		c.send(get("/"))
		waiting = append(waiting, c)
	}
	done := s.shutdown()
	for _, c := range waiting {
		c.want(200, "/ ")
	}
	if err := <-done; err != nil {
		t.Errorf("Shutdown = %v", err)
	}
}

// tardyListener takes its time for each connection.
type tardyListener struct{ *net.TCPListener }

func (l tardyListener) Accept() (net.Conn, error) {
	c, err := l.TCPListener.Accept()
	time.Sleep(10 * time.Millisecond)
	return c, err
}

// Clients that never stop coming do not keep the server from its end.
func TestShutdownAmongNewcomers(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		s := start(t, m, engine.Limits{}, echo)
		s.dial().wantAlive()
		var crowd sync.WaitGroup
		defer crowd.Wait()
		end := make(chan struct{})
		defer close(end)
		for range 4 {
			crowd.Go(func() {
				for {
					select {
					case <-end:
						return
					default:
						if c, err := net.Dial("tcp", s.addr); err == nil {
							c.Close()
						}
					}
				}
			})
		}
		if err := <-s.shutdown(); err != nil {
			t.Errorf("Shutdown = %v", err)
		}
	})
}

// Requests that have come in one after the other are all answered, the last one with the end of the connection.
func TestShutdownServesWhatIsPipelined(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		if m.bare {
			t.Skip("a connection without a descriptor cannot tell what waits")
		}
		const requests = 200 // more than one buffer holds
		began := make(chan struct{})
		s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
			if x.Head().RawPath() == "/first" {
				close(began)
				<-x.Draining()
			}
			echo(x)
		})
		c := s.dial()
		c.send(get("/first") + strings.Repeat(get("/more"), requests))
		<-began
		done := s.shutdown()
		c.want(200, "/first ")
		for i := range requests {
			if r := c.want(200, "/more "); r.Close != (i == requests-1) {
				t.Fatalf("answer %d of %d: Connection: close is %t", i+1, requests, r.Close)
			}
		}
		c.wantClosed()
		if err := <-done; err != nil {
			t.Errorf("Shutdown = %v", err)
		}
	})
}

func TestShutdownOfNothing(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		s := start(t, m, engine.Limits{}, echo)
		if err := <-s.shutdown(); err != nil {
			t.Errorf("Shutdown = %v, want nil", err)
		}
		l := listenTCP(t)
		if err := s.Serve(l); !errors.Is(err, engine.ErrServerClosed) {
			t.Errorf("Serve after Shutdown = %v, want ErrServerClosed", err)
		}
		if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
			t.Errorf("then Accept = %v, want a closed listener", err)
		}
	})
}

// When its patience ends, Shutdown cuts off what is left.
func TestShutdownGivesUp(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		began := make(chan struct{})
		s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
			ctx := x.Context()
			close(began)
			ends(t, ctx)
		})
		c := s.dial()
		c.send(get("/"))
		<-began
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if err := s.Shutdown(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("Shutdown = %v, want context.Canceled", err)
		}
		if n, _ := io.Copy(io.Discard, c.in); n != 0 {
			t.Errorf("%d octets, want none", n)
		}
	})
}

// Close cuts off idle and busy connections, those that read and those that write.
func TestServerClose(t *testing.T) {
	for _, tt := range []struct {
		name, request string
		handler       func(t *testing.T, x *engine.Exchange)
	}{
		{"busy", get("/"), func(t *testing.T, x *engine.Exchange) { ends(t, x.Context()) }},
		{"reading", post("/", 5), func(t *testing.T, x *engine.Exchange) {
			if _, err := io.ReadAll(x); err == nil {
				t.Error("reading from a connection that was cut off succeeded")
			}
		}},
		{"writing", get("/"), func(t *testing.T, x *engine.Exchange) {
			respond(x, 200, -1, "", false)
			for {
				if _, err := x.Write(make([]byte, 64<<10)); err != nil {
					break
				}
			}
		}},
		{"with its client", get("/"), func(t *testing.T, x *engine.Exchange) {
			c := clientOf(t, x)
			if _, err := c.Read(make([]byte, 1)); err == nil {
				t.Error("reading from a connection that was cut off succeeded")
			}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			each(t, func(t *testing.T, m mode) {
				began, ended := make(chan struct{}), make(chan struct{})
				s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
					if x.Head().RawPath() == "/alive" {
						reply(x, "")
						return
					}
					defer close(ended)
					close(began)
					tt.handler(t, x)
				})
				idle, c := s.dial(), s.dial()
				idle.wantAlive()
				c.send(tt.request)
				<-began
				if err := s.Close(); err != nil {
					t.Errorf("Close = %v", err)
				}
				<-ended
				io.Copy(io.Discard, c.in)
				io.Copy(io.Discard, idle.in)
			})
		})
	}
}

// Serve returns the error of a listener that fails.
func TestServeListenerFails(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		l := listenTCP(t)
		s := engine.New(engine.Config{Handler: echo, Portable: m.portable})
		defer s.Close()
		l.Close()
		served := make(chan error, 1)
		go func() { served <- s.Serve(m.listen(l)) }()
		select {
		case err := <-served:
			if !errors.Is(err, net.ErrClosed) {
				t.Errorf("Serve = %v, want that of the listener", err)
			}
		case <-time.After(soon):
			t.Error("Serve does not return")
		}
	})
}
