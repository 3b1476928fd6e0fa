package restart

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
	"time"

	"github.com/microroute/microroute/systemd"
)

// Restart starts a successor and waits until it serves. When it returns nil, the process has begun to end: Run returns
// when what is under way has finished, the handler that has called Restart included. With an error the process goes on
// as if nothing had happened: ErrUnderWay, ErrNotServing, or what the successor has failed with, which is also logged.
func (p *Process) Restart() error {
	if !p.restarting.TryLock() {
		return ErrUnderWay
	}
	defer p.restarting.Unlock()
	return p.restart()
}

// obey restarts the process when a signal asks for it, until ctx ends. Signals that come meanwhile count as one, which
// asks for another restart: the successor may have begun before there was what it is to take notice of.
func (p *Process) obey(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case asked := <-p.signals:
			p.restarting.Lock()
			if !p.passOn(asked) {
				p.restart()
			}
			p.restarting.Unlock()
		}
	}
}

// passOn passes a signal on to the process that serves in place of this one, if there is one; p.restarting is held.
func (p *Process) passOn(asked os.Signal) bool {
	if p.successor == nil {
		return false
	}
	p.successor.process.Signal(asked) // if it has ended, another one serves, or the service has ended
	return true
}

// restart is Restart; p.restarting is held.
func (p *Process) restart() error {
	if !p.mayRestart() {
		return ErrNotServing
	}
	logger, began := p.config.Logger, time.Now()
	logger.Info("restart begins", "program", p.program.path)
	p.tell(systemd.Reloading(), systemd.Status("starting a successor"))
	s, err := p.succeed()
	if err != nil {
		logger.Error("restart failed", "error", err)
		p.resume()
		return err
	}
	logger.Info("restarted", "successor", s.process.Pid, "after", time.Since(began))
	p.tell(fmt.Sprint("MAINPID=", s.process.Pid), systemd.Ready, systemd.Status("serving "+p.servers.addresses()))
	for _, l := range p.listeners {
		if l, ok := l.Listener.(*net.UnixListener); ok {
			l.SetUnlinkOnClose(false)
		}
	}
	p.servers.handOver()
	return nil
}

// resume takes back what a successor that has failed may have done, and what it was announced with.
func (p *Process) resume() {
	if p.config.PIDFile != "" {
		if err := writePIDFile(p.config.PIDFile); err != nil {
			p.config.Logger.Warn("PID file not written", "error", err)
		}
	}
	if p.mayRestart() {
		p.tell(systemd.Ready, systemd.Status("serving "+p.servers.addresses()+"; a restart has failed"))
	}
}

// errEnding: the program is asked to end while a successor starts, which is asked, too.
var errEnding = errors.New("restart: the program is asked to end")

// succeed starts a successor and waits until it serves.
func (p *Process) succeed() (*successor, error) {
	s, err := p.start()
	if err != nil {
		return nil, err
	}
	ctx, cancel := p.timeLimit()
	defer cancel()
	p.setStarting(s)
	err = s.await(ctx)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.starting = nil
	switch {
	case p.ending:
		return nil, errEnding
	case err != nil:
		return nil, err
	}
	p.ending, p.successor = true, s
	return s, nil
}

// timeLimit returns a context that ends when a successor should serve.
func (p *Process) timeLimit() (context.Context, context.CancelFunc) {
	if p.config.Timeout < 0 {
		return context.WithCancel(context.Background())
	}
	return context.WithTimeout(context.Background(), p.config.Timeout)
}

func (p *Process) setStarting(s *successor) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.starting = s
	switch {
	case p.abandoned:
		s.process.Kill()
	case p.ending:
		s.process.Signal(syscall.SIGTERM)
	}
}

// begin allows for restarts.
func (p *Process) begin(servers *group) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.servers = servers
}

func (p *Process) mayRestart() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.servers != nil && !p.ending
}

// retire allows for no restart any more, and reports whether that was so already. A successor that is starting is asked to
// end; if it serves by now, it does so in good order.
func (p *Process) retire() (again bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	again, p.ending = p.ending, true
	if p.starting != nil && !again {
		p.starting.process.Signal(syscall.SIGTERM)
	}
	return again
}

// abandon kills a successor that is starting, or about to.
func (p *Process) abandon() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.abandoned = true
	if p.starting != nil {
		p.starting.process.Kill()
	}
}

func (p *Process) hasSuccessor() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.successor != nil
}
