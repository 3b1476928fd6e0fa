package engine

import (
	"math/bits"
	"sync"
)

// A wheel keeps deadlines to the next tick of a coarse clock. It is a ring of slots, one for each tick to come; an entry
// lies in the slot of its tick, or in the last one if that is further away, and is put back when its time there is up.
//
// Deadlines are mostly moved, seldom reached: a connection gets a later one with every request. So a later deadline does
// not move the entry. Whoever takes an entry out asks its owner for the deadline, and puts it back if that is to come:
//
//	slots  now+1 | now+2 | … | now+256
//	         A               B
//
// The wheel knows no time: its user tells it. It may be shared between goroutines.
type wheel struct {
	mu       sync.Mutex
	now      int64 // the last tick that has been taken out
	slots    [wheelSlots]*timed
	occupied [wheelSlots / 64]uint64 // a bit for each slot that is not empty
}

const (
	wheelSlots = 256
	tickShift  = 26 // a tick is 2^26 ns, 67 ms
)

// timed is an entry of a wheel; a connection has one.
type timed struct {
	owner      *eventConn
	next, prev *timed
	tick       int64 // whose slot it is in; 0 if it is in none
}

// tickOf returns the first tick that is not before the time of due nanoseconds.
func tickOf(due int64) int64 { return due>>tickShift + 1 }

// put makes sure that t comes out at tick or before. It reports whether t is now the first to come out.
func (w *wheel) put(t *timed, tick int64) (first bool) {
	w.mu.Lock()
	tick = min(max(tick, w.now+1), w.now+wheelSlots)
	if t.tick == 0 || t.tick > tick {
		w.unlink(t)
		first = tick < w.firstLocked()
		w.link(t, tick)
	}
	w.mu.Unlock()
	return first
}

// remove takes t out.
func (w *wheel) remove(t *timed) {
	w.mu.Lock()
	w.unlink(t)
	w.mu.Unlock()
}

// noTick is later than every tick.
const noTick = 1<<63 - 1

// first returns the tick at which the first entry comes out, noTick if there is none.
func (w *wheel) first() int64 {
	w.mu.Lock()
	first := w.firstLocked()
	w.mu.Unlock()
	return first
}

func (w *wheel) firstLocked() int64 {
	start := int(w.now+1) % wheelSlots
	for passed := 0; passed < wheelSlots; {
		slot := (start + passed) % wheelSlots
		if word := w.occupied[slot/64] >> (slot % 64); word != 0 {
			return w.now + 1 + int64(passed+bits.TrailingZeros64(word))
		}
		passed += 64 - slot%64
	}
	return noTick
}

// take advances the wheel to tick and takes out the entries of all slots on the way, appended to list.
func (w *wheel) take(tick int64, list []*timed) []*timed {
	w.mu.Lock()
	for {
		first := w.firstLocked()
		if first > tick {
			break
		}
		t := w.slots[first%wheelSlots]
		w.unlink(t)
		list = append(list, t)
	}
	w.now = max(w.now, tick)
	w.mu.Unlock()
	return list
}

func (w *wheel) link(t *timed, tick int64) {
	slot := tick % wheelSlots
	t.tick, t.prev, t.next = tick, nil, w.slots[slot]
	if t.next != nil {
		t.next.prev = t
	}
	w.slots[slot] = t
	w.occupied[slot/64] |= 1 << (slot % 64)
}

// unlink takes t out of its slot, if it is in one.
func (w *wheel) unlink(t *timed) {
	if t.tick == 0 {
		return
	}
	slot := t.tick % wheelSlots
	if t.next != nil {
		t.next.prev = t.prev
	}
	if t.prev != nil {
		t.prev.next = t.next
	} else if w.slots[slot] = t.next; t.next == nil {
		w.occupied[slot/64] &^= 1 << (slot % 64)
	}
	t.tick, t.next, t.prev = 0, nil, nil
}
