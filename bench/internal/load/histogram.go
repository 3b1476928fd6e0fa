package load

import (
	"math/bits"
	"time"
)

// Histogram counts durations in buckets that are never wider than 1/64 of what they hold: below 128 ns one for each
// nanosecond, then 64 for each power of two.
type Histogram struct {
	buckets [64*57 + 128]uint64
	total   uint64
}

// Add counts d.
func (h *Histogram) Add(d time.Duration) {
	h.buckets[bucket(uint64(max(d, 0)))]++
	h.total++
}

// Merge adds what other has counted.
func (h *Histogram) Merge(other *Histogram) {
	for i, n := range other.buckets {
		h.buckets[i] += n
	}
	h.total += other.total
}

// Percentile returns the duration that p percent of all do not exceed, 0 if nothing has been counted. It is the lower
// end of a bucket.
func (h *Histogram) Percentile(p float64) time.Duration {
	rank := uint64(p / 100 * float64(h.total))
	var seen uint64
	for i, n := range h.buckets {
		if seen += n; n > 0 && seen >= min(rank+1, h.total) {
			return time.Duration(lower(i))
		}
	}
	return 0
}

func bucket(ns uint64) int {
	if ns < 128 {
		return int(ns)
	}
	shift := bits.Len64(ns) - 7
	return shift<<6 + int(ns>>shift)
}

// lower returns the smallest number in bucket i.
func lower(i int) uint64 {
	if i < 128 {
		return uint64(i)
	}
	shift := i>>6 - 1
	return uint64(i-shift<<6) << shift
}
