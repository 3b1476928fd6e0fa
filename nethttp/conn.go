package nethttp

import (
	"context"
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
	// nothing while the response is sent; 0 leaves that to the server.
	BodyTimeout, WriteTimeout time.Duration
}

type connKey struct{}

// WithConn returns a context with which a server, by its ConnContext, tells the exchanges of a connection what it knows of it.
func WithConn(ctx context.Context, c *Conn) context.Context {
	return context.WithValue(ctx, connKey{}, c)
}

// patience is a limit for silence, kept by deadlines that move.
type patience struct {
	limit time.Duration // none if it is not positive
	due   time.Time
}

// renew sets the next deadline. One that is at most an eighth later than asked for is left as it is: setting it costs more than
// a small piece of content.
func (p *patience) renew(set func(time.Time) error) {
	if p.limit <= 0 {
		return
	}
	if now := time.Now(); p.due.Sub(now) < p.limit {
		p.due = now.Add(p.limit + p.limit/8)
		set(p.due)
	}
}
