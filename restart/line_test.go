//go:build linux

package restart_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// line is the generations of a program, in a directory of their own.
type line struct {
	t      *testing.T
	with   settings
	dir    string
	output *os.File  // what all of them print and log
	cmd    *exec.Cmd // the first

	starting []int // those that were seen starting, and perhaps did not get far enough to say something
}

// begin starts a program. What is left of it when the test ends is killed.
func begin(t *testing.T, with settings, variables ...string) *line {
	t.Helper()
	g := newLine(t, with)
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	g.start(exec.Command(executable), variables...)
	return g
}

// newLine returns a line without a process.
func newLine(t *testing.T, with settings) *line {
	t.Helper()
	g := &line{t: t, with: with, dir: t.TempDir()}
	if g.with.Network == "" {
		g.with.Network, g.with.Address = "tcp", "127.0.0.1:0"
	}
	g.with.PIDFile = "pid"
	var err error
	if g.output, err = os.Create(filepath.Join(g.dir, "output")); err != nil {
		t.Fatal(err)
	}
	return g
}

// start starts the first process, without a terminal unless cmd says so, and waits until it serves.
func (g *line) start(cmd *exec.Cmd, variables ...string) {
	g.t.Helper()
	text, err := json.Marshal(g.with)
	if err != nil {
		g.t.Fatal(err)
	}
	cmd.Dir, cmd.Stdout, cmd.Stderr = g.dir, g.output, g.output
	cmd.Env = append(os.Environ(), "GORACE=halt_on_error=1 atexit_sleep_ms=0", programVariable+"="+string(text))
	cmd.Env = append(cmd.Env, variables...)
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	}
	if err := cmd.Start(); err != nil {
		g.t.Fatal(err)
	}
	g.cmd = cmd
	g.t.Cleanup(g.killAll)
	g.await("msg=serving pid=")
	eventually(g.t, "the PID file is written", func() bool { return g.serving() != 0 }, g.said)
}

// killAll kills what there is of the program, and shows what it has said if the test has failed.
func (g *line) killAll() {
	for _, pid := range g.generations() {
		if g.lives(pid) {
			syscall.Kill(pid, syscall.SIGKILL)
		}
		g.awaitEnd(pid)
	}
	if g.t.Failed() {
		g.t.Logf("the program has printed:\n%s", g.said())
	}
	g.output.Close()
}

// said returns what the generations have printed and logged.
func (g *line) said() string {
	text, err := os.ReadFile(g.output.Name())
	if err != nil {
		g.t.Error(err)
	}
	return string(text)
}

var saysPID = regexp.MustCompile(`\b(?:pid|successor)=(\d+)|\bsuccessor (\d+) `)

// generations returns the processes that there have been.
func (g *line) generations() []int {
	pids := append([]int{g.cmd.Process.Pid}, g.starting...)
	for _, match := range saysPID.FindAllStringSubmatch(g.said(), -1) {
		if pid, err := strconv.Atoi(match[1] + match[2]); err == nil && !slices.Contains(pids, pid) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// await waits until the program has said something.
func (g *line) await(text string) {
	g.t.Helper()
	eventually(g.t, "the program says "+text, func() bool { return strings.Contains(g.said(), text) }, g.said)
}

var saysAddress = regexp.MustCompile(`msg=serving pid=\d+ address=(\S+)`)

// address returns what the first one serves.
func (g *line) address() string {
	g.t.Helper()
	match := saysAddress.FindStringSubmatch(g.said())
	if match == nil {
		g.t.Fatal("no address is served")
	}
	return match[1]
}

// serving returns the process that is named by the PID file.
func (g *line) serving() int {
	text, _ := os.ReadFile(filepath.Join(g.dir, g.with.PIDFile))
	pid, _ := strconv.Atoi(strings.TrimSuffix(string(text), "\n"))
	return pid
}

// awaitNext waits until another process than pid serves, and returns it.
func (g *line) awaitNext(pid int) int {
	g.t.Helper()
	g.await(fmt.Sprintf("msg=restarted pid=%d ", pid))
	next := g.serving()
	if next == pid || next == 0 {
		g.t.Fatalf("the PID file names %d after the restart of %d", next, pid)
	}
	return next
}

// restart restarts the process that serves, and returns its successor.
func (g *line) restart(signal syscall.Signal) int {
	g.t.Helper()
	pid := g.serving()
	g.signal(pid, signal)
	return g.awaitNext(pid)
}

func (g *line) signal(pid int, signal syscall.Signal) {
	g.t.Helper()
	if err := syscall.Kill(pid, signal); err != nil {
		g.t.Fatalf("signal %v to %d: %v", signal, pid, err)
	}
}

// awaitEnd waits until a process has ended.
func (g *line) awaitEnd(pid int) {
	g.t.Helper()
	eventually(g.t, fmt.Sprint(pid, " has ended"), func() bool { return g.hasEnded(pid) }, g.said)
}

// hasEnded reports whether there is nothing left of a process. What is left for its parent to take notice of, it takes if
// this is the parent.
func (g *line) hasEnded(pid int) bool {
	if reaped, _ := syscall.Wait4(pid, nil, syscall.WNOHANG, nil); reaped == pid {
		return true
	}
	dir, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", pid))
	return err == nil && dir != g.dir || syscall.Kill(pid, 0) == syscall.ESRCH
}

// lives reports whether a process of the program is at work.
func (g *line) lives(pid int) bool {
	dir, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", pid))
	return err == nil && dir == g.dir
}

// write makes a file in the program's directory; an empty text removes it.
func (g *line) write(name, text string) {
	g.t.Helper()
	path := filepath.Join(g.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		g.t.Fatal(err)
	}
	if text == "" {
		os.Remove(path)
	}
}

func (g *line) has(name string) bool {
	_, err := os.Lstat(filepath.Join(g.dir, name))
	return err == nil
}

// stop asks the process that serves to end, and checks that all have done so in good order.
func (g *line) stop() {
	g.t.Helper()
	g.signal(g.serving(), syscall.SIGTERM)
	g.wantEnded()
}

// wantEnded checks that all generations end, and those that have served in good order, with nothing left behind.
func (g *line) wantEnded() {
	g.t.Helper()
	for _, pid := range g.generations() {
		g.awaitEnd(pid)
		served := strings.Contains(g.said(), fmt.Sprintf("msg=serving pid=%d ", pid))
		if served && !strings.Contains(g.said(), fmt.Sprintf("%d: Run returned <nil>\n", pid)) {
			g.t.Errorf("%d did not end in good order", pid)
		}
	}
	for _, name := range []string{g.with.PIDFile, g.with.Address} {
		if g.has(name) {
			g.t.Errorf("%s is still there", name)
		}
	}
	if said := g.said(); strings.Contains(said, "requests under way") || strings.Contains(said, "DATA RACE") {
		g.t.Errorf("the program has said:\n%s", said)
	}
}

// descriptors returns what the open descriptors of a process are.
func (g *line) descriptors(pid int) []string {
	g.t.Helper()
	dir := fmt.Sprintf("/proc/%d/fd", pid)
	entries, err := os.ReadDir(dir)
	if err != nil {
		g.t.Fatal(err)
	}
	var kinds []string
	for _, entry := range entries {
		target, err := os.Readlink(filepath.Join(dir, entry.Name()))
		if err != nil {
			continue // closed meanwhile
		}
		kind, _, _ := strings.Cut(target, "[") // without the number
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	return kinds
}

// idleDescriptors returns those of the process that serves, once it has served, when the listener is its only socket.
func (g *line) idleDescriptors() (idle []string) {
	g.t.Helper()
	g.ask("GET", "/")
	eventually(g.t, "the connection is closed", func() bool {
		idle = g.descriptors(g.serving())
		first := slices.Index(idle, "socket:")
		return slices.Index(idle[first+1:], "socket:") < 0
	}, func() string { return fmt.Sprint(idle) })
	return idle
}

// wantDescriptors checks that a process comes to have no other descriptors than these.
func (g *line) wantDescriptors(pid int, want []string) {
	g.t.Helper()
	var got []string
	eventually(g.t, "descriptors are closed", func() bool {
		got = g.descriptors(pid)
		return slices.Equal(got, want)
	}, func() string { return fmt.Sprintf("got %q, want %q", got, want) })
}
