//go:build linux

// Package process runs servers as processes of their own and reads what Linux accounts to them: time on the processor
// and memory.
package process

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
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
	output *bufio.Scanner
}

// Start starts the program, with -addr and args, on the processor cpu or, if that is negative, on any. Files for a short
// time belong below dir; what the program complains about goes to complaints. Start returns when connections are
// accepted. Stop must be called; the end of ctx and the end of this process end the server, too.
func Start(ctx context.Context, cpu int, dir string, complaints io.Writer, program string, args ...string) (*Server, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, program, append([]string{"-addr", addr}, args...)...)
	cmd.Env = append(os.Environ(), "TMPDIR="+dir)
	cmd.Stderr = complaints
	output, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := StartOn(cmd, cpu); err != nil {
		return nil, err
	}
	s := &Server{Addr: addr, PID: cmd.Process.Pid, cmd: cmd, output: bufio.NewScanner(output)}
	if err := s.await(ctx); err != nil {
		s.Stop()
		return nil, fmt.Errorf("%s: %w", program, err)
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
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	retry := time.NewTicker(5 * time.Millisecond)
	defer retry.Stop()
	for {
		c, err := net.Dial("tcp", s.Addr)
		if err == nil {
			return c.Close()
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-retry.C:
		}
	}
}

// Stop asks the server to end, and makes it end if it has not after three seconds.
func (s *Server) Stop() {
	s.cmd.Process.Signal(syscall.SIGTERM)
	kill := time.AfterFunc(3*time.Second, func() { s.cmd.Process.Kill() })
	defer kill.Stop()
	s.cmd.Wait()
}

// InUse returns how many bytes of heap and stacks the server uses after a garbage collection.
func (s *Server) InUse() (int64, error) {
	if err := s.cmd.Process.Signal(syscall.SIGUSR1); err != nil {
		return 0, err
	}
	for s.output.Scan() {
		if number, found := strings.CutPrefix(s.output.Text(), site.MemoryPrefix); found {
			return strconv.ParseInt(number, 10, 64)
		}
	}
	return 0, errors.Join(errors.New("process: the server does not tell its memory"), s.output.Err())
}
