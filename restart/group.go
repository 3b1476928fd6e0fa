package restart

import (
	"errors"
	"os"
	"strings"
	"sync"
	"syscall"

	"github.com/microroute/microroute"
)

// group is servers that end together.
type group struct {
	servers  []*microroute.Server
	asks     []chan os.Signal // for each server, to end
	stopping chan struct{}    // closed when all have begun to end
	ended    chan struct{}    // closed when all have ended
	err      error            // of those that have failed, when all have ended
}

// runTogether runs the servers. When one fails, the others are asked to end.
func runTogether(servers []*microroute.Server) *group {
	g := &group{servers: servers, stopping: make(chan struct{}), ended: make(chan struct{})}
	for range servers {
		g.asks = append(g.asks, make(chan os.Signal, 2))
	}
	errs := make([]error, len(servers))
	var running sync.WaitGroup
	for i, s := range servers {
		running.Go(func() {
			if errs[i] = s.RunUntil(g.asks[i]); errs[i] != nil {
				g.end()
			}
		})
	}
	go func() {
		for _, s := range servers {
			<-s.Stopping()
		}
		close(g.stopping)
		running.Wait()
		g.err = errors.Join(errs...)
		close(g.ended)
	}()
	return g
}

// end asks the servers to end, in good order; the second time at once.
func (g *group) end() {
	for _, ask := range g.asks {
		select {
		case ask <- syscall.SIGTERM:
		default: // it has been asked twice
		}
	}
}

// handOver asks the servers to end, as another process serves already.
func (g *group) handOver() {
	for _, s := range g.servers {
		s.HandOver()
	}
	g.end()
}

// addresses returns what is served, for systemctl status.
func (g *group) addresses() string {
	var names []string
	for _, s := range g.servers {
		for _, address := range s.Addrs() {
			names = append(names, address.String())
		}
	}
	return strings.Join(names, ", ")
}
