package faults_test

import (
	"sync"
	"testing"
	"time"

	"github.com/microroute/microroute"
)

// Whatever accept4(2) fails with, the server lives, and serves those who wait as soon as it can.
func TestAcceptFails(t *testing.T) {
	apart(t, func(t *testing.T, engine microroute.Engine) {
		server := startChild(t, settings{Engine: engine})
		for _, tt := range []struct {
			name, text string
			rests      bool // there is no use in trying again at once
		}{
			{"EMFILE", "too many open files", true},
			{"ENFILE", "too many open files in system", true},
			{"ENOBUFS", "no buffer space", true},
			{"ENOMEM", "cannot allocate memory", true},
			{"ECONNABORTED", "", false},
			{"EPROTO", "", false},
			{"EINTR", "", false},
		} {
			t.Run(tt.name, func(t *testing.T) { testAcceptFails(t, server, tt.name, tt.text, tt.rests) })
		}
		server.wantNothingLeft()
	})
}

func testAcceptFails(t *testing.T, server *child, fault, text string, rests bool) {
	calls := startTrace(t, server, "accept4", "error="+fault)
	var all sync.WaitGroup
	defer all.Wait()
	for range 10 {
		all.Go(func() {
			c, err := connect(server.address)
			if err == nil {
				defer c.Close()
				_, _, err = c.fetch(get("/hello"))
			}
			if err != nil {
				t.Errorf("a client that had to wait: %v", err)
			}
		})
	}
	calls.awaitFailed(3)
	if rests {
		wantRest(t, server, calls)
		if server.logged("accepting paused", text) == 0 {
			t.Errorf("nothing is logged of %q", text)
		}
	}
	calls.stop()
}

// wantRest checks that the server does not try the calls again and again.
func wantRest(t *testing.T, server *child, calls *trace) {
	t.Helper()
	const watched, often = 500 * time.Millisecond, 5 * time.Millisecond
	used, made := server.state(), calls.made()
	time.Sleep(watched)
	if n := calls.made() - made; n > int(watched/often) {
		t.Errorf("%d calls that cannot succeed in %v, want no more than one in %v", n, watched, often)
	}
	if spent := server.state().CPU - used.CPU; spent > watched/2 { // being traced takes time, too
		t.Errorf("while nothing could be accepted, the server used the processor for %v in %v", spent, watched)
	}
}

// A connection that cannot be watched is closed; the listener goes on being watched.
func TestWatchFails(t *testing.T) {
	apart(t, func(t *testing.T, engine microroute.Engine) {
		server := startChild(t, settings{Engine: engine})
		calls := startTrace(t, server, "epoll_ctl", "error=ENOSPC") // as beyond fs.epoll.max_user_watches
		for range 5 {
			dial(t, server.address).wantEnd()
		}
		calls.stop()
		wantServed(t, server.address)
		server.wantNothingLeft()
	})
}
