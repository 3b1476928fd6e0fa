package engine

import "sync"

// soon is the state of content that is sent by another goroutine: one that WriteSoon starts, and that runs when there is
// a processor for it. A source that has a lot to say at once keeps the processor, and its pieces leave in one system call;
// while a source waits for something, what it has written leaves at once.
//
//	WriteSoon  WriteSoon  WriteSoon ……………………… WriteSoon          End
//	└─ starts ────────────────────► sends three    └─ starts ──► finds nothing: End has taken over
//
// While a goroutine may be on its way the exchange belongs to whoever has the lock; all other methods take over first.
type soon struct {
	mu      sync.Mutex
	started bool // WriteSoon has been called, and nobody has taken over since; for the handler's goroutine alone
	pending bool // a goroutine is on its way
}

// WriteSoon is Write for a source of many small pieces: p, which it does not keep, is sent as soon as a processor is free
// for that, together with what has been written by then. What goes wrong then is the error of a later call.
func (x *Exchange) WriteSoon(p []byte) (int, error) {
	s := &x.soon
	s.mu.Lock()
	defer s.mu.Unlock()
	s.started = true
	if err := x.unsendable(); err != nil {
		return 0, err
	}
	out := x.conn.work.out
	if err := x.put(p, len(out)+len(p)+maxChunkFrame > cap(out)); err != nil {
		return 0, err
	}
	if !s.pending {
		s.pending = true
		go x.sendPending()
	}
	return len(p), nil
}

// maxChunkFrame is more than the octets around a chunk.
const maxChunkFrame = 24

// sendPending sends what has been written, unless somebody else has taken over. It may come so late that x is at another
// exchange; if that one waits for a goroutine, too, this one does as well as its own.
func (x *Exchange) sendPending() {
	s := &x.soon
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.pending {
		return
	}
	s.pending = false
	if err := x.conn.flush(); err != nil {
		x.failed(err)
	}
}

// takeOver makes the exchange the caller's alone again.
func (x *Exchange) takeOver() {
	if s := &x.soon; s.started {
		s.mu.Lock()
		s.started, s.pending = false, false
		s.mu.Unlock()
	}
}
