//go:build unix

package faults_test

import (
	"fmt"
	"testing"

	"github.com/microroute/microroute"
)

// A crowd that does nothing is served when it wakes up, and leaves nothing behind when it goes.
func TestIdleCrowd(t *testing.T) {
	each(t, func(t *testing.T, engine microroute.Engine) {
		server := startChild(t, settings{Engine: engine})
		control := dial(t, server.address)
		before := server.stateOver(control)
		var crowd []*client
		for range many(500, 10_000) {
			c := dial(t, server.address)
			c.send(get("/hello"))
			c.want(200, "hello")
			crowd = append(crowd, c)
		}
		for _, c := range crowd {
			c.send(get("/hello"))
		}
		for _, c := range crowd {
			c.want(200, "hello")
			c.Close()
		}
		var now state
		eventually(t, "the crowd has gone", func() bool {
			now = server.stateOver(control)
			const idleWorkers = 256 // which the engine keeps
			return now.Descriptors <= before.Descriptors && now.Goroutines <= before.Goroutines+idleWorkers
		}, func() string { return fmt.Sprintf("%+v, before %+v", now, before) })
	})
}
