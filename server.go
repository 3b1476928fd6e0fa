package microroute

import (
	"context"
	"errors"
	"net"
	"os"
	"os/signal"
	"syscall"

	"github.com/microroute/microroute/engine"
)

// Server is an App that serves an address.
type Server struct {
	app      *App
	engine   *engine.Server
	listener net.Listener
	ended    chan struct{} // closed when it serves no more
	err      error         // why, nil after Shutdown and Close
}

// Start begins to serve, on addr or else on Config.Addr, and returns at once. With port 0 the operating system chooses
// one; Server.Addr tells which. It fails if the App has mistakes, or if the address cannot be listened on.
func (a *App) Start(addr ...string) (*Server, error) {
	if err := a.Prepare(); err != nil {
		return nil, err
	}
	address := a.config.Addr
	if len(addr) > 0 && addr[0] != "" {
		address = addr[0]
	}
	l, err := listen(a.config.Network, address)
	if err != nil {
		return nil, err
	}
	return a.StartOn(l)
}

// StartOn is Start for a listener, which belongs to the Server from then on.
func (a *App) StartOn(l net.Listener) (*Server, error) {
	if err := a.Prepare(); err != nil {
		l.Close()
		return nil, err
	}
	s := &Server{app: a, listener: l, ended: make(chan struct{})}
	s.engine = engine.New(engine.Config{
		Handler:  func(x *engine.Exchange) { a.Serve(x) },
		Limits:   a.config.Limits,
		Logger:   a.config.Logger,
		Portable: a.config.Engine == EnginePortable,
	})
	go func() {
		defer close(s.ended)
		if err := s.engine.Serve(l); !errors.Is(err, engine.ErrServerClosed) {
			s.err = err
			a.config.Logger.Error("serving ended", "address", l.Addr().String(), "error", err)
		}
	}()
	a.config.Logger.Info("serving", "address", l.Addr().String())
	return s, nil
}

// Run serves, on addr or else on Config.Addr, until the program is asked to end by SIGINT or SIGTERM. Then it lets requests
// that are under way finish, for up to Config.DrainTime, and returns nil. A second signal ends it at once. It returns an
// error if it cannot start, or cannot go on.
func (a *App) Run(addr ...string) error {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	s, err := a.Start(addr...)
	if err != nil {
		return err
	}
	select {
	case <-s.ended:
		return errors.Join(s.err, s.Close())
	case <-signals:
	}
	ctx, cancel := context.WithTimeout(context.Background(), max(a.config.DrainTime, 0))
	defer cancel()
	go func() {
		select {
		case <-signals:
			cancel()
		case <-ctx.Done():
		}
	}()
	if err := s.Shutdown(ctx); err != nil {
		a.config.Logger.Warn("ended with requests under way", "error", err)
	}
	return nil
}

// Addr returns the address that is served.
func (s *Server) Addr() net.Addr { return s.listener.Addr() }

// Wait waits until the server has ended, and returns why: nil after Shutdown and Close.
func (s *Server) Wait() error {
	<-s.ended
	return s.err
}

// Shutdown ends the server in good order: it accepts no connection any more, lets requests that are under way finish, and
// waits for the jobs of Context.Go. If ctx ends before that, the rest is broken off and ctx's error returned.
func (s *Server) Shutdown(ctx context.Context) error {
	err := s.engine.Shutdown(ctx)
	<-s.ended
	if jobs := s.app.jobs.wait(ctx); err == nil {
		err = jobs
	}
	return err
}

// Close ends the server at once: connections are closed, the contexts of requests and jobs end. It waits for neither.
func (s *Server) Close() error {
	err := s.engine.Close()
	s.app.jobs.end()
	return err
}
