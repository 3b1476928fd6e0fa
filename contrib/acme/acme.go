// Package acme serves Apps over TLS with certificates that it gets by itself from an authority such as Let's Encrypt, and
// renews before they expire (ACME, RFC 8555). The protocol itself is certmagic's.
//
//	log.Fatal(acme.Run(app, acme.Config{Hosts: []string{"tea.example"}, Email: "cook@tea.example", Dir: "/var/lib/tea"}))
//
// The authority wants to see that the hosts are the program's: it connects to them on port 443, and asks within the
// handshake for a certificate that only the program can know (tls-alpn-01, RFC 8737), or it sends a request to port 80
// (http-01, RFC 8555 section 8.3). Both must reach this program, perhaps by another port, and then nothing else has to be
// set up. Where neither does, and for names like *.tea.example, a DNS provider can help: see Config.Issuer.
//
// A Listener is what an App serves beside others:
//
//	secure, err := acme.Listen(":443", config)
//	…
//	app.Before(secure.HTTP01(80))
//	app.Before(https.Redirect(443))
//	log.Fatal(app.RunOn(plain, secure))
package acme

import (
	"net"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/https"
)

// Run serves app on port 443 over TLS, and on port 80 redirects to there, until the program is asked to end, as App.Run does.
// A system may ask for a privilege to listen there: on Linux, it is CAP_NET_BIND_SERVICE.
func Run(app *microroute.App, config Config) error {
	secure, err := Listen(":443", config)
	if err != nil {
		return err
	}
	plain, err := net.Listen("tcp", ":80")
	if err != nil {
		secure.Close()
		return err
	}
	app.Before(secure.HTTP01(80))
	app.Before(https.Redirect(443))
	return app.RunOn(plain, secure)
}
