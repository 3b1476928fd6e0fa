// Package https serves Apps over TLS: certificates from files that are read anew when they change, or made for
// development, client certificates, HTTP/2, and plain HTTP redirected. The protocol itself is crypto/tls's.
//
//	log.Fatal(https.Run(app, ":443", https.Config{CertFile: "cert.pem", KeyFile: "key.pem"}))
//
// A Listener is what an App serves beside others, and around which other listeners may go:
//
//	secure, err := https.Listen(":443", config)
//	…
//	app.Before(https.Redirect(443))
//	log.Fatal(app.RunOn(plain, secure))
//
// Clients get TLS 1.3, or TLS 1.2 with its authenticated ciphers and forward secrecy; nothing older. They are served
// HTTP/2 if they offer it, else HTTP/1.1. A request that has come on a connection to another host is answered with 421
// (Misdirected Request), see Serves. Certificates of an authority (ACME) come through Config.TLS.
package https

import "github.com/microroute/microroute"

// Run serves app over TLS until the program is asked to end, as App.Run does. Without a port in addr it is 443: "" stands
// for ":443".
func Run(app *microroute.App, addr string, config Config) error {
	l, err := Listen(addr, config)
	if err != nil {
		return err
	}
	return app.RunOn(l)
}

// Start begins to serve app over TLS, and returns at once.
func Start(app *microroute.App, addr string, config Config) (*microroute.Server, error) {
	l, err := Listen(addr, config)
	if err != nil {
		return nil, err
	}
	return app.StartOn(l)
}
