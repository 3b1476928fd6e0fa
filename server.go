package microroute

import (
	"context"
	"errors"
	"net"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/microroute/microroute/engine"
)

// ErrServerClosed is what Server.Step returns when there is nothing more to serve.
var ErrServerClosed = errors.New("microroute: server closed")

// Server is an App that serves one or more addresses.
type Server struct {
	app       *App
	engine    *engine.Server
	listeners []net.Listener
	serving   sync.WaitGroup

	failing    sync.Once
	failed     chan struct{} // closed when a listener has failed for good
	err        error         // why
	stop       sync.Once
	stopping   chan struct{} // closed when Shutdown or Close is called
	handedOver bool          // set before stopping is closed, if at all
	end        sync.Once
	ended      chan struct{} // closed when they have done what they do
}

// Start begins to serve, on the addresses given or else on Config.Addr, and returns at once. An address is host:port, or
// "unix:" and a path. With port 0 the operating system chooses one; Server.Addr tells which, and so does Config.Logger before
// Start returns. Start fails if the App has mistakes, or if an address cannot be listened on.
func (a *App) Start(addr ...string) (*Server, error) {
	if err := a.Prepare(); err != nil {
		return nil, err
	}
	if len(addr) == 0 || len(addr) == 1 && addr[0] == "" {
		addr = []string{a.config.Addr}
	}
	var listeners []net.Listener
	for _, address := range addr {
		l, err := listen(a.config.Network, address)
		if err != nil {
			closeAll(listeners)
			return nil, err
		}
		listeners = append(listeners, l)
	}
	return a.StartOn(listeners...)
}

// StartOn is Start for listeners, which belong to the Server from then on. One that has a method Attach(*App) is told before
// whose connections it accepts: those of package https need that.
func (a *App) StartOn(l ...net.Listener) (*Server, error) {
	if err := a.Prepare(); err != nil {
		closeAll(l)
		return nil, err
	}
	if len(l) == 0 {
		return nil, errors.New("microroute: StartOn without a listener")
	}
	s := &Server{
		app: a, listeners: l,
		failed: make(chan struct{}), stopping: make(chan struct{}), ended: make(chan struct{}),
	}
	a.servers.begin()
	s.engine = engine.New(engine.Config{
		Handler:  func(x *engine.Exchange) { a.Serve(x) },
		Limits:   a.config.Limits,
		Logger:   a.config.Logger,
		Portable: a.config.Engine == EnginePortable,
	})
	for _, l := range l {
		if l, ok := l.(interface{ Attach(*App) }); ok {
			l.Attach(a)
		}
		a.config.Logger.Info("serving", "address", l.Addr().String())
		s.serving.Go(func() { s.serve(l) })
	}
	return s, nil
}

func closeAll(listeners []net.Listener) {
	for _, l := range listeners {
		l.Close()
	}
}

func (s *Server) serve(l net.Listener) {
	if err := s.engine.Serve(l); !errors.Is(err, engine.ErrServerClosed) {
		s.app.config.Logger.Error("serving ended", "address", l.Addr().String(), "error", err)
		s.failing.Do(func() {
			s.err = err
			close(s.failed)
		})
	}
}

// Run serves, on the addresses given or else on Config.Addr, until the program is asked to end: see Start and Server.Run.
func (a *App) Run(addr ...string) error {
	signals := EndSignals()
	defer signal.Stop(signals)
	s, err := a.Start(addr...)
	if err != nil {
		return err
	}
	return s.RunUntil(signals)
}

// RunOn is Run for listeners: see StartOn.
func (a *App) RunOn(l ...net.Listener) error {
	signals := EndSignals()
	defer signal.Stop(signals)
	s, err := a.StartOn(l...)
	if err != nil {
		return err
	}
	return s.RunUntil(signals)
}

// Run waits until the program is asked to end by SIGINT or SIGTERM, and then ends the server as RunUntil does.
func (s *Server) Run() error {
	signals := EndSignals()
	defer signal.Stop(signals)
	return s.RunUntil(signals)
}

// EndSignals returns a channel that gets the signals which ask a program to end, for RunUntil: SIGINT and SIGTERM. signal.Stop
// gives them back to the operating system.
func EndSignals() chan os.Signal {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	return signals
}

// RunUntil is Run for programs that take the signals themselves: it waits until one comes. Then it shuts the server down, for up
// to Config.DrainTime, and returns nil; a second signal ends it at once. It returns also when somebody else has ended the
// server, and the error if a listener has failed for good: then everything is closed.
func (s *Server) RunUntil(signals <-chan os.Signal) error {
	select {
	case <-s.failed:
		return errors.Join(s.err, s.Close())
	case <-s.ended:
		return nil
	case <-signals:
	}
	s.beginStop()
	config := &s.app.config
	ctx, cancel := context.WithTimeout(context.Background(), s.lameDuck()+max(config.DrainTime, 0))
	defer cancel()
	go func() {
		select {
		case <-signals:
			cancel()
		case <-ctx.Done():
		}
	}()
	if err := s.Shutdown(ctx); err != nil {
		config.Logger.Warn("ended with requests under way", "error", err)
	}
	return nil
}

// Addr returns the address that is served, the first if there are several.
func (s *Server) Addr() net.Addr { return s.listeners[0].Addr() }

// Addrs returns the addresses that are served, in the order of Start or StartOn.
func (s *Server) Addrs() []net.Addr {
	addrs := make([]net.Addr, len(s.listeners))
	for i, l := range s.listeners {
		addrs[i] = l.Addr()
	}
	return addrs
}

// Wait waits until the server has ended, and returns why: nil after Shutdown and Close, else the error of a listener that
// has failed for good; the others go on until Close.
func (s *Server) Wait() error {
	select {
	case <-s.failed:
		return s.err
	case <-s.ended:
		return nil
	}
}

// Stopping returns a channel that is closed when Shutdown or Close is called.
func (s *Server) Stopping() <-chan struct{} { return s.stopping }

// Shutdown ends the server in good order. App.Ready says no from now on, and for Config.LameDuck all else goes on as before.
// Then no connection is accepted any more, requests that are under way finish, streams learn of it by Context.Draining, and
// the jobs of Context.Go are waited for. If ctx ends before that, the rest is broken off and ctx's error returned.
func (s *Server) Shutdown(ctx context.Context) error {
	s.beginStop()
	s.limp(ctx)
	err := s.engine.Shutdown(ctx)
	s.serving.Wait()
	for a := range s.app.all {
		if jobs := a.jobs.wait(ctx); err == nil {
			err = jobs
		}
	}
	s.finishStop()
	return err
}

// limp waits for as long as the App says that it is not ready, but serves.
func (s *Server) limp(ctx context.Context) {
	if s.lameDuck() == 0 {
		return
	}
	timer := time.NewTimer(s.lameDuck())
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// lameDuck returns for how long the server limps, once it is stopping.
func (s *Server) lameDuck() time.Duration {
	if s.handedOver {
		return 0
	}
	return max(s.app.config.LameDuck, 0)
}

// HandOver says that another process has the sockets, too, and serves them from now on: package restart does that. The
// Shutdown that follows has no LameDuck, and App.Ready goes on saying yes, as there is nothing for load balancers to
// notice. It comes before Shutdown, or does nothing.
func (s *Server) HandOver() {
	s.stop.Do(func() {
		s.handedOver = true
		close(s.stopping)
	})
}

// Close ends the server at once: connections are closed, the contexts of requests and jobs end. It waits for neither.
func (s *Server) Close() error {
	s.beginStop()
	err := s.engine.Close()
	for a := range s.app.all {
		a.jobs.end()
	}
	s.serving.Wait()
	s.finishStop()
	return err
}

func (s *Server) beginStop() {
	s.stop.Do(func() {
		s.app.stopping.Add(1)
		close(s.stopping)
	})
}

func (s *Server) finishStop() {
	s.end.Do(func() {
		if !s.handedOver {
			s.app.stopping.Add(-1)
		}
		s.app.servers.end()
		close(s.ended)
	})
}
