package load

import (
	"math"
	"testing"
	"time"
)

func TestPercentile(t *testing.T) {
	var h Histogram
	if got := h.Percentile(50); got != 0 {
		t.Errorf("of nothing: got %v, want 0", got)
	}
	for i := range 1000 {
		h.Add(time.Duration(i) * time.Microsecond)
	}
	for _, test := range []struct {
		percent float64
		want    time.Duration
	}{
		{0, 0}, {50, 500 * time.Microsecond}, {99, 990 * time.Microsecond}, {99.9, 999 * time.Microsecond}, {100, 999 * time.Microsecond},
	} {
		got := h.Percentile(test.percent)
		if got > test.want || float64(got) < float64(test.want)*63/64 {
			t.Errorf("percentile %v of 0…999 µs: got %v, want %v or up to 1/64 less", test.percent, got, test.want)
		}
	}
	var other Histogram
	for range 9000 {
		other.Add(time.Second)
	}
	h.Merge(&other)
	if got := h.Percentile(50); got > time.Second || got < time.Second*63/64 {
		t.Errorf("percentile 50 after Merge: got %v, want 1 s", got)
	}
}

func TestBucket(t *testing.T) {
	for _, ns := range []uint64{0, 1, 127, 128, 129, 255, 256, 1000, 1e6, 1e9, math.MaxInt64} {
		i := bucket(ns)
		if low := lower(i); low > ns || float64(ns-low) > float64(ns)/64 {
			t.Errorf("%d ns: bucket %d begins at %d", ns, i, low)
		}
		if next := lower(i + 1); next <= ns {
			t.Errorf("%d ns: bucket %d ends at %d", ns, i, next)
		}
	}
}
