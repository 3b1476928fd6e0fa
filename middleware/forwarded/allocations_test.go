//go:build !race

package forwarded_test

import "testing"

// TestAllocations: what the hook takes from the request's fields is cut from the one copy of its head that a handler which
// takes a string needs as well.
func TestAllocations(t *testing.T) {
	for _, way := range ways {
		exchange := connect(t, way.config, way.fields)
		want := 1.0
		if way.name == "without" || way.name == "not a proxy" {
			want = 0
		}
		if got := testing.AllocsPerRun(100, exchange); got > want {
			t.Errorf("%s: got %v allocations per request, want %v", way.name, got, want)
		}
	}
}
