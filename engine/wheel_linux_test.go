package engine

import (
	"math/rand/v2"
	"testing"
)

// An entry comes out at its tick or before, never later, and only once; whoever is early is asked for the deadline. The wheel
// is played against a list, with ticks of all distances and jumps of the clock.
func TestWheel(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var w wheel
	entries := make([]timed, 50)
	due := map[*timed]int64{} // the model: who must come out, and when at the latest
	now := int64(0)
	for step := range 20_000 {
		one := &entries[random.IntN(len(entries))]
		switch random.IntN(4) {
		case 0, 1:
			tick := now + random.Int64N(2*wheelSlots)
			before := w.first()
			first := w.put(one, tick)
			if old, in := due[one]; !in || tick < old {
				due[one] = max(tick, now+1)
			}
			if after := w.first(); first != (after < before) {
				t.Fatalf("step %d: put says %t that it is the first; that was at %d and is now at %d", step, first, before, after)
			}
		case 2:
			w.remove(one)
			delete(due, one)
		default:
			now += random.Int64N(wheelSlots / 8)
			if random.IntN(50) == 0 {
				now += 3 * wheelSlots // as when the machine has slept
			}
			for _, out := range w.take(now, nil) {
				tick, in := due[out]
				if !in {
					t.Fatalf("step %d: an entry came out that was not in", step)
				}
				delete(due, out)
				if tick > now { // too early: back it goes
					w.put(out, tick)
					due[out] = tick
				}
			}
			for _, tick := range due {
				if tick <= now {
					t.Fatalf("step %d: at %d the entry of %d has not come out", step, now, tick)
				}
			}
		}
		if first := w.first(); len(due) == 0 != (first == noTick) || first <= now {
			t.Fatalf("step %d: at %d, with %d entries, the first tick is %d", step, now, len(due), first)
		}
	}
}
