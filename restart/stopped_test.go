//go:build linux

package restart_test

import (
	"syscall"
	"testing"
	"time"
)

// What a client has sent in time is answered, also by a process that gets no processor until the time is over.
func TestStopped(t *testing.T) {
	for name, with := range map[string]settings{
		"event": {}, "portable": {Portable: true}, "TLS": {TLS: true},
	} {
		t.Run(name, func(t *testing.T) {
			g := begin(t, with)
			old := g.serving()
			c := g.client()
			defer c.close()
			c.mustAsk(t, "GET", "/wait/0")
			stream := g.later("GET", "/until-draining")
			g.awaitRequest()
			g.restart(syscall.SIGUSR2)
			stream()
			time.Sleep(grace / 10) // the connections are told next
			g.signal(old, syscall.SIGSTOP)
			go func() {
				time.Sleep(2 * grace)
				syscall.Kill(old, syscall.SIGCONT)
			}()
			a, err := c.ask("GET", "/wait/0", "in time")
			if err != nil || a.pid != old {
				t.Errorf("got %+v and %v, want an answer of %d", a, err, old)
			}
			g.stop()
		})
	}
}
