package microroute

import (
	"context"
	"errors"
	"sync"
)

// step is an exchange that waits for a call of Server.Step.
type step struct {
	x    Exchange
	done chan struct{}
}

// queue hands an exchange to the one who calls Step, and waits until it has been served. When the last Server has ended, it is
// given up.
func (a *App) queue(x Exchange) {
	s := step{x, make(chan struct{})}
	select {
	case a.steps <- s:
		<-s.done
	case <-a.servers.ended():
		x.Break()
	}
}

// servers counts the Servers of an App.
type servers struct {
	mu    sync.Mutex
	count int
	none  chan struct{} // closed when there are none any more
}

func (s *servers) begin() {
	s.mu.Lock()
	if s.count == 0 {
		s.none = make(chan struct{})
	}
	s.count++
	s.mu.Unlock()
}

func (s *servers) end() {
	s.mu.Lock()
	if s.count--; s.count == 0 {
		close(s.none)
	}
	s.mu.Unlock()
}

// ended returns a channel that is closed when the last of those Servers ends that run now.
func (s *servers) ended() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.none == nil {
		s.none = make(chan struct{})
		close(s.none)
	}
	return s.none
}

// Step serves one request on the caller's goroutine, for programs with a loop of their own whose Config is Manual. It waits
// for one until ctx ends, and returns ctx's error then; one that waits already is served even so, which makes a Step with a
// ctx that has ended look and not wait. When the Server has ended, and until then requests may wait that Shutdown waits for,
// it returns ErrServerClosed.
func (s *Server) Step(ctx context.Context) error {
	a := s.app
	if a.steps == nil {
		return errors.New("microroute: Step without Config.Manual: the Server serves by itself")
	}
	select {
	case next := <-a.steps:
		a.take(next)
		return nil
	default:
	}
	select {
	case next := <-a.steps:
		a.take(next)
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-s.ended:
		return ErrServerClosed
	}
}

func (a *App) take(s step) {
	defer close(s.done)
	a.serve(s.x)
}
