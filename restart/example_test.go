package restart_test

import (
	"fmt"
	"log"
	"net"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/https"
	"github.com/microroute/microroute/listener"
	"github.com/microroute/microroute/restart"
)

// kill -USR2 replaces the program.
func Example() {
	p, err := restart.New()
	if err != nil {
		log.Fatal(err)
	}
	l, err := p.Listen("tcp", ":8080")
	if err != nil {
		log.Fatal(err)
	}
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) string { return "tea" })
	if err := p.Run(app, l); err != nil {
		log.Fatal(err)
	}
}

// TLS goes around a listener that is inherited.
func ExampleProcess_Listen() {
	p, err := restart.New(restart.Config{PIDFile: "/run/tea/pid"})
	if err != nil {
		log.Fatal(err)
	}
	l, err := p.Listen("tcp", ":443")
	if err != nil {
		log.Fatal(err)
	}
	secure, err := https.NewListener(l, https.Config{CertFile: "cert.pem", KeyFile: "key.pem"})
	if err != nil {
		log.Fatal(err)
	}
	if err := p.Run(microroute.New(), secure); err != nil {
		log.Fatal(err)
	}
}

// The first process listens; those after it inherit the socket by its name.
func ExampleProcess_Inherit() {
	p, err := restart.New()
	if err != nil {
		log.Fatal(err)
	}
	l, err := p.Inherit("public", func() (net.Listener, error) {
		return listener.TCP("localhost:0", listener.TCPConfig{ReusePort: true})
	})
	if err != nil {
		log.Fatal(err)
	}
	defer l.Close()
	fmt.Println(l.Addr().Network())
	// Output: tcp
}

// An operator asks for a restart by a request, and hears whether it has worked.
func ExampleProcess_Restart() {
	p, err := restart.New()
	if err != nil {
		log.Fatal(err)
	}
	private, err := p.Listen("unix", "/run/tea/office")
	if err != nil {
		log.Fatal(err)
	}
	office := microroute.New()
	office.Post("/restart", func(c *microroute.Context) error { return p.Restart() })
	if err := p.Run(office, private); err != nil {
		log.Fatal(err)
	}
}
