//go:build linux

package restart_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// The sockets are non-blocking all the time: they have one set of flags for all processes, and each accepts until nobody
// waits, so a blocking one would make it wait for ever.
func TestListenersStayNonBlocking(t *testing.T) {
	g := begin(t, settings{Office: true})
	for range 5 {
		pid := g.serving()
		looking, looked := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(looked)
			for {
				select {
				case <-looking:
					return
				default:
					g.wantNonBlocking(pid)
				}
			}
		}()
		g.restart(syscall.SIGUSR2)
		close(looking)
		<-looked
	}
	g.stop()
}

// wantNonBlocking checks the flags of all sockets of a process.
func (g *line) wantNonBlocking(pid int) {
	g.t.Helper()
	descriptors, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	for _, name := range descriptors {
		if target, err := os.Readlink(name); err != nil || !strings.HasPrefix(target, "socket:") {
			continue
		}
		text, err := os.ReadFile(strings.Replace(name, "/fd/", "/fdinfo/", 1))
		if err != nil {
			continue // closed meanwhile
		}
		_, rest, _ := strings.Cut(string(text), "flags:\t")
		octal, _, _ := strings.Cut(rest, "\n")
		flags, err := strconv.ParseInt(octal, 8, 64)
		if err != nil || flags&syscall.O_NONBLOCK == 0 {
			g.t.Errorf("a socket of %d has the flags %q, want %#o in it", pid, octal, syscall.O_NONBLOCK)
		}
	}
}
