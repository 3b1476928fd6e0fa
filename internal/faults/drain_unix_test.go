//go:build unix

package faults_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/microroute/microroute"
)

// A server that is asked to end under load breaks no promise: a connection that has been served goes on being served until
// an answer says that it is the last.
func TestEndUnderLoad(t *testing.T) {
	each(t, func(t *testing.T, engine microroute.Engine) {
		for range many(3, 50) {
			server := startChild(t, settings{Engine: engine})
			var answers atomic.Int64
			var all sync.WaitGroup
			for range 32 {
				all.Go(func() {
					if err := keepAsking(server.address, &answers); err != nil {
						t.Error(err)
					}
				})
			}
			eventually(t, "there is load", func() bool { return answers.Load() > 500 }, func() string { return fmt.Sprint(answers.Load()) })
			server.terminate()
			all.Wait()
			if t.Failed() {
				return
			}
		}
	})
}

// keepAsking sends requests, some of which take a while. It returns when the server accepts no more
// connections, or an error if a connection that has been served ends without notice.
func keepAsking(address string, answers *atomic.Int64) error {
	for {
		c, err := connect(address)
		if err != nil {
			return nil
		}
		served, err := c.ask(answers)
		c.Close()
		if err != nil && served > 0 {
			return fmt.Errorf("after %d answers on a connection: %w", served, err)
		}
	}
}

// ask sends requests until an answer says that it is the last, and returns how many were answered.
func (c *client) ask(answers *atomic.Int64) (served int, err error) {
	for {
		request, want := get("/hello"), "hello"
		if rand.IntN(4) == 0 {
			request, want = get("/wait"), "waited"
		}
		r, content, err := c.fetch(request)
		if err != nil {
			return served, err
		}
		if r.StatusCode != 200 || content != want {
			return served, fmt.Errorf("answer %s %q, want %q", r.Status, content, want)
		}
		answers.Add(1)
		if served++; r.Close {
			return served, nil
		}
		time.Sleep(time.Duration(rand.IntN(2000)) * time.Microsecond)
	}
}
