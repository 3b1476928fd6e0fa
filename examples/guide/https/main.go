// Command https is the program of the chapter about HTTPS: a shop that is served over TLS, in one of several ways.
//
//	go run ./examples/guide/https development
package main

import (
	"fmt"
	"log"
	"net"
	"os"
	"strings"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/https"
	"github.com/microroute/microroute/nethttp"
)

func main() {
	app := newShop()
	switch strings.Join(os.Args[1:], " ") {
	case "simple":
		log.Fatal(https.Run(app, ":443", https.Config{CertFile: "cert.pem", KeyFile: "key.pem"}))
	case "development":
		log.Fatal(https.Run(app, "localhost:8443", https.Config{SelfSigned: true}))
	case "public":
		log.Fatal(runPublic(app))
	case "staff":
		log.Fatal(runStaff(app))
	case "inside":
		log.Fatal(runInside(app))
	default:
		log.Fatal("usage: https simple | development | public | staff | inside")
	}
}

// newShop returns the App.
func newShop() *microroute.App {
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) string {
		return "<h1>Teas</h1>\n<p>This came over " + c.Request.Proto + ".</p>"
	})
	app.Get("/stock", func(c *microroute.Context) (string, error) {
		client := https.ClientCertificate(c)
		if client == nil {
			return "", &microroute.Error{Status: 403, Detail: "This page is for the staff."}
		}
		return fmt.Sprintf("Good morning, %s. There is plenty of tea.", client.Subject.CommonName), nil
	})
	return app
}

// runPublic serves two shops and those who come by plain HTTP.
func runPublic(app *microroute.App) error {
	plain, err := net.Listen("tcp", ":80")
	if err != nil {
		return err
	}
	secure, err := https.Listen(":443", https.Config{
		Pairs: []https.Pair{
			{CertFile: "tea.example/fullchain.pem", KeyFile: "tea.example/privkey.pem"},
			{CertFile: "coffee.example/fullchain.pem", KeyFile: "coffee.example/privkey.pem"},
		},
	})
	if err != nil {
		return err
	}
	onlySecure(app, 443)
	return app.RunOn(plain, secure)
}

// onlySecure sends clients that come by plain HTTP to a port of TLS, and has browsers go there by themselves for a year.
func onlySecure(app *microroute.App, port int) {
	app.Before(https.Redirect(port))
	app.Before(https.StrictTransport(365 * 24 * time.Hour))
}

// runStaff serves those who have a certificate, and lets others in where they need none.
func runStaff(app *microroute.App) error {
	return https.Run(app, ":443", https.Config{
		CertFile:       "cert.pem",
		KeyFile:        "key.pem",
		ClientCAFiles:  []string{"staff.pem"},
		ClientOptional: true,
	})
}

// runInside serves a proxy that speaks HTTP/2 without TLS.
func runInside(app *microroute.App) error {
	l, err := net.Listen("tcp", "127.0.0.1:8080")
	if err != nil {
		return err
	}
	return app.RunOn(nethttp.PriorKnowledge(l))
}
