package faults_test

import (
	"os/exec"
	"testing"

	"github.com/microroute/microroute"
)

// inherited returns the descriptors of a program that this process runs.
func inherited() (string, error) {
	list, err := exec.Command("/bin/sh", "-c", "cd /proc/$$/fd && echo *").Output()
	return string(list), err
}

// A program that a handler runs has none of the server's descriptors: neither its clients nor its listener would end with
// the server.
func TestNothingIsInherited(t *testing.T) {
	apart(t, func(t *testing.T, engine microroute.Engine) {
		server := startChild(t, settings{Engine: engine})
		want, err := inherited() // what both have had from the start
		if err != nil {
			t.Skip(err)
		}
		for range 20 {
			c := dial(t, server.address)
			c.send(get("/hello"))
			c.want(200, "hello")
		}
		c := dial(t, server.address)
		c.send(get("/inherited"))
		c.want(200, want)
	})
}
