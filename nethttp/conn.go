package nethttp

import (
	"context"
	"sync"
	"time"
)

// Conn is what a server knows of a connection and http.Server has no place for. The zero Conn knows nothing.
type Conn struct {
	// Draining is closed when the server begins to shut down: what Context.Draining returns.
	Draining <-chan struct{}
	// Serves reports whether the connection is meant for a host; requests for others are answered with status 421. nil: for
	// all.
	Serves func(host string) bool
	// BodyTimeout and WriteTimeout are how long the client may be silent while a request's content is read, and may take
	// nothing while the response is sent; 0 leaves that to the server, as HTTP/1 does in any case.
	BodyTimeout, WriteTimeout time.Duration
}

type connKey struct{}

// WithConn returns a context with which a server, by its ConnContext, tells the exchanges of a connection what it knows of it.
func WithConn(ctx context.Context, c *Conn) context.Context {
	return context.WithValue(ctx, connKey{}, c)
}

// patience is a limit for silence, kept by deadlines: they are there while the client is waited for, and only then. One that
// passes breaks the stream, also while nothing is read or written. Somebody may wait while another sets a deadline of his own.
type patience struct {
	mu    sync.Mutex
	limit time.Duration // none if it is not positive
	due   time.Time     // the zero Time while there is no deadline
}

func (p *patience) limited() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.limit > 0
}

// renew sets the next deadline. One that is at most an eighth later than asked for is left as it is: setting it costs more than
// a small piece of content.
func (p *patience) renew(set func(time.Time) error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.limit <= 0 {
		return
	}
	if now := time.Now(); p.due.Sub(now) < p.limit {
		p.due = now.Add(p.limit + p.limit/8)
		set(p.due)
	}
}

// end sets a deadline that stays.
func (p *patience) end(set func(time.Time) error, t time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.limit = 0
	return set(t)
}

// rest takes the deadline away until the next is set: how long that takes is up to the handler.
func (p *patience) rest(set func(time.Time) error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.limit > 0 && !p.due.IsZero() {
		p.due = time.Time{}
		set(p.due)
	}
}
