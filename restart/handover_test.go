//go:build linux

package restart_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Each generation is started as the first one was, with the executable that has its name by now.
func TestStartedAsBefore(t *testing.T) {
	g := newLine(t, settings{})
	for _, version := range []string{"v1", "v2", "v3"} {
		copyFile(t, testBinary(t), filepath.Join(g.dir, version))
	}
	current := filepath.Join(g.dir, "current")
	link(t, "v1", current)
	cmd := exec.Command("./current", "-leaf", "assam tea", "")
	cmd.Path = current // as a shell would, relative to the directory in which it starts
	g.start(cmd, "TEA=with milk", "WATCHDOG_PID=1")
	g.wantAbout(g.serving(), "v1")

	link(t, "v2", current+".new")
	if err := os.Rename(current+".new", current); err != nil {
		t.Fatal(err)
	}
	g.wantAbout(g.restart(syscall.SIGUSR2), "v2")

	if err := os.Rename(filepath.Join(g.dir, "v3"), filepath.Join(g.dir, "v2")); err != nil {
		t.Fatal(err)
	}
	pid := g.restart(syscall.SIGHUP)
	g.wantAbout(pid, "v2")
	now, err := os.Stat(filepath.Join(g.dir, "v2"))
	if err != nil {
		t.Fatal(err)
	}
	if runs, err := os.Stat(fmt.Sprintf("/proc/%d/exe", pid)); err != nil || !os.SameFile(runs, now) {
		t.Errorf("the process does not run the new file: %v", err)
	}
	g.stop()
}

// wantAbout checks what a process says of itself.
func (g *line) wantAbout(pid int, executable string) {
	g.t.Helper()
	c := g.clientOf(pid)
	defer c.close()
	a := c.mustAsk(g.t, "GET", "/")
	var got []string
	if err := json.Unmarshal([]byte(a.body), &got); err != nil {
		g.t.Fatal(err)
	}
	want := []string{filepath.Join(g.dir, executable), g.dir, "with milk", "./current", "-leaf", "assam tea", ""}
	if !slices.Equal(got, want) {
		g.t.Errorf("%d says %q, want %q", pid, got, want)
	}
}

// A signal that comes while a successor starts is not lost, at the last moment or before: the successor is restarted in turn.
func TestSignalWhileStarting(t *testing.T) {
	testSignalsWhileStarting(t, func(g *line, pid int) {
		g.signal(pid, syscall.SIGHUP)
	})
}

// Any number of them counts as one.
func TestSignalsWhileStarting(t *testing.T) {
	testSignalsWhileStarting(t, func(g *line, pid int) {
		for range 3 {
			g.signal(pid, syscall.SIGHUP)
			g.awaitTaken(pid)
		}
	})
}

func testSignalsWhileStarting(t *testing.T, signal func(g *line, pid int)) {
	g := begin(t, settings{})
	g.write(faultFile, "slow")
	first := g.serving()
	g.signal(first, syscall.SIGUSR2)
	second := g.awaitStarting()
	signal(g, first)
	g.write(goFile, "go")
	g.awaitNext(first)
	third := g.awaitNext(second)
	g.awaitEnd(first)
	g.awaitEnd(second)
	if a := g.ask("GET", "/"); a.pid != third || len(g.generations()) != 3 {
		t.Errorf("%d answers, of %v, want the third", a.pid, g.generations())
	}
	g.stop()
}

// awaitTaken waits until no signal is pending for a process (proc_pid_status(5)).
func (g *line) awaitTaken(pid int) {
	g.t.Helper()
	var status []byte
	eventually(g.t, "the signal is taken", func() bool {
		status, _ = os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		return bytes.Contains(status, []byte("ShdPnd:\t0000000000000000\n"))
	}, func() string { return string(status) })
}

// One that ends passes a signal on.
func TestSignalToPredecessor(t *testing.T) {
	g := begin(t, settings{})
	wait := g.later("GET", "/until-go")
	first := g.serving()
	g.awaitRequest()
	second := g.restart(syscall.SIGUSR2)
	g.signal(first, syscall.SIGUSR2)
	g.awaitNext(second)
	g.write(goFile, "go")
	if a := wait(); a.pid != first {
		t.Errorf("%d has answered, want %d", a.pid, first)
	}
	g.stop()
}

// Processes can be restarted while those before them still finish what is under way.
func TestRestartWhileDraining(t *testing.T) {
	for _, portable := range []bool{false, true} {
		g := begin(t, settings{Portable: portable})
		var pids []int
		var waiting []func() answer
		for range 4 {
			pids = append(pids, g.serving())
			waiting = append(waiting, g.later("GET", "/until-go"))
			g.awaitRequest()
			g.restart(syscall.SIGUSR2)
		}
		for _, pid := range pids {
			if !g.lives(pid) {
				t.Errorf("%d has ended while its request is under way", pid)
			}
		}
		g.write(goFile, "go")
		for i, wait := range waiting {
			if a := wait(); a.pid != pids[i] {
				t.Errorf("got %+v, want an answer of %d", a, pids[i])
			}
			g.awaitEnd(pids[i])
		}
		g.stop()
	}
}

// Streams end when they are told to, and jobs are waited for.
func TestStreamsAndJobs(t *testing.T) {
	g := begin(t, settings{LameDuck: time.Hour}) // which is not for restarts
	old := g.serving()
	g.ask("GET", "/job")
	stream := g.later("GET", "/until-draining")
	g.awaitRequest()
	g.restart(syscall.SIGUSR2)
	if a := stream(); a.pid != old || a.body != "begun\nover\n" {
		t.Errorf("got %+v, want the whole stream of %d", a, old)
	}
	if !g.lives(old) {
		t.Error("the process has ended before its job")
	}
	g.write(goFile, "go")
	g.awaitEnd(old)
	if !g.has("done") {
		t.Error("the job was not done")
	}

	last := g.serving()
	c := g.clientOf(last)
	defer c.close()
	g.signal(last, syscall.SIGTERM)
	eventually(t, "the process limps", func() bool {
		a, err := c.ask("GET", "/ready", "")
		return err == nil && a.status == 503
	}, g.said)
	g.signal(last, syscall.SIGINT)
	g.awaitEnd(last)
}

// Load balancers notice nothing: who still asks the old process whether it is ready hears that it is.
func TestReadyToTheEnd(t *testing.T) {
	g := begin(t, settings{})
	old := g.serving()
	c := g.clientOf(old)
	defer c.close()
	for {
		a := c.mustAsk(t, "GET", "/ready")
		if a.last {
			break
		}
		if a.pid != old {
			t.Fatalf("%d has answered, want %d on its connection", a.pid, old)
		}
		if g.serving() == old {
			g.restart(syscall.SIGUSR2)
		}
	}
	g.stop()
}

// A unix socket has one file, from the first process to the last.
func TestUnixSocket(t *testing.T) {
	g := begin(t, settings{Network: "unix", Address: "http", Mode: 0o660})
	path := filepath.Join(g.dir, "http")
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		old := g.serving()
		next := g.restart(syscall.SIGHUP)
		g.awaitEnd(old)
		after, err := os.Stat(path)
		if err != nil || !os.SameFile(before, after) || after.Mode().Perm() != 0o660 {
			t.Fatalf("after a restart: got %v, %v, want the same file", after, err)
		}
		if a := g.ask("GET", "/"); a.pid != next {
			t.Errorf("%d has answered, want %d", a.pid, next)
		}
	}
	g.stop()
}

// Several Apps are restarted together. When a version has one less, nobody waits at its address.
func TestSeveralApps(t *testing.T) {
	g := begin(t, settings{Office: true})
	old := g.serving()
	g.restart(syscall.SIGUSR2)
	g.awaitEnd(old)
	if a := g.ask("GET", "/"); a.pid != g.serving() {
		t.Errorf("%d has answered, want %d", a.pid, g.serving())
	}
	if got := strings.Count(g.said(), "msg=serving "); got != 4 {
		t.Errorf("two processes serve %d addresses, want 4", got)
	}

	g.write(faultFile, "alone")
	old = g.serving()
	g.restart(syscall.SIGUSR2)
	g.awaitEnd(old)
	g.await(`msg="inherited listener is not used any more"`)
	_, rest, _ := strings.Cut(g.said(), `name="tcp4 127.0.0.1:0" address=`)
	address, _, _ := strings.Cut(rest, "\n")
	if _, err := net.Dial("tcp", address); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("dialing %q, which is not used any more: got %v, want a refusal", address, err)
	}
	g.stop()
}

// awaitRequest waits until a request is under way that says so.
func (g *line) awaitRequest() {
	g.t.Helper()
	eventually(g.t, "a request is under way", func() bool { return g.has(requestFile) }, g.said)
	os.Remove(filepath.Join(g.dir, requestFile))
}
