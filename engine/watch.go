package engine

import (
	"errors"
	"os"
	"time"
)

// watch is a goroutine that reads from a stream while its handler is at work, to learn of its end.
type watch struct {
	done chan struct{}
	next [1]byte // what came instead: the first octet of the next request
	n    int
}

func (s *stream) watch(gone func()) {
	w := &watch{done: make(chan struct{})}
	s.watching = w
	s.readWithin(-1)
	go func() {
		defer close(w.done)
		var err error
		w.n, err = s.Conn.Read(w.next[:])
		if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			gone()
		}
	}()
}

// unwatch ends the watch and waits for it.
func (s *stream) unwatch() []byte {
	w := s.watching
	s.watching = nil
	s.SetReadDeadline(time.Unix(1, 0)) // long ago
	<-w.done
	return w.next[:w.n]
}
