package engine

import (
	"errors"
	"net"
	"os"
	"sync/atomic"
	"time"
)

// sweepingListener is a listener that accepts those who wait already before it closes, if it has deadlines. A socket that
// is simply closed resets them.
type sweepingListener struct {
	net.Listener
	closing atomic.Bool

	// For the goroutine that accepts.
	due   time.Time // when the closing ends by all means
	quiet int       // how often in a row nobody has come in time
}

const (
	sweepPause = 5 * time.Millisecond // in which somebody who waits is accepted
	sweepQuiet = 4                    // once is what Close does, and a process that gets no processor may miss a pause or two
	sweepTime  = time.Second          // is enough for those who wait, however many come after them
)

func (l *sweepingListener) Accept() (net.Conn, error) {
	for {
		if l.closing.Load() && !l.extend() {
			return nil, os.ErrDeadlineExceeded
		}
		c, err := l.Listener.Accept()
		switch {
		case err == nil:
			l.quiet = 0
			return c, nil
		case !l.closing.Load() || !errors.Is(err, os.ErrDeadlineExceeded):
			return nil, err
		}
		l.quiet++
	}
}

// extend gives those who wait more time, and reports whether there is any left.
func (l *sweepingListener) extend() bool {
	now := time.Now()
	if l.due.IsZero() {
		l.due = now.Add(sweepTime)
	}
	l.setDeadline(now.Add(sweepPause))
	return l.quiet < sweepQuiet && now.Before(l.due)
}

func (l *sweepingListener) Close() error {
	l.closing.Store(true)
	if l.setDeadline(time.Now()) {
		return nil
	}
	return l.Listener.Close()
}

func (l *sweepingListener) setDeadline(t time.Time) bool {
	timed, ok := l.Listener.(interface{ SetDeadline(time.Time) error })
	return ok && timed.SetDeadline(t) == nil
}
