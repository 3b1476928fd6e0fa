//go:build unix

package faults_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/microroute/microroute"
)

// A server that is asked to end under load fails nobody who has connected before, accepted or not: each request is answered
// in full, until an answer says that it is the last of its connection.
func TestEndUnderLoad(t *testing.T) {
	each(t, func(t *testing.T, engine microroute.Engine) {
		for range many(3, 50) {
			server := startChild(t, settings{Engine: engine})
			endUnderLoad(t, server, newLoad(server.address, true))
		}
	})
}

func endUnderLoad(t *testing.T, server *child, load *load) {
	t.Helper()
	var clients sync.WaitGroup
	defer clients.Wait()
	for i := range 8 * len(habits) {
		clients.Go(func() {
			if err := load.keepVisiting(habits[i%len(habits)]); err != nil {
				t.Error(err)
			}
		})
	}
	enough := int64(many(500, 5000))
	eventually(t, "there is load", func() bool { return load.answers.Load() > enough || t.Failed() }, func() string { return fmt.Sprint(load.answers.Load()) })
	load.ending.Store(true)
	server.terminate()
	clients.Wait()
	t.Logf("%d answers, %d requests behind the last of their connection, %d too late, %d connections reset before they were accepted",
		load.answers.Load(), load.behind.Load(), load.late.Load(), len(load.lost))
	if t.Failed() {
		t.FailNow()
	}
}

// Those who wait to be accepted when the server is asked to end are served, although they are more than it accepts at once.
func TestEndServesWhoWaits(t *testing.T) {
	each(t, func(t *testing.T, engine microroute.Engine) {
		for range many(2, 50) {
			server := startChild(t, settings{Engine: engine})
			server.pause() // so that nobody is accepted
			waiting := map[*client]*visit{}
			for i := range many(300, 2000) {
				c, v := dial(t, server.address), habit{batch: 1}.plan(fmt.Sprint("nonce-", i))
				c.send(v.requests.String())
				waiting[c] = v
			}
			server.terminate()
			server.resume()
			for c, v := range waiting {
				if _, err := newLoad(server.address, true).read(c, v); err != nil {
					t.Fatal(err)
				}
				c.Close()
			}
		}
	})
}
