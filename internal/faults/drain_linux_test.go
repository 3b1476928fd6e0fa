package faults_test

import (
	"regexp"
	"strconv"
	"testing"

	"github.com/microroute/microroute"
)

// accepted matches a connection that was accepted, with the client's port.
var accepted = regexp.MustCompile(`sin6?_port=htons\((\d+)\).*= \d+\n`)

// Watched from outside, no connection that accept4(2) has returned is reset before its first answer.
func TestEndUnderLoadWatched(t *testing.T) {
	each(t, func(t *testing.T, engine microroute.Engine) {
		for range many(1, 20) {
			server := startChild(t, settings{Engine: engine})
			load := newLoad(server.address, false)
			calls := startTrace(t, server, "accept4", "")
			endUnderLoad(t, server, load)
			calls.awaitEnd()
			seen := map[int]int{}
			for _, match := range accepted.FindAllStringSubmatch(calls.calls(), -1) {
				port, _ := strconv.Atoi(match[1])
				seen[port]++
			}
			if len(seen) == 0 {
				t.Fatalf("no connection was accepted: %.300q", calls.calls())
			}
			for port, lost := range load.lost {
				if made := load.made[port]; seen[port]+lost > made {
					t.Errorf("of %d connections from port %d, %d were accepted and %d reset before their first answer", made, port, seen[port], lost)
				}
			}
		}
	})
}
