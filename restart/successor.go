package restart

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

// successor is a process that has been started to take over.
type successor struct {
	process *os.Process
	pipe    *os.File      // for its messages, see predecessor
	ended   chan struct{} // closed when the process has ended
	how     any           // it has ended
}

// start starts a successor with the listeners.
func (p *Process) start() (*successor, error) {
	pipe, far, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer far.Close()
	process, err := p.launch(far)
	if err != nil {
		pipe.Close()
		return nil, err
	}
	s := &successor{process: process, pipe: pipe, ended: make(chan struct{})}
	go s.reap() // until it ends, if this process lives as long
	return s, nil
}

// launch starts a process that inherits the pipe and duplicates of the listeners.
func (p *Process) launch(pipe *os.File) (*os.Process, error) {
	files := append(slices.Clone(p.program.standard), pipe)
	for _, l := range p.listeners {
		f, err := duplicate(l.conn)
		if err != nil {
			return nil, fmt.Errorf("restart: listener %q: %w", l.name, err)
		}
		defer f.Close()
		files = append(files, f)
	}
	process, err := os.StartProcess(p.program.path, p.program.args, &os.ProcAttr{
		Dir:   p.program.dir,
		Env:   append(slices.Clip(p.program.env), inheritance+"="+bequeath(p.listeners)),
		Files: files,
	})
	if err != nil {
		return nil, fmt.Errorf("restart: %w", err)
	}
	return process, nil
}

func (s *successor) reap() {
	state, err := s.process.Wait()
	if s.how = state; err != nil {
		s.how = err
	}
	close(s.ended)
}

// lastWords is how long a pipe whose process has ended is read on, as a process that it has started may hold it open.
const lastWords = time.Second

// await waits until the successor serves. If that fails, the successor has ended: when ctx ends it is killed.
func (s *successor) await(ctx context.Context) error {
	defer s.pipe.Close()
	var listening sync.WaitGroup
	serves, complaint := make(chan struct{}), ""
	listening.Go(func() { complaint = s.listen(serves) })
	fault := fmt.Errorf("restart: successor %d did not get to serve", s.process.Pid)
	select {
	case <-serves:
		return nil
	case <-s.ended:
		fault = fmt.Errorf("%w: %v", fault, s.how)
	case <-ctx.Done():
		s.process.Kill()
		<-s.ended
		fault = fmt.Errorf("%w: %w", fault, ctx.Err())
	}
	s.pipe.SetReadDeadline(time.Now().Add(lastWords))
	listening.Wait()
	if complaint != "" {
		fault = fmt.Errorf("%w: %s", fault, complaint)
	}
	return fault
}

// maxMessages is how many octets a successor may say.
const maxMessages = 1 << 20

// listen reads what the successor says. It closes serves when it hears that, or else returns the last complaint.
func (s *successor) listen(serves chan<- struct{}) (complaint string) {
	for in := bufio.NewReader(io.LimitReader(s.pipe, maxMessages)); ; {
		message, err := in.ReadString(0)
		if err != nil {
			return complaint
		}
		if message = strings.TrimSuffix(message, "\x00"); message == serving {
			close(serves)
			return ""
		}
		complaint = message
	}
}
