package faults_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// trace is a strace that watches a server's system calls, and may have them fail.
type trace struct {
	t      *testing.T
	server *child
	cmd    *exec.Cmd
	file   string // where the calls are written, a line for each
	ended  bool
}

// mark is how strace marks a call that it has had fail.
const mark = "(INJECTED)"

// startTrace attaches strace to a server, until stop is called or the test ends. Calls is a set of system calls as strace
// names them; error is what happens to them, "" if they are only watched:
//
//	startTrace(t, server, "accept4", "error=EMFILE")
func startTrace(t *testing.T, p *child, calls, fault string) *trace {
	t.Helper()
	path := need(t, "strace")
	tr := &trace{t: t, server: p, file: filepath.Join(t.TempDir(), "calls")}
	tr.cmd = exec.Command(path, "-f", "-o", tr.file, "-e", "signal=none", "-e", "trace="+calls)
	if fault != "" {
		tr.cmd.Args = append(tr.cmd.Args, "-e", "inject="+calls+":"+fault)
	}
	tr.cmd.Args = append(tr.cmd.Args, "-p", fmt.Sprint(p.cmd.Process.Pid))
	output, err := tr.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := tr.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	in := bufio.NewReader(output)
	line, err := in.ReadString('\n')
	if strings.Contains(line, "Operation not permitted") {
		tr.cmd.Wait()
		wantServed(t, p.address) // else it is not allowed because there is nobody any more
		t.Skipf("tracing is not allowed here: %s", line)
	}
	if err != nil || !strings.Contains(line, " attached") {
		tr.cmd.Process.Kill()
		tr.cmd.Wait()
		t.Fatalf("strace says %q, %v", line, err)
	}
	go io.Copy(io.Discard, in)
	t.Cleanup(tr.stop)
	return tr
}

// stop lets go of the server, which runs on as if nothing had been. It is stopped for that moment: a call that strace is
// about to fail would fail with something else.
func (tr *trace) stop() {
	if tr.ended {
		return
	}
	tr.ended = true
	tr.server.pause()
	for quiet := 0; quiet < 3; quiet++ {
		time.Sleep(5 * time.Millisecond)
		if !tr.server.stopped() {
			quiet = -1
		}
	}
	if err := tr.cmd.Process.Signal(syscall.SIGINT); err != nil {
		tr.t.Error(err)
	}
	tr.cmd.Wait() // it dies of the signal
	tr.server.resume()
}

// awaitEnd waits until the server has ended.
func (tr *trace) awaitEnd() {
	tr.ended = true
	tr.cmd.Wait()
}

// stopped reports whether no thread of the server runs: each is stopped, traced, or has ended (proc_pid_stat(5)).
func (p *child) stopped() bool {
	threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", p.cmd.Process.Pid))
	for _, thread := range threads {
		stat, err := os.ReadFile(thread)
		if err != nil {
			continue // it has ended
		}
		_, state, _ := strings.Cut(string(stat), ") ")
		if state != "" && !strings.Contains("TtZX", state[:1]) {
			return false
		}
	}
	return true
}

// calls returns the lines of all calls so far.
func (tr *trace) calls() string {
	tr.t.Helper()
	content, err := os.ReadFile(tr.file)
	if err != nil {
		tr.t.Fatal(err)
	}
	return string(content)
}

// failed counts the calls that were made to fail.
func (tr *trace) failed() int { return strings.Count(tr.calls(), mark) }

// finished matches a call with its result. Some have two lines, of which the second counts.
var finished = regexp.MustCompile(`(?m)^\d+ .*\) += -?\d`)

// made counts the calls.
func (tr *trace) made() int { return len(finished.FindAllString(tr.calls(), -1)) }

// awaitFailed waits until so many calls were made to fail.
func (tr *trace) awaitFailed(n int) {
	tr.t.Helper()
	eventually(tr.t, fmt.Sprint(n, " calls have failed"), func() bool { return tr.failed() >= n },
		func() string { return fmt.Sprint(tr.failed(), " of ", tr.made()) })
}
