// Package restart replaces a running program by its next version without a client noticing. A successor is started, which
// inherits the listeners. When it serves, the process finishes what is under way and ends.
//
//	p, err := restart.New()
//	…
//	l, err := p.Listen("tcp", ":8080")
//	…
//	return p.Run(app, l)
//
// A SIGUSR2 or SIGHUP restarts it: with the executable that is there now under the path the process was started with, be it
// another file, or a link to another one; and with the same arguments, environment, working directory and standard files.
// Each process can be restarted in turn, also while the one before it has still something to finish.
//
// For a moment both accept connections from the same sockets. These stay open throughout, so no client is refused and none
// that waits is reset. Requests under way are answered by the process that has accepted their connection, for up to
// Config.DrainTime of the App. LameDuck does not apply, for there is nothing that load balancers should notice.
//
// A successor that ends before it serves, or takes too long, changes nothing: the process goes on as if nothing had
// happened, and the log says why. That is so for an executable that does not run, for mistakes in the routes, for a further
// port that is taken, and for anything else that goes wrong before Run.
//
// What a process has in its memory does not go with it, such as sessions that are kept there, and keys of TLS tickets. The
// two run at the same time: the successor of one that holds a lock on a file, as some databases do, would wait for it in
// vain.
//
// A service of systemd should have Type=notify; Run tells systemd what it should know, such as that the successor is the
// main process now, see package systemd. Supervisors that take the end of the process they have started for the end of the
// service cannot be used with this, among them those of containers.
//
// Restarts need a unix system. On others Restart returns errors.ErrUnsupported, and no signal asks for one; all else is
// the same.
package restart

import (
	"errors"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"time"
)

var (
	// ErrUnderWay is returned by Process.Restart while a successor starts already.
	ErrUnderWay = errors.New("restart: one is under way")
	// ErrNotServing is returned by Process.Restart before Run, and when the process is about to end.
	ErrNotServing = errors.New("restart: the process does not serve, or not any more")
)

// Config is how a Process is restarted. The zero Config is what most programs need.
type Config struct {
	// Signals ask for a restart. Default on unix: SIGUSR2, and SIGHUP unless the program has a terminal, for that sends a
	// SIGHUP when it is closed. An empty slice is for none. SIGINT and SIGTERM end the program and are not for this.
	Signals []os.Signal
	// Timeout is how long a successor may take until it serves. After it, it is killed. Default one minute; a negative time
	// sets no limit.
	Timeout time.Duration
	// PIDFile is a file for the number of the process that serves, written at once as a whole by each when it begins, and
	// removed by the last one in the end. Default none.
	PIDFile string
	// Healthy is asked on behalf of the watchdog of systemd, if there is one: see systemd.RunServer. Default: always yes.
	Healthy func() bool
	// Logger is told of restarts. Default: the App's in Run, slog.Default in RunServers.
	Logger *slog.Logger
}

// Process is a process of a program that can be restarted. Restart may be called by any goroutine; the listeners are asked
// for by one, before Run.
type Process struct {
	config      Config
	program     program
	predecessor *predecessor // nil if there is none
	signals     chan os.Signal
	inherited   map[string]net.Listener // those that nobody has asked for yet
	listeners   []namedListener         // what a successor inherits
	files       []*net.UnixListener     // those whose files the last process removes

	restarting sync.Mutex // held while a successor is started

	mu        sync.Mutex // for what follows
	servers   *group     // nil before Run
	ending    bool       // nothing will be restarted any more
	abandoned bool       // nor is what starts waited for
	starting  *successor // that does not serve yet, if there is one
	successor *successor // that serves, if there is one
}

// New takes over what a predecessor has handed to this process, if it has one. It belongs at the beginning of a program,
// before it changes its working directory or starts others. Before New a signal that asks for a restart ends the program;
// after it the signal waits for Run. A second Process of a program has no predecessor.
//
// It fails if the executable cannot be found, or what should have been inherited is not there.
func New(config ...Config) (*Process, error) {
	p := &Process{signals: make(chan os.Signal, 1)}
	if len(config) > 0 {
		p.config = config[0]
	}
	if err := p.inherit(); err != nil {
		return nil, err
	}
	if err := p.prepare(); err != nil {
		p.predecessor.complain(err)
		return nil, err
	}
	return p, nil
}

const defaultTimeout = time.Minute

func (p *Process) prepare() (err error) {
	if p.config.Timeout == 0 {
		p.config.Timeout = defaultTimeout
	}
	if p.config.Signals == nil {
		p.config.Signals = defaultSignals()
	}
	if p.config.PIDFile != "" {
		if p.config.PIDFile, err = filepath.Abs(p.config.PIDFile); err != nil {
			return err
		}
	}
	if p.program, err = thisProgram(); err != nil {
		return err
	}
	if len(p.config.Signals) > 0 { // of none Notify would make all
		signal.Notify(p.signals, p.config.Signals...)
	}
	return nil
}
