//go:build linux

package restart_test

import (
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A successor that does not come to serve changes nothing, and the caller and the log are told why.
func TestFailedStart(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	address := taken.Addr().String()
	g := begin(t, settings{Network: "unix", Address: "http"})
	for _, tt := range []struct{ fault, want string }{
		{"exit", "exit status 3"},
		{"panic", "exit status 2"},
		{"route", "exit status 1: microroute: "},
		{"port " + address, "exit status 1: listen tcp " + address + ": bind: address already in use"},
	} {
		g.write(faultFile, tt.fault)
		g.wantFailure(tt.fault, tt.want)
	}
	g.write(faultFile, "")
	g.restart(syscall.SIGUSR2)
	g.stop()
}

// wantFailure checks that a restart with a fault fails, for a reason that contains want.
func (g *line) wantFailure(fault, want string) {
	g.t.Helper()
	pid, generations := g.serving(), len(g.generations())
	kept := g.client()
	defer kept.close()
	kept.mustAsk(g.t, "GET", "/wait/0")
	if got := g.ask("POST", "/restart").body; !strings.Contains(got, want) {
		g.t.Errorf("%s: Restart returned %q, want it to say %q", fault, got, want)
	}
	if !strings.Contains(g.said(), "msg=\"restart failed\" pid="+strconv.Itoa(pid)) {
		g.t.Errorf("%s: nothing is logged of the failure", fault)
	}
	if a := kept.mustAsk(g.t, "GET", "/wait/0"); a.pid != pid || a.last {
		g.t.Errorf("%s: an old connection got %+v, want that %d goes on", fault, a, pid)
	}
	if a := g.ask("GET", "/wait/0"); a.pid != pid {
		g.t.Errorf("%s: a new connection got %+v, want that %d goes on", fault, a, pid)
	}
	if got := g.serving(); got != pid {
		g.t.Errorf("%s: the PID file names %d, want %d", fault, got, pid)
	}
	for _, failed := range g.generations()[generations:] {
		g.awaitEnd(failed)
	}
}

// An executable that does not run is a failure like any other.
func TestFailedExecutable(t *testing.T) {
	g := newLine(t, settings{})
	program := filepath.Join(g.dir, "tea")
	link(t, testBinary(t), program)
	g.start(exec.Command(program))
	for _, tt := range []struct {
		fault string
		make  func(path string) error
		want  string
	}{
		{"missing", os.Remove, "no such file or directory"},
		{"not executable", func(name string) error { return os.WriteFile(name, []byte("tea"), 0o600) }, "permission denied"},
		{"no program", func(name string) error { return os.Chmod(name, 0o700) }, "exec format error"},
		{"another one", func(name string) error { return os.WriteFile(name, []byte("#!/bin/sh\nexit 7"), 0) }, "exit status 7"},
	} {
		if err := tt.make(program); err != nil {
			t.Fatal(err)
		}
		g.wantFailure(tt.fault, tt.want)
	}
	os.Remove(program)
	link(t, testBinary(t), program)
	g.restart(syscall.SIGHUP)
	g.stop()
}

// What takes too long is killed.
func TestTimeout(t *testing.T) {
	g := begin(t, settings{Timeout: 300 * time.Millisecond})
	g.write(faultFile, "hang")
	g.wantFailure("hang", "deadline exceeded")
	g.stop()
}

// A successor that is killed while it starts is a failure, too.
func TestKilledWhileStarting(t *testing.T) {
	g := begin(t, settings{})
	g.write(faultFile, "slow")
	restarted := g.later("POST", "/restart")
	g.signal(g.awaitStarting(), syscall.SIGKILL)
	if got := restarted().body; !strings.Contains(got, "signal: killed") {
		t.Errorf("Restart returned %q, want that the successor was killed", got)
	}
	g.write(goFile, "go")
	g.restart(syscall.SIGUSR2)
	g.stop()
}

// When a process is killed while its successor starts, that one serves all the same.
func TestPredecessorKilled(t *testing.T) {
	g := begin(t, settings{Network: "unix", Address: "http"})
	g.write(faultFile, "slow")
	old := g.serving()
	g.signal(old, syscall.SIGUSR2)
	heir := g.awaitStarting()
	g.signal(old, syscall.SIGKILL)
	g.awaitEnd(old)
	g.write(goFile, "go")
	if a := g.ask("GET", "/"); a.pid != heir { // nobody refuses the connection meanwhile
		t.Errorf("got %+v, want an answer of %d", a, heir)
	}
	g.await("the process before this one has ended by itself")
	g.signal(heir, syscall.SIGTERM)
	g.awaitEnd(heir)
	if g.has("http") || g.has("pid") {
		t.Error("the socket or the PID file is still there")
	}
}

// Only one successor is started at a time.
func TestUnderWay(t *testing.T) {
	g := begin(t, settings{})
	g.write(faultFile, "slow")
	first := g.later("POST", "/restart")
	g.awaitStarting()
	if got, want := g.ask("POST", "/restart").body, "restart: one is under way"; got != want {
		t.Errorf("Restart returned %q, want %q", got, want)
	}
	g.write(goFile, "go")
	if got := first().body; got != "" {
		t.Errorf("Restart returned %q, want nil", got)
	}
	g.awaitEnd(g.generations()[0])
	g.stop()
}

// awaitStarting waits until a slow successor starts, and returns it.
func (g *line) awaitStarting() (pid int) {
	g.t.Helper()
	eventually(g.t, "a successor starts", func() bool {
		text, _ := os.ReadFile(filepath.Join(g.dir, startingFile))
		pid, _ = strconv.Atoi(string(text))
		return pid != 0
	}, g.said)
	os.Remove(filepath.Join(g.dir, startingFile))
	g.starting = append(g.starting, pid)
	return pid
}

func testBinary(t *testing.T) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func link(t *testing.T, target, name string) {
	t.Helper()
	if err := os.Symlink(target, name); err != nil {
		t.Fatal(err)
	}
}

// copyFile makes a program of the same content.
func copyFile(t *testing.T, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o700)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}
