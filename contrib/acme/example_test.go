package acme_test

import (
	"log"
	"net"

	"github.com/caddyserver/certmagic"
	"github.com/microroute/microroute"
	"github.com/microroute/microroute/contrib/acme"
	"github.com/microroute/microroute/https"
)

func ExampleRun() {
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) string { return "<h1>Hello World!</h1>" })
	log.Fatal(acme.Run(app, acme.Config{
		Hosts: []string{"tea.example", "www.tea.example"},
		Email: "cook@tea.example",
		Dir:   "/var/lib/tea",
	}))
}

func ExampleListen() {
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) string { return "<h1>Hello World!</h1>" })
	secure, err := acme.Listen(":8443", acme.Config{ // to where the system forwards port 443
		Hosts: []string{"tea.example"},
		Dir:   "/var/lib/tea",
		CA:    certmagic.LetsEncryptStagingCA,
		HTTPS: https.Config{SelfSigned: true}, // until there is a certificate
	})
	if err != nil {
		log.Fatal(err)
	}
	plain, err := net.Listen("tcp", ":8080") // port 80
	if err != nil {
		log.Fatal(err)
	}
	app.Before(secure.HTTP01(8080))
	app.Before(https.Redirect(443))
	log.Fatal(app.RunOn(plain, secure))
}
