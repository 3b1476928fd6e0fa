//go:build linux

package restart_test

import (
	"errors"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// SIGTERM while a successor starts ends both, and requests that are under way finish.
func TestEndWhileStarting(t *testing.T) {
	g := begin(t, settings{Network: "unix", Address: "http"})
	g.write(faultFile, "slow")
	waiting := g.later("GET", "/wait/200")
	old := g.serving()
	g.signal(old, syscall.SIGUSR2)
	g.awaitStarting()
	g.signal(old, syscall.SIGTERM)
	if a := waiting(); a.pid != old {
		t.Errorf("got %+v, want an answer of %d", a, old)
	}
	g.wantEnded()
	g.await("the program is asked to end")
}

// The same at any moment: everything ends, and who has been accepted is answered, by whichever process it was.
func TestEndAtAnyTime(t *testing.T) {
	for i := range many(20, 200) {
		g := begin(t, settings{Network: "unix", Address: "http"})
		var clients sync.WaitGroup
		for range 4 {
			clients.Go(func() { g.askUntilRefused() })
		}
		first := g.serving()
		g.signal(first, syscall.SIGUSR2)
		time.Sleep(time.Duration(i) * time.Millisecond) // at another moment each time
		g.signal(first, syscall.SIGTERM)
		eventually(t, "the first one has ended", func() bool {
			return g.hasEnded(first)
		}, g.said)
		if strings.Contains(g.said(), "msg=restarted") { // before it was asked to end
			g.signal(g.serving(), syscall.SIGTERM)
		}
		clients.Wait()
		g.wantEnded()
	}
}

// askUntilRefused asks on new connections until there is no server any more. One that has given an answer must give the next.
func (g *line) askUntilRefused() {
	for c := g.client(); ; c.close() {
		a, err := c.ask("GET", "/wait/0", "first")
		if errors.Is(err, syscall.ENOENT) || errors.Is(err, syscall.ECONNREFUSED) {
			return
		}
		if err != nil || a.last {
			continue
		}
		if _, err := c.ask("GET", "/wait/1", "next"); err != nil {
			g.t.Errorf("a connection of %d: %v", a.pid, err)
		}
	}
}

// The first signal lets requests finish, the second one does not.
func TestSecondSignal(t *testing.T) {
	g := begin(t, settings{})
	old := g.serving()
	c := g.client()
	defer c.close()
	failed := make(chan error)
	go func() {
		_, err := c.ask("GET", "/until-go", "")
		failed <- err
	}()
	g.awaitRequest()
	g.restart(syscall.SIGUSR2)
	g.signal(old, syscall.SIGTERM)
	g.await("another signal ends the process at once")
	if !g.lives(old) {
		t.Error("the process has ended at the first signal")
	}
	g.signal(old, syscall.SIGINT)
	if err := <-failed; err == nil {
		t.Error("the request was answered")
	}
	g.await("ended with requests under way")
	g.awaitEnd(old)
}

// One that ends waits for a successor that starts, as that may have begun to serve, but not beyond a second signal.
func TestSecondSignalWhileStarting(t *testing.T) {
	g := begin(t, settings{})
	old := g.serving()
	stream := g.later("GET", "/until-draining")
	g.awaitRequest()
	g.write(faultFile, "deaf")
	g.signal(old, syscall.SIGUSR2)
	deaf := g.awaitStarting()
	g.signal(old, syscall.SIGTERM)
	stream()
	if !g.lives(old) || !g.lives(deaf) {
		t.Error("the first signal has ended one at once")
	}
	g.signal(old, syscall.SIGINT)
	g.awaitEnd(deaf)
	g.awaitEnd(old)
}
