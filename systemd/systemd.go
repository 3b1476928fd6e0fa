// Package systemd makes a program a service of systemd: it takes over the sockets that systemd has opened for it
// (sd_listen_fds(3)), tells it when the program is ready and when it begins to stop (sd_notify(3)), and shows that it is
// alive (sd_watchdog_enabled(3)).
//
//	if err := systemd.Run(app); err != nil {
//		log.Fatal(err)
//	}
//
// All of it goes by environment variables. Without them, when the program is started by hand or on another system, Run is
// App.Run.
package systemd

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"strings"
	"sync"

	"github.com/microroute/microroute"
)

// Run serves app on the sockets that systemd passes on or, if there are none, as App.Run does, on the addresses given or
// else on Config.Addr. Then it goes on as RunServer, healthy by all means.
func Run(app *microroute.App, addr ...string) error {
	signals := microroute.EndSignals() // before there is a client or a manager who could send one
	defer signal.Stop(signals)
	s, err := start(app, addr)
	if err != nil {
		return err
	}
	return run(s, nil, signals)
}

func start(app *microroute.App, addr []string) (*microroute.Server, error) {
	sockets, err := Listeners()
	switch {
	case err != nil:
		return nil, err
	case len(sockets) > 0:
		return app.StartOn(sockets.All()...)
	}
	return app.Start(addr...)
}

// RunServer is Server.Run for a service, of whose life it tells systemd: it is Ready; it answers the watchdog, if there is
// one, while healthy says yes or is nil; and it is Stopping, from the moment when the server begins to shut down, whoever
// asks for that. A unit for it has Type=notify.
//
// What systemd could not be told keeps nobody from serving. It is joined to the error in the end.
func RunServer(s *microroute.Server, healthy func() bool) error {
	signals := microroute.EndSignals()
	defer signal.Stop(signals)
	return run(s, healthy, signals)
}

func run(s *microroute.Server, healthy func() bool, signals <-chan os.Signal) error {
	_, ready := Notify(Ready, Status("serving "+addresses(s)))
	ctx, cancel := context.WithCancel(context.Background())
	var beside sync.WaitGroup
	var watchdog, stopping error
	beside.Go(func() { watchdog = Watchdog(ctx, healthy) })
	beside.Go(func() {
		<-s.Stopping() // closed at the latest when s.RunUntil returns
		_, stopping = Notify(Stopping, Status("finishing what is under way"))
	})
	err := s.RunUntil(signals)
	cancel()
	beside.Wait()
	return errors.Join(err, ready, watchdog, stopping)
}

func addresses(s *microroute.Server) string {
	var names []string
	for _, address := range s.Addrs() {
		names = append(names, address.String())
	}
	return strings.Join(names, ", ")
}
