// Command proxies is the program of the chapter about proxies: a shop behind a proxy that speaks HTTP, or behind a balancer
// that passes connections on.
//
//	go run ./examples/guide/proxies http
package main

import (
	"fmt"
	"log"
	"net"
	"net/netip"
	"os"
	"strings"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/https"
	"github.com/microroute/microroute/middleware/forwarded"
	"github.com/microroute/microroute/proxyprotocol"
)

func main() {
	app := newShop()
	switch strings.Join(os.Args[1:], " ") {
	case "http":
		log.Fatal(app.Run(":8080"))
	case "balancer":
		log.Fatal(runBalanced(app))
	case "balancer tls":
		log.Fatal(runBalancedTLS(app))
	default:
		log.Fatal("usage: proxies http | balancer | balancer tls")
	}
}

// newShop returns the App.
func newShop() *microroute.App {
	app := microroute.New()
	app.Before(forwarded.New(forwarded.Config{
		Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/24")},
		Client:  "X-Forwarded-For",
		Scheme:  "X-Forwarded-Proto",
	}))
	app.Before(schemeOfBalancer)
	app.Get("/", func(c *microroute.Context) string {
		r := c.Request
		return fmt.Sprintf("Welcome, %s. Tell your friends of %s://%s/", r.RemoteAddr.Addr(), r.Scheme(), r.Host())
	})
	app.Get("/staff", func(c *microroute.Context) (string, error) {
		if !c.Request.RemoteAddr.Addr().IsPrivate() {
			return "", &microroute.Error{Status: 403, Detail: "This page is for the staff."}
		}
		return "There is plenty of tea.", nil
	})
	return app
}

// schemeOfBalancer takes the scheme from a balancer that speaks TLS with the client, and tells of it.
func schemeOfBalancer(c *microroute.Context) error {
	if h := proxyprotocol.HeaderOf(c.Request); h != nil && h.TLS() != nil {
		c.Request.SetOrigin("https", "")
	}
	return nil
}

// balancers are the addresses from which connections are passed on.
func balancers() proxyprotocol.Config {
	return proxyprotocol.Config{From: []netip.Prefix{netip.MustParsePrefix("10.0.1.0/24")}}
}

// runBalanced serves the shop behind a balancer.
func runBalanced(app *microroute.App) error {
	l, err := net.Listen("tcp", ":8080")
	if err != nil {
		return err
	}
	return app.RunOn(proxyprotocol.NewListener(l, balancers()))
}

// runBalancedTLS does, too, but speaks TLS with the clients itself.
func runBalancedTLS(app *microroute.App) error {
	l, err := net.Listen("tcp", ":8443")
	if err != nil {
		return err
	}
	config := https.Config{CertFile: "cert.pem", KeyFile: "key.pem"}
	secure, err := https.NewListener(proxyprotocol.NewListener(l, balancers()), config)
	if err != nil {
		return err
	}
	return app.RunOn(secure)
}
