package engine

import "sync/atomic"

// waiter is where one direction of a socket waits to become ready. Its state says who waits:
//
//	nobody ── the loop sees it ready ──► ready ── somebody tries again ──► nobody
//	nobody ── a goroutine gives up ────► parked ─ the loop wakes it ─────► nobody
//	nobody ── the connection is idle ──► idle ─── the loop starts one ───► nobody
//
// Nothing is lost between a call that would block and the wait: what becomes ready in between makes the state ready, and
// then parking fails and the call is tried again.
type waiter struct {
	state   atomic.Uint32
	expired atomic.Bool
	wake    chan struct{} // of one goroutine; made when it parks for the first time
}

const (
	nobody uint32 = iota
	ready
	parked
	idle
)

// signal tells the waiter that the direction is ready, or has expired. It reports whether an idle connection is to be
// served: then the caller starts a goroutine for it.
func (w *waiter) signal() (start bool) {
	for {
		switch state := w.state.Load(); state {
		case ready:
			return false
		case nobody:
			if w.state.CompareAndSwap(nobody, ready) {
				return false
			}
		default:
			if w.state.CompareAndSwap(state, nobody) {
				if state == idle {
					return true
				}
				w.wake <- struct{}{}
				return false
			}
		}
	}
}

// expire is signal for a deadline: it wakes who waits, and nobody else. It reports whether there was somebody, and whether
// that is an idle connection, for which the caller starts a goroutine.
func (w *waiter) expire() (found, start bool) {
	for {
		state := w.state.Load()
		if state == nobody || state == ready {
			return false, false
		}
		w.expired.Store(true)
		if w.state.CompareAndSwap(state, nobody) {
			if state == idle {
				return true, true
			}
			w.wake <- struct{}{}
			return true, false
		}
		w.expired.Store(false)
	}
}

// leave sets the state to as, idle or parked. It fails if the direction has become ready since it was tried.
func (w *waiter) leave(as uint32) bool {
	if as == parked && w.wake == nil {
		w.wake = make(chan struct{}, 1)
	}
	if w.state.CompareAndSwap(nobody, as) {
		return true
	}
	w.state.Store(nobody)
	return false
}

// takeExpired reports whether the wait that has ended has expired.
func (w *waiter) takeExpired() bool { return w.expired.Load() && w.expired.Swap(false) }
