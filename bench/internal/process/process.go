//go:build linux

// Package process runs servers as processes of their own and reads what Linux accounts to them: time on the processor
// and memory.
package process

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/microroute/microroute/bench/internal/site"
)

// Server is the process of a server.
type Server struct {
	Addr   string // HOST:PORT
	PID    int
	cmd    *exec.Cmd
	output *os.File
	lines  *bufio.Scanner
	ended  chan struct{} // is closed when the process has ended, with err
	err    error
}

// patience is how long a server may take to accept its first connection.
const patience = 30 * time.Second

// Start starts the program, with -addr and args, on the processor cpu or, if that is negative, on any. Files for a short
// time belong below dir. Start returns when connections are accepted; if the process ends before, the error has what it
// complained about. Stop must be called; the end of ctx and the end of this process end the server, too.
func Start(ctx context.Context, cpu int, dir, program string, args ...string) (s *Server, err error) {
	// An address is only free until somebody else takes it, so a second and a third one are tried.
	for range 3 {
		if s, err = start(ctx, cpu, dir, program, args); !errors.Is(err, errEnded) {
			break
		}
	}
	return s, err
}

var errEnded = errors.New("the server ended by itself")

func start(ctx context.Context, cpu int, dir, program string, args []string) (*Server, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	output, theirs, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer theirs.Close()
	var complaints bytes.Buffer
	cmd := exec.CommandContext(ctx, program, append([]string{"-addr", addr}, args...)...)
	cmd.Env = append(os.Environ(), "TMPDIR="+dir)
	cmd.Stdout, cmd.Stderr = theirs, &complaints
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) } // it may have children to end
	if err := StartOn(cmd, cpu); err != nil {
		output.Close()
		return nil, err
	}
	s := &Server{Addr: addr, PID: cmd.Process.Pid, cmd: cmd, output: output, lines: bufio.NewScanner(output), ended: make(chan struct{})}
	go func() {
		defer close(s.ended)
		s.err = cmd.Wait()
	}()
	if err := s.await(ctx); err != nil {
		s.Stop()
		return nil, fmt.Errorf("%s: %w: %s", program, err, bytes.TrimSpace(complaints.Bytes()))
	}
	return s, nil
}

// freeAddr returns a loopback address that nobody listens on.
func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// await waits until the server accepts connections.
func (s *Server) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	retry := time.NewTicker(time.Millisecond)
	defer retry.Stop()
	for {
		c, err := net.Dial("tcp", s.Addr)
		if err == nil {
			return c.Close()
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-s.ended:
			return errors.Join(errEnded, s.err)
		case <-retry.C:
		}
	}
}

// Stop asks the server to end, makes it and its children end if it has not after three seconds, and waits until it has.
func (s *Server) Stop() {
	s.cmd.Process.Signal(syscall.SIGTERM)
	kill := time.AfterFunc(3*time.Second, func() { syscall.Kill(-s.PID, syscall.SIGKILL) })
	defer kill.Stop()
	<-s.ended
	s.output.Close()
}

// InUse returns how many bytes of heap and stacks the server uses after a garbage collection.
func (s *Server) InUse() (int64, error) {
	if err := s.cmd.Process.Signal(syscall.SIGUSR1); err != nil {
		return 0, err
	}
	s.output.SetReadDeadline(time.Now().Add(patience))
	for s.lines.Scan() {
		if number, found := strings.CutPrefix(s.lines.Text(), site.MemoryPrefix); found {
			return strconv.ParseInt(number, 10, 64)
		}
	}
	return 0, errors.Join(errors.New("process: the server does not tell its memory"), s.lines.Err())
}
