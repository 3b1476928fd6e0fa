// Command restart is the program of the chapter about ending and restarting: a shop that can be replaced by its next
// version while customers are in it.
//
//	go build -o tea ./examples/guide/restart
//	./tea &                       # at http://localhost:8080, or with -tls at https://localhost:8080
//	kill -USR2 $(cat tea.pid)     # another process serves, without a gap
//	kill $(cat tea.pid)           # it ends
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/https"
	"github.com/microroute/microroute/listener"
	"github.com/microroute/microroute/restart"
	"github.com/microroute/microroute/systemd"
)

func main() {
	address := flag.String("addr", "localhost:8080", "`address` of the shop")
	socket := flag.String("office", "", "`path` of a unix socket for the operator")
	secure := flag.Bool("tls", false, "serve the shop with TLS")
	flag.Parse()
	run := runShop
	switch {
	case *socket != "":
		run = func(address string) error { return runShopAndOffice(address, *socket) }
	case *secure:
		run = runSecureShop
	}
	if err := run(*address); err != nil {
		log.Fatal(err)
	}
}

// runShop serves the shop until the program is asked to end, or another process serves it.
func runShop(address string) error {
	p, err := restart.New(restart.Config{PIDFile: "tea.pid"})
	if err != nil {
		return err
	}
	l, err := p.Listen("tcp", address)
	if err != nil {
		return err
	}
	return p.Run(newShop(), l)
}

// runSecureShop is runShop with TLS, around the listener that is handed from process to process.
func runSecureShop(address string) error {
	p, err := restart.New(restart.Config{PIDFile: "tea.pid"})
	if err != nil {
		return err
	}
	l, err := p.Listen("tcp", address)
	if err != nil {
		return err
	}
	secure, err := https.NewListener(l, https.Config{CertFile: "cert.pem", KeyFile: "key.pem", SelfSigned: true})
	if err != nil {
		return err
	}
	return p.Run(newShop(), secure)
}

// runShopAndOffice serves the shop, on a socket of systemd if there is one, and beside it the office.
func runShopAndOffice(address, path string) error {
	p, err := restart.New(restart.Config{PIDFile: "tea.pid"})
	if err != nil {
		return err
	}
	public, err := p.Inherit("shop", func() (net.Listener, error) {
		sockets, err := systemd.Listeners()
		if err != nil {
			return nil, err
		}
		if all := sockets.All(); len(all) == 1 {
			return all[0], nil
		}
		return listener.TCP(address, listener.TCPConfig{})
	})
	if err != nil {
		return err
	}
	private, err := p.Unix(path, listener.UnixConfig{Mode: 0o600})
	if err != nil {
		return err
	}
	shop, err := newShop().StartOn(public)
	if err != nil {
		return err
	}
	office, err := newOffice(p).StartOn(private)
	if err != nil {
		shop.Close()
		return err
	}
	return p.RunServers(shop, office)
}

// newShop returns the App for the public.
func newShop() *microroute.App {
	app := microroute.New(microroute.Config{
		LameDuck:  5 * time.Second,  // load balancers ask every two
		DrainTime: 20 * time.Second, // no order takes longer
	})
	app.Get("/ready", microroute.Readiness)

	app.Get("/", func(c *microroute.Context) string {
		return fmt.Sprintf("<h1>Teas</h1><p>served by process %d", os.Getpid())
	})

	app.Post("/orders/<string:tea>", func(c *microroute.Context, tea string) string {
		c.Go(func(ctx context.Context) { pack(ctx, tea) })
		return "Your " + tea + " is being packed."
	})

	app.Get("/prices", func(c *microroute.Context) error {
		c.Response.MIMEType = "text/event-stream"
		for {
			if err := c.Response.SendString("data: 4.20\n\n"); err != nil {
				return err
			}
			select {
			case <-time.After(time.Second):
			case <-c.Draining():
				return nil // the browser asks again, and another process answers
			case <-c.Context().Done():
				return nil
			}
		}
	})
	return app
}

// pack packs tea, unless a shutdown has waited long enough.
func pack(ctx context.Context, tea string) {
	select {
	case <-time.After(100 * time.Millisecond):
		log.Print("packed: ", tea)
	case <-ctx.Done():
		log.Print("not packed: ", tea)
	}
}

// newOffice returns the App for the operator.
func newOffice(p *restart.Process) *microroute.App {
	app := microroute.New()
	app.Post("/restart", func(c *microroute.Context) (string, error) {
		if err := p.Restart(); err != nil {
			return "", &microroute.Error{Status: 503, Detail: err.Error()}
		}
		return "The next version serves.", nil
	})
	return app
}
