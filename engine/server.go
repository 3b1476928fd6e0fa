// Package engine moves octets between clients and a handler: it accepts connections, reads requests from them with
// internal/http1, hands each to the handler as an Exchange, sends the answer, and keeps or closes the connection. It
// knows limits and deadlines, but no routes, no handlers of an application and no media types.
//
// Two engines drive the same connections. On Linux, for TCP and unix sockets, the event engine waits for all of them in a
// few loops, and a connection has a goroutine and buffers only while there is work. Elsewhere, and for any other
// net.Listener, the portable engine gives each connection a goroutine, but buffers only while there is work. Both share
// everything from conn.answer upwards.
//
//	server := engine.New(engine.Config{Handler: func(x *engine.Exchange) { … }})
//	err := server.Serve(listener)
package engine

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"net"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// ErrServerClosed is what Serve returns after Shutdown or Close.
var ErrServerClosed = errors.New("engine: server closed")

// Config is what a Server needs. Handler is required; it answers one exchange and must not panic.
type Config struct {
	Handler  func(*Exchange)
	Limits   Limits
	Logger   *slog.Logger // default slog.Default
	Portable bool         // serve every listener with the portable engine
}

// Server serves connections until it is shut down. It may be shared between goroutines.
type Server struct {
	handler func(*Exchange)
	limits  Limits
	logger  *slog.Logger
	context context.Context // the parent of every exchange's, cancelled by Close
	cancel  context.CancelFunc
	date    dateCache
	works   sync.Pool // *work

	portable bool
	draining atomic.Bool
	drained  chan struct{} // closed when draining begins

	mu        sync.Mutex
	listeners map[net.Listener]struct{}
	conns     map[*conn]struct{}
	clients   map[netip.Addr]int // connections of each address, if that is limited
	prefaced  Protocol           // for connections that open with the preface of HTTP/2
	event     *eventEngine       // started with the first listener that can use it
	free      chan struct{}      // closed and renewed when a connection or listener ends while somebody waits for it
	waiting   bool
}

// New returns a Server that serves nothing yet.
func New(config Config) *Server {
	s := &Server{
		handler:   config.Handler,
		limits:    config.Limits.WithDefaults(),
		logger:    config.Logger,
		portable:  config.Portable,
		drained:   make(chan struct{}),
		listeners: map[net.Listener]struct{}{},
		conns:     map[*conn]struct{}{},
		clients:   map[netip.Addr]int{},
		free:      make(chan struct{}),
	}
	if s.logger == nil {
		s.logger = slog.Default()
	}
	s.works.New = func() any { return newWork(s.limits) }
	s.context, s.cancel = context.WithCancel(context.Background())
	return s
}

// Serve accepts connections from l and serves them until the server is shut down, when it returns ErrServerClosed, or
// l fails for good. It closes l, which nobody else may do. Connections go on after it has returned.
func (s *Server) Serve(l net.Listener) error {
	defer l.Close()
	l, mayPreface := s.unwrap(l)
	if !s.portable {
		if served, err := s.acceptEvent(l, mayPreface); served {
			return err
		}
	}
	sweeping := &sweepingListener{Listener: ownFile(l)}
	defer sweeping.Listener.Close()
	if !s.addListener(sweeping) {
		return ErrServerClosed
	}
	defer s.removeListener(sweeping)
	return s.acceptPortable(sweeping, mayPreface)
}

// Shutdown ends the server in good order: listeners are closed, every answer from now on is the last of its connection,
// idle connections are closed after a grace time for requests that are on their way, and Shutdown returns when the last
// connection has ended. If ctx ends first, the rest are closed at once and ctx's error is returned.
func (s *Server) Shutdown(ctx context.Context) error {
	s.drain()
	for {
		s.mu.Lock()
		left, free := len(s.conns)+len(s.listeners), s.free
		s.waiting = true
		s.mu.Unlock()
		if left == 0 {
			return s.Close()
		}
		select {
		case <-free:
		case <-ctx.Done():
			s.Close()
			return ctx.Err()
		}
	}
}

// Close closes listeners and connections at once and ends the contexts of exchanges that are under way. It does not wait
// for their handlers.
func (s *Server) Close() error {
	s.drain()
	s.cancel()
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		c.net.abort()
	}
	if s.event != nil {
		s.event.end()
	}
	return nil
}

// drainGrace is how long a connection that is idle when the server shuts down may still send a request: its client
// could not know.
const drainGrace = 300 * time.Millisecond

func (s *Server) drain() {
	if s.draining.Swap(true) {
		return
	}
	close(s.drained)
	s.mu.Lock()
	listeners := slices.Collect(maps.Keys(s.listeners))
	s.mu.Unlock()
	for _, l := range listeners {
		l.Close()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		c.hurry()
	}
}

func (s *Server) addListener(l net.Listener) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.draining.Load() {
		return false
	}
	s.listeners[l] = struct{}{}
	return true
}

func (s *Server) removeListener(l net.Listener) {
	s.mu.Lock()
	delete(s.listeners, l)
	s.tellFree()
	s.mu.Unlock()
}

// admit counts c in. It waits while there are as many connections as there may be, and returns false if c's client has
// too many, or the server is closing.
func (s *Server) admit(c *conn) bool {
	for {
		s.mu.Lock()
		if !s.fullLocked() {
			defer s.mu.Unlock()
			return s.admitLocked(c)
		}
		s.waiting = true
		free := s.free
		s.mu.Unlock()
		select {
		case <-free:
		case <-s.context.Done():
			return false
		}
	}
}

// full reports whether there are as many connections as there may be.
func (s *Server) full() bool {
	s.mu.Lock()
	full := s.fullLocked()
	s.mu.Unlock()
	return full
}

func (s *Server) fullLocked() bool {
	return s.limits.Connections >= 0 && len(s.conns) >= s.limits.Connections
}

// admitNow is admit for those who cannot wait, after full.
func (s *Server) admitNow(c *conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.admitLocked(c)
}

func (s *Server) admitLocked(c *conn) bool {
	address := c.remote.Addr()
	if s.context.Err() != nil {
		return false
	}
	if most := s.limits.ConnectionsPerClient; most >= 0 && address.IsValid() {
		if s.clients[address] >= most {
			return false
		}
		s.clients[address]++
	}
	s.conns[c] = struct{}{}
	return true
}

// rename counts c under the address that its client has turned out to have, and returns false if that has too many.
func (s *Server) rename(c *conn, address netip.AddrPort) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if address == c.remote {
		return true
	}
	s.forget(c)
	c.remote = address
	return s.admitLocked(c)
}

// dismiss counts c out.
func (s *Server) dismiss(c *conn) {
	s.mu.Lock()
	s.forget(c)
	s.tellFree()
	s.mu.Unlock()
}

// tellFree wakes those who wait for a connection or a listener to end; s.mu is held.
func (s *Server) tellFree() {
	if s.waiting {
		s.waiting = false
		close(s.free)
		s.free = make(chan struct{})
	}
}

// forget removes c from the books; s.mu is held.
func (s *Server) forget(c *conn) {
	if _, known := s.conns[c]; !known {
		return
	}
	delete(s.conns, c)
	address := c.remote.Addr()
	if n, limited := s.clients[address]; limited && n > 1 {
		s.clients[address] = n - 1
	} else {
		delete(s.clients, address)
	}
}
