package engine_test

import (
	"context"
	"io"
	"testing"
	"time"

	"github.com/microroute/microroute/engine"
)

// ends waits for ctx to end.
func ends(t *testing.T, ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(soon):
		t.Error("the context does not end")
	}
}

// The context ends when the client goes.
func TestContextEndsWithClient(t *testing.T) {
	for _, tt := range []struct {
		name, request string
		read          bool
		leave         func(c *client)
	}{
		{"closed", get("/"), false, func(c *client) { c.Close() }},
		{"half closed", get("/"), false, func(c *client) { c.CloseWrite() }},
		{"reset", get("/"), false, func(c *client) { c.SetLinger(0); c.Close() }},
		{"with content", post("/", 5) + "hello", true, func(c *client) { c.Close() }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			each(t, func(t *testing.T, m mode) {
				began, ended := make(chan struct{}), make(chan struct{})
				s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
					ctx := x.Context()
					if tt.read {
						io.Copy(io.Discard, x)
					}
					if err := ctx.Err(); err != nil {
						t.Errorf("at first: %v", err)
					}
					close(began)
					ends(t, ctx)
					if again := x.Context(); again != ctx {
						t.Error("Context returns another one the second time")
					}
					reply(x, "ok")
					close(ended)
				})
				c := s.dial()
				c.send(tt.request)
				<-began
				tt.leave(c)
				<-ended
			})
		})
	}
}

// A client that has closed its sending side only still gets its answer, as it may be waiting for it.
func TestHalfClosedClientIsAnswered(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
			ends(t, x.Context())
			reply(x, "ok")
		})
		c := s.dial()
		c.send(get("/"))
		c.CloseWrite()
		c.want(200, "ok")
		c.wantClosed()
	})
}

func TestContextEndsWithExchange(t *testing.T) {
	for _, request := range []string{get("/"), post("/", 5) + "hello", post("/", 5)} {
		each(t, func(t *testing.T, m mode) {
			contexts := make(chan context.Context, 1)
			s := start(t, m, engine.Limits{DrainTimeout: short}, func(x *engine.Exchange) {
				contexts <- x.Context()
				reply(x, "ok")
			})
			c := s.dial()
			c.send(request)
			c.want(200, "ok")
			ends(t, <-contexts)
		})
	}
}

// A client that takes nothing of the answer any more has gone, too.
func TestContextEndsWhenSendingFails(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
			ctx := x.Context() // nobody listens: the content has not been read
			respond(x, 200, -1, "", false)
			p := make([]byte, 64<<10)
			for {
				if _, err := x.Write(p); err != nil {
					break
				}
			}
			ends(t, ctx)
		})
		c := s.dial()
		c.send(post("/", 5))
		c.response("GET")
		c.SetLinger(0)
		c.Close()
	})
}

// What comes while somebody listens for the end of the connection is the next request, whole.
func TestContextLosesNothing(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		began, goOn := make(chan struct{}), make(chan struct{})
		s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
			ctx := x.Context()
			if x.Head().RawPath() == "/slow" {
				began <- struct{}{}
				<-goOn
			}
			if err := ctx.Err(); err != nil {
				t.Errorf("%s: %v, with the client there", x.Head().Target(), err)
			}
			content, err := io.ReadAll(x)
			if err != nil {
				t.Errorf("%s: reading: %v", x.Head().Target(), err)
			}
			reply(x, x.Head().Target()+string(content))
		})
		c := s.dial()
		for _, next := range []struct{ request, want string }{
			{get("/next"), "/next"},
			{post("/next", 5) + "hello", "/nexthello"},
			{get("/a") + get("/b"), "/a"},
		} {
			c.send(get("/slow"))
			<-began
			c.send(next.request[:1])
			c.send(next.request[1:])
			goOn <- struct{}{}
			c.want(200, "/slow")
			c.want(200, next.want)
		}
		c.want(200, "/b")
		c.wantAlive()
	})
}

// Listening for the end of the connection and Client do not get into each other's way.
func TestContextAndClient(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		began := make(chan struct{})
		s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
			x.Context()
			close(began)
			c := clientOf(t, x)
			got := make([]byte, 4)
			if _, err := io.ReadFull(c, got); string(got) != "ping" || err != nil {
				t.Errorf("read %q, %v, want ping", got, err)
			}
			io.WriteString(c, "pong")
		})
		c := s.dial()
		c.send(get("/"))
		<-began
		c.send("ping")
		if got, err := io.ReadAll(c.in); string(got) != "pong" || err != nil {
			t.Errorf("got %q, %v, want pong", got, err)
		}
	})
}
