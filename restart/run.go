package restart

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"sync"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/systemd"
)

// Run serves app on the listeners until the program is asked to end, as App.RunOn does, or a successor serves and what was
// under way has finished. It returns nil then, and the program should end. SIGINT and SIGTERM that come while a successor
// starts are for that one, too. After a restart the first of them changes nothing, as the process ends anyway; a second one
// ends it at once.
func (p *Process) Run(app *microroute.App, l ...net.Listener) error {
	ends := microroute.EndSignals()
	defer signal.Stop(ends)
	s, err := app.StartOn(l...)
	if err != nil {
		p.predecessor.complain(err)
		return err
	}
	return p.run(ends, app.Config().Logger, s)
}

// RunServers is Run for Servers that have been started, such as those of several Apps. They end together, be it that one
// has failed. The errors of those that have are joined.
func (p *Process) RunServers(s ...*microroute.Server) error {
	ends := microroute.EndSignals()
	defer signal.Stop(ends)
	return p.run(ends, slog.Default(), s...)
}

func (p *Process) run(ends <-chan os.Signal, logger *slog.Logger, s ...*microroute.Server) error {
	p.config.Logger = cmp.Or(p.config.Logger, logger)
	servers := runTogether(s)
	if err := p.takeOver(servers); err != nil {
		p.predecessor.complain(err)
		servers.handOver() // if there is a predecessor, it goes on
		<-servers.ended
		return errors.Join(err, servers.err)
	}
	p.begin(servers)
	ended, end := context.WithCancel(context.Background())
	defer end()
	var obeying sync.WaitGroup
	obeying.Go(func() { p.obey(ended) })
	p.untilEnded(ends, servers)
	end()

	left := make(chan error, 1)
	go func() {
		obeying.Wait()
		left <- p.leave()
	}()
	for {
		select {
		case <-ends:
			p.abandon()
		case err := <-left:
			return errors.Join(servers.err, err)
		}
	}
}

// takeOver makes this process the one that serves.
func (p *Process) takeOver(servers *group) error {
	if p.config.PIDFile != "" {
		if err := writePIDFile(p.config.PIDFile); err != nil {
			return err
		}
	}
	for name, l := range p.inherited {
		p.config.Logger.Info("inherited listener is not used any more", "name", name, "address", l.Addr().String())
		l.Close()
	}
	if p.predecessor == nil {
		p.tell(systemd.Ready, systemd.Status("serving "+servers.addresses()))
		return nil
	}
	for _, l := range p.files {
		l.SetUnlinkOnClose(true)
	}
	if err := p.predecessor.say(serving); err != nil {
		p.config.Logger.Warn("the process before this one has ended by itself", "error", err)
	}
	return p.predecessor.pipe.Close()
}

// untilEnded passes on what asks the servers to end, until they have.
func (p *Process) untilEnded(ends <-chan os.Signal, servers *group) {
	watching, unwatch := context.WithCancel(context.Background())
	var watchdog sync.WaitGroup
	defer watchdog.Wait()
	defer unwatch()
	watchdog.Go(func() { p.watch(watching) })

	stopping := servers.stopping
	stop := func() {
		stopping = nil
		unwatch()
		p.retire()
		if !p.hasSuccessor() {
			p.tell(systemd.Stopping, systemd.Status("finishing what is under way"))
		}
	}
	for patient := true; ; {
		select {
		case <-ends:
			if p.hasSuccessor() && patient {
				p.config.Logger.Info("ending already; another signal ends the process at once")
				patient = false
				continue
			}
			if p.retire() {
				p.abandon()
			}
			servers.end()
		case <-stopping:
			stop()
		case <-servers.ended:
			if stopping != nil { // there was nothing under way
				stop()
			}
			return
		}
	}
}

// leave waits for the end of a Restart that is under way, and leaves nothing behind: no signal that is for a successor,
// or else no PID file.
func (p *Process) leave() error {
	p.restarting.Lock()
	defer p.restarting.Unlock()
	if p.successor != nil {
		p.settleSignals()
		select {
		case asked := <-p.signals:
			p.passOn(asked)
		default:
		}
		return nil
	}
	if p.config.PIDFile == "" {
		return nil
	}
	return removePIDFile(p.config.PIDFile)
}

// settleSignals puts the signals that have been sent to the process into p.signals, wherever they are on their way.
func (p *Process) settleSignals() {
	if len(p.config.Signals) == 0 {
		return
	}
	takeSignals()
	another := make(chan os.Signal, 1)
	signal.Notify(another, p.config.Signals...)
	signal.Stop(another) // waits until what has been taken is delivered
}

// watch answers the watchdog of systemd.
func (p *Process) watch(ctx context.Context) {
	if err := systemd.Watchdog(ctx, p.config.Healthy); err != nil {
		p.config.Logger.Warn("watchdog not answered", "error", err)
	}
}

// tell tells systemd, if it has started the program.
func (p *Process) tell(state ...string) {
	if _, err := systemd.Notify(state...); err != nil {
		p.config.Logger.Warn("systemd not told", "error", err)
	}
}
