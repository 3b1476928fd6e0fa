//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package listener_test

import (
	"fmt"
	"net"
	"runtime"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/listener"
)

// Two servers share a port: connections go to both, and one that shuts down answers those that it had been given.
func TestReusePort(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("which listener gets a connection is for the system to choose; that of Linux spreads them evenly")
	}
	first := listenTCP(t, "127.0.0.1:0", listener.TCPConfig{ReusePort: true})
	address := first.Addr().String()
	servers := []*microroute.Server{
		serve(t, first, "first"),
		serve(t, listenTCP(t, address, listener.TCPConfig{ReusePort: true}), "second"),
	}
	answers := map[string]int{}
	for range 200 { // all of them to one: by a chance of 1 to 2^199
		answers[get(t, dial(t, first.Addr()))]++
	}
	if answers["first"] == 0 || answers["second"] == 0 {
		t.Errorf("got answers %v, want some of both", answers)
	}

	var waiting []net.Conn
	for range 20 {
		conn := dial(t, first.Addr())
		fmt.Fprint(conn, request)
		waiting = append(waiting, conn)
	}
	if err := servers[0].Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	for _, conn := range waiting {
		if got := answer(t, conn); got != "first" && got != "second" {
			t.Errorf("got the answer %q to a request that was sent before the shutdown", got)
		}
	}
	for range 20 {
		if got := get(t, dial(t, first.Addr())); got != "second" {
			t.Errorf("after the shutdown of the first server got the answer %q, want that of the second", got)
		}
	}
}
