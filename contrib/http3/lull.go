package http3

import (
	"context"
	"math"
	"sync"
	"time"
)

// lull notices when no exchange of a connection has been under way for a while.
type lull struct {
	mu       sync.Mutex
	underWay int
	limit    time.Duration
	timer    *time.Timer
}

// after returns a context that ends after a while without an exchange, never if limit is negative. It takes the place of the
// one before, which may not end any more.
func (l *lull) after(limit time.Duration) context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	if limit < 0 {
		limit = math.MaxInt64
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.timer != nil {
		l.timer.Stop()
	}
	l.limit, l.timer = limit, time.AfterFunc(limit, cancel)
	if l.underWay > 0 {
		l.timer.Stop()
	}
	return ctx
}

// begin takes note that an exchange begins, end that one ends.
func (l *lull) begin() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.underWay++
	l.timer.Stop()
}

func (l *lull) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.underWay--; l.underWay == 0 {
		l.timer.Reset(l.limit)
	}
}

// stop notices nothing any more.
func (l *lull) stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.timer.Stop()
}
