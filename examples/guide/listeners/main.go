// Command listeners is the program of the chapter about listeners: one App, wherever it is asked to listen.
//
//	go run ./examples/guide/listeners                                  # port 8080, or the sockets that systemd passes on
//	go run ./examples/guide/listeners localhost:8080 unix:/tmp/tea     # these addresses
//	go run ./examples/guide/listeners -socket /tmp/tea -group www-data # a unix socket for a group
//	go run ./examples/guide/listeners -shared :8080                    # a port, together with others that are started so
//	go run ./examples/guide/listeners -named                           # the sockets of systemd with the names http and office
package main

import (
	"flag"
	"log"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/listener"
	"github.com/microroute/microroute/systemd"
)

func main() {
	socket := flag.String("socket", "", "`path` of a unix socket to listen on")
	group := flag.String("group", "", "who may connect to it, besides the user")
	shared := flag.String("shared", "", "`address` to listen on together with others")
	named := flag.Bool("named", false, "serve the sockets of systemd by their names")
	flag.Parse()

	app := newApp("tea")
	var err error
	switch {
	case *socket != "":
		err = runForProxy(app, *socket, *group)
	case *shared != "":
		err = runTogether(app, *shared)
	case *named:
		err = runService(app, newApp("the office"), func() bool { return true })
	case flag.NArg() > 0:
		err = app.Run(flag.Args()...)
	default:
		err = systemd.Run(app, ":8080")
	}
	if err != nil {
		log.Fatal(err)
	}
}

func newApp(what string) *microroute.App {
	app := microroute.New()
	app.Get("/", func(*microroute.Context) string { return what })
	return app
}

// runForProxy serves a proxy on the same machine, which is run by a member of the group.
func runForProxy(app *microroute.App, path, group string) error {
	l, err := listener.Unix(path, listener.UnixConfig{Mode: 0o660, Group: group})
	if err != nil {
		return err
	}
	return app.RunOn(l)
}

// runTogether serves a port that other programs serve, too.
func runTogether(app *microroute.App, address string) error {
	l, err := listener.TCP(address, listener.TCPConfig{ReusePort: true})
	if err != nil {
		return err
	}
	return app.RunOn(l)
}

// runService serves two Apps, each on the sockets with its name.
func runService(app, office *microroute.App, healthy func() bool) error {
	sockets, err := systemd.Listeners()
	if err != nil {
		return err
	}
	inside, err := office.StartOn(sockets.Named("office")...)
	if err != nil {
		return err
	}
	defer inside.Close()
	public, err := app.StartOn(sockets.Named("http")...)
	if err != nil {
		return err
	}
	return systemd.RunServer(public, healthy)
}
