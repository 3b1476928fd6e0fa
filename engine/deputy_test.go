package engine_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/microroute/microroute/engine"
)

// onOneProcessor has the servers of a test share one of whatever there is for each processor.
func onOneProcessor(t *testing.T) {
	before := runtime.GOMAXPROCS(1)
	t.Cleanup(func() { runtime.GOMAXPROCS(before) })
}

// A server with nothing else to do may serve a request where it waits for others. If the handler waits, too, others must not.
func TestHandlersThatWaitOneByOne(t *testing.T) {
	onOneProcessor(t)
	each(t, func(t *testing.T, m mode) {
		const waiting = 20
		leave := make(chan struct{})
		s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
			if x.Head().Target() == "/wait" {
				<-leave
			}
			echo(x)
		})
		var clients []*client
		for i := range waiting {
			c := s.dial()
			c.send(get("/wait"))
			clients = append(clients, c)
			other := s.dial()
			for range 3 {
				other.send(get(fmt.Sprint("/", i)))
				other.want(200, fmt.Sprintf("/%d ", i))
			}
		}
		close(leave)
		for _, c := range clients {
			c.want(200, "/wait ")
			c.send(get("/after"))
			c.want(200, "/after ")
		}
	})
}

// Deadlines pass while the only handler waits that runs.
func TestDeadlineBesideHandlerThatWaits(t *testing.T) {
	onOneProcessor(t)
	each(t, func(t *testing.T, m mode) {
		leave := make(chan struct{})
		s := start(t, m, engine.Limits{IdleTimeout: short}, func(x *engine.Exchange) {
			if x.Head().Target() == "/wait" {
				<-leave
			}
			echo(x)
		})
		s.dial().wantAlive()
		idle, waiting := s.dial(), s.dial()
		waiting.send(get("/wait"))
		idle.wantClosed()
		close(leave)
		waiting.want(200, "/wait ")
	})
}

// A deadline that the only handler sets passes, though it is before all those that were set when it began.
func TestDeadlineOfHandlerThatWaits(t *testing.T) {
	onOneProcessor(t)
	each(t, func(t *testing.T, m mode) {
		s := start(t, m, engine.Limits{BodyTimeout: short}, echo)
		s.dial().wantAlive()
		for range 3 {
			c := s.dial()
			c.send(post("/", 10))
			if r, text := c.answer(); r.StatusCode != 400 {
				t.Errorf("answer %s %.200q, want 400 from the handler, whose read has failed", r.Status, text)
			}
		}
	})
}

// A handler that ends its goroutine does not take the server with it, whoever ran it.
func TestGoexitOneByOne(t *testing.T) {
	onOneProcessor(t)
	each(t, func(t *testing.T, m mode) {
		s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
			switch x.Head().Target() {
			case "/close":
				clientOf(t, x).Close()
				fallthrough
			case "/exit":
				runtime.Goexit()
			}
			echo(x)
		})
		for range 5 {
			for _, target := range []string{"/exit", "/close"} {
				s.dial().wantAlive()
				c := s.dial()
				c.wantAlive()
				c.send(get(target))
				c.wantClosed()
			}
		}
	})
}
