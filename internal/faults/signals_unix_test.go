//go:build unix

package faults_test

import (
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/microroute/microroute"
)

// pause has the server stand still; the operating system goes on to take connections for it.
func (p *child) pause() { p.signal(syscall.SIGSTOP) }

func (p *child) resume() { p.signal(syscall.SIGCONT) }

// A server that is paused again and again notices nothing but the time: system calls that were waiting are interrupted
// when it goes on, although it has no handler for the signal (signal(7)).
func TestPauses(t *testing.T) {
	apart(t, func(t *testing.T, engine microroute.Engine) {
		server := startChild(t, settings{Engine: engine})
		load := newLoad(server.address, true)
		var clients sync.WaitGroup
		for i := range 2 * len(habits) {
			clients.Go(func() {
				h := habits[i%len(habits)]
				h.rounds++ // the server does not end it here
				for range many(30, 1000) {
					c, err := connect(server.address)
					if err == nil {
						err = load.visit(c, h)
					}
					if err != nil {
						t.Errorf("%+v: %v", h, err)
						return
					}
				}
			})
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			clients.Wait()
		}()
		pauses := 0
		for over := false; !over; pauses++ {
			server.pause()
			time.Sleep(2 * time.Millisecond)
			server.resume()
			select {
			case <-done:
				over = true
			case <-time.After(2 * time.Millisecond):
			}
		}
		if pauses < 10 {
			t.Errorf("only %d pauses", pauses)
		}
		server.wantNothingLeft()
	})
}
