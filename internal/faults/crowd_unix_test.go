//go:build unix

package faults_test

import (
	"testing"

	"github.com/microroute/microroute"
)

// A crowd that does nothing is served when it wakes up, costs next to nothing meanwhile, and leaves nothing behind when it
// goes.
func TestIdleCrowd(t *testing.T) {
	each(t, func(t *testing.T, engine microroute.Engine) {
		server := startChild(t, settings{Engine: engine})
		people := many(2000, 10_000)
		var crowd []*client
		for range people {
			c := dial(t, server.address)
			c.send(get("/hello"))
			c.want(200, "hello")
			crowd = append(crowd, c)
		}
		if engine == microroute.EngineAuto {
			server.wantOnly(people, people*2<<10) // no goroutines, no buffers
		}
		for _, c := range crowd {
			c.send(get("/hello"))
		}
		for _, c := range crowd {
			c.want(200, "hello")
			c.Close()
		}
		server.wantNothingLeft()
	})
}
