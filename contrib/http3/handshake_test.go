package http3

import (
	"context"
	"runtime"
	"testing"
)

// A handshake is under way until it is complete or has failed.
func TestHandshakesUnderWay(t *testing.T) {
	var hs handshakes
	check := func(when string, want bool) {
		t.Helper()
		if got := hs.mustProve(nil); got != want {
			t.Errorf("%s: %d are under way, must prove = %t, want %t", when, hs.underWay.Load(), got, want)
		}
	}
	begin := func() (context.Context, context.CancelFunc) {
		ctx, cancel := context.WithCancel(t.Context())
		ctx, err := hs.begin(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		return ctx, cancel
	}
	for range maxUnproven - 1 {
		_, fail := begin()
		defer fail()
	}
	check("one less than too many", false)
	complete, end := begin()
	check("too many", true)
	hs.end(complete)
	check("one is complete", false)
	end() // the connection, long after its handshake
	_, fail := begin()
	check("another one", true)
	fail()
	for hs.mustProve(nil) {
		runtime.Gosched()
	}
	check("that has failed", false)
}
