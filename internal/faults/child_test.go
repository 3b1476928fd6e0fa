package faults_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/microroute/microroute"
)

// child is a server in a process of its own, see runChild.
type child struct {
	t          *testing.T
	cmd        *exec.Cmd
	address    string
	control    *client // connected before anything happens to the server
	before     state   // then
	terminated bool

	mu  sync.Mutex
	log []record
}

// record is what a server has logged.
type record struct {
	Level, Msg, Error string
	Address           string // in the first one
}

// apart runs a test on both engines, beside other tests: its servers are children, of which each is checked for itself.
func apart(t *testing.T, test func(t *testing.T, engine microroute.Engine)) {
	t.Parallel()
	for name, engine := range engines {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, engine)
		})
	}
}

// startChild runs a server until the test ends, with variables added to its environment. Then it must have left nothing
// behind, and end in good order.
func startChild(t *testing.T, with settings, variables ...string) *child {
	t.Helper()
	return startCommand(t, with, childCommand(t, with, variables...))
}

// childCommand is what startChild runs.
func childCommand(t *testing.T, with settings, variables ...string) *exec.Cmd {
	t.Helper()
	text, err := json.Marshal(with)
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), "GORACE=halt_on_error=1 atexit_sleep_ms=0")
	cmd.Env = append(append(cmd.Env, variables...), childVariable+"="+string(text))
	cmd.Stderr = os.Stderr
	return cmd
}

func startCommand(t *testing.T, with settings, cmd *exec.Cmd) *child {
	t.Helper()
	p := &child{t: t, cmd: cmd}
	output, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	in := bufio.NewReader(output)
	line, err := in.ReadBytes('\n')
	var serving record
	if err == nil {
		err = json.Unmarshal(line, &serving)
	}
	if err != nil {
		cmd.Process.Kill()
		rest, _ := io.ReadAll(in)
		cmd.Wait()
		t.Fatalf("the server says %q: %v", append(line, rest...), err)
	}
	p.address = serving.Address
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		p.listen(in)
	}()
	t.Cleanup(func() { p.end(drained) })
	p.control = dial(t, p.address)
	p.before = p.state()
	return p
}

// listen takes down what the server logs.
func (p *child) listen(output io.Reader) {
	for records := json.NewDecoder(output); ; {
		var r record
		if records.Decode(&r) != nil {
			return
		}
		p.mu.Lock()
		p.log = append(p.log, r)
		p.mu.Unlock()
	}
}

// logged counts the records whose message and error contain the texts given.
func (p *child) logged(message, problem string) (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, r := range p.log {
		if strings.Contains(r.Msg, message) && strings.Contains(r.Error, problem) {
			n++
		}
	}
	return n
}

// end has the server end, if it was not asked to before.
func (p *child) end(drained <-chan struct{}) {
	defer time.AfterFunc(2*soon, func() { p.cmd.Process.Kill() }).Stop()
	if !p.terminated {
		p.terminate()
	}
	<-drained
	if err := p.cmd.Wait(); err != nil {
		p.t.Errorf("the server ended with %v", err)
	}
	if n := p.logged("ended with requests under way", ""); n > 0 {
		p.t.Error("the server gave up requests that were under way")
	}
}

// terminate asks the server to end; asked twice, it would end at once.
func (p *child) terminate() {
	p.terminated = true
	p.signal(terminate)
}

func (p *child) signal(s os.Signal) {
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Errorf("%v: %v", s, err)
	}
}

// state asks the server for its state, on the connection that was there from the start.
func (p *child) state() (s state) {
	p.t.Helper()
	r, content, err := p.control.fetch(get("/state"))
	if err == nil && r.StatusCode == 200 {
		err = json.Unmarshal([]byte(content), &s)
	}
	if err != nil || r.StatusCode != 200 {
		p.t.Fatalf("/state: %s %.200q, %v", statusOf(r), content, err)
	}
	return s
}

// wantNothingLeft waits until the server has returned everything that clients have made it take. Those must have gone.
func (p *child) wantNothingLeft() {
	p.t.Helper()
	p.wantOnly(0, 0)
}

// wantOnly waits until the server has at most so many descriptors and octets of memory more than at the start, and no
// goroutine but those that wait for more work or to lead.
func (p *child) wantOnly(descriptors, octets int) {
	p.t.Helper()
	waiting := (64 + 1) * runtime.GOMAXPROCS(0)
	const pooled = 8 << 20 // octets of their stacks, and of buffers
	var now state
	eventually(p.t, "the server has returned what it has taken", func() bool {
		now = p.state()
		return now.Descriptors <= p.before.Descriptors+descriptors && now.Goroutines <= p.before.Goroutines+waiting &&
			int(now.InUse) <= int(p.before.InUse)+octets+pooled
	}, func() string { return fmt.Sprintf("%+v, before %+v", now, p.before) })
}
