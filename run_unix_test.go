//go:build unix

package microroute_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// program is the test binary as a server, see runServer.
type program struct {
	t      *testing.T
	cmd    *exec.Cmd
	socket string
	output strings.Builder
}

func startProgram(t *testing.T) *program {
	t.Helper()
	name, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &program{t: t, cmd: exec.Command(name), socket: filepath.Join(t.TempDir(), "socket")}
	p.cmd.Env = append(os.Environ(), runVariable+"="+p.socket)
	p.cmd.Stdout = &p.output
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.cmd.Process.Kill() })
	return p
}

// send sends octets as soon as somebody listens.
func (p *program) send(octets string) net.Conn {
	p.t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		conn, err := net.Dial("unix", p.socket)
		if err == nil {
			p.t.Cleanup(func() { conn.Close() })
			conn.SetDeadline(deadline)
			fmt.Fprint(conn, octets)
			return conn
		}
		if time.Now().After(deadline) {
			p.t.Fatalf("nobody listens: %v", err)
		}
	}
}

// signal asks the program to end, and waits until it has understood.
func (p *program) signal(signal os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(signal); err != nil {
		p.t.Fatal(err)
	}
	for deadline := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		conn, err := net.Dial("unix", p.socket)
		if err != nil {
			return
		}
		conn.Close()
		if time.Now().After(deadline) {
			p.t.Fatalf("still listening after %v", signal)
		}
	}
}

// wait waits for the program and returns what it has printed.
func (p *program) wait() string {
	p.t.Helper()
	defer time.AfterFunc(patience, func() { p.cmd.Process.Kill() }).Stop()
	if err := p.cmd.Wait(); err != nil {
		p.t.Errorf("the program ended with %v", err)
	}
	return p.output.String()
}

// A signal ends Run in good order: what is under way finishes, and nil is returned.
func TestRun(t *testing.T) {
	for _, signal := range []os.Signal{syscall.SIGTERM, syscall.SIGINT} {
		t.Run(signal.String(), func(t *testing.T) {
			p := startProgram(t)
			readUntil(t, p.send(lines("GET /job HTTP/1.1", "Host: a")), "\r\n\r\n")
			client := p.send(lines("POST /upload HTTP/1.1", "Host: a", "Content-Length: 3"))
			readUntil(t, client, "begun")
			p.signal(signal)
			fmt.Fprint(client, "tea")
			readUntil(t, client, " and finished\r\n0\r\n\r\n")
			client.Close()
			if got := p.wait(); got != "job done\nRun returned <nil>\n" {
				t.Errorf("the program printed %q, want the job to be done, and then nil", got)
			}
		})
	}
}

// A second signal ends it at once, whatever is under way.
func TestRunIsEndedAtOnce(t *testing.T) {
	p := startProgram(t)
	readUntil(t, p.send(lines("GET /stuck HTTP/1.1", "Host: a")), "begun")
	p.signal(syscall.SIGTERM)
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if got := p.wait(); got != "Run returned <nil>\n" {
		t.Errorf("the program printed %q, want Run to return nil", got)
	}
}
