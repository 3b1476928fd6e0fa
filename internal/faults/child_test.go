package faults_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"testing"
	"time"

	"github.com/microroute/microroute"
)

// childVariable is what makes a server of the test binary: settings as JSON in its environment.
const childVariable = "MICROROUTE_FAULTS_CHILD"

// settings is how a server of its own process is set up.
type settings struct {
	Engine      microroute.Engine
	Connections int    // as in microroute.Limits
	Descriptors uint64 // how many the process may have, 0 for as many as the test
}

// state is what such a server tells of its process.
type state struct {
	Goroutines  int
	Descriptors int
	CPU         time.Duration // used so far
	Heap        uint64        // the most octets that the heap has ever had
}

// runChild is the server. It ends as it is asked to by a signal.
func runChild(text string) {
	var with settings
	if err := json.Unmarshal([]byte(text), &with); err != nil {
		panic(err)
	}
	if with.Descriptors > 0 {
		if err := limitDescriptors(with.Descriptors); err != nil {
			panic(err)
		}
	}
	app := microroute.New(microroute.Config{
		Engine:    with.Engine,
		Limits:    microroute.Limits{Connections: with.Connections},
		Logger:    slog.New(slog.NewJSONHandler(os.Stdout, nil)), // its first line tells the address
		DrainTime: soon,
	})
	app.Get("/hello", func(*Context) string { return "hello" })
	app.Get("/wait", func(*Context) string {
		time.Sleep(20 * time.Millisecond)
		return "waited"
	})
	app.With(microroute.MaxBody(-1)).Post("/count", func(c *Context) (string, error) {
		n, err := io.Copy(io.Discard, c.Request.Body())
		return fmt.Sprint(n), err
	})
	app.Get("/stream/<int:n>", func(_ *Context, n int64) io.Reader { return io.LimitReader(endless{}, n) })
	app.Get("/state", func(*Context) state { return currentState() })
	if err := app.Run("127.0.0.1:0"); err != nil {
		panic(err)
	}
}

func currentState() state {
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return state{runtime.NumGoroutine(), countDescriptors(), processorTime(), memory.HeapSys}
}

// child is a server in a process of its own.
type child struct {
	t          *testing.T
	cmd        *exec.Cmd
	address    string
	terminated bool
}

// startChild runs a server until the test ends, with variables added to its environment. It must end in good order.
func startChild(t *testing.T, with settings, variables ...string) *child {
	t.Helper()
	text, err := json.Marshal(with)
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &child{t: t, cmd: exec.Command(program)}
	p.cmd.Env = append(append(os.Environ(), variables...), childVariable+"="+string(text))
	p.cmd.Stderr = os.Stderr
	output, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	in := bufio.NewReader(output)
	line, err := in.ReadBytes('\n')
	var serving struct{ Address string }
	if err == nil {
		err = json.Unmarshal(line, &serving)
	}
	if err != nil {
		p.cmd.Process.Kill()
		p.cmd.Wait()
		t.Fatalf("the server says %q: %v", line, err)
	}
	p.address = serving.Address
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		io.Copy(io.Discard, in)
	}()
	t.Cleanup(func() {
		if !p.terminated {
			p.terminate()
		}
		defer time.AfterFunc(2*soon, func() { p.cmd.Process.Kill() }).Stop()
		<-drained
		if err := p.cmd.Wait(); err != nil {
			t.Errorf("the server ended with %v", err)
		}
	})
	return p
}

// terminate asks the server to end; asked twice, it would end at once.
func (p *child) terminate() {
	p.terminated = true
	if err := p.cmd.Process.Signal(terminate); err != nil {
		p.t.Error(err)
	}
}

// stateOver asks the server for its state on a connection that is there already.
func (p *child) stateOver(c *client) (s state) {
	p.t.Helper()
	r, content, err := c.fetch(get("/state"))
	if err != nil || r.StatusCode != 200 {
		p.t.Fatalf("/state: %s %q, %v", statusOf(r), content, err)
	}
	if err := json.Unmarshal([]byte(content), &s); err != nil {
		p.t.Fatal(err)
	}
	return s
}
