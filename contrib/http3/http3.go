// Package http3 serves Apps over HTTP/3 (RFC 9114), beside HTTP/1.1 and HTTP/2. The protocol itself, and QUIC below it, are
// quic-go's.
//
//	log.Fatal(http3.Run(app, ":443", https.Config{CertFile: "cert.pem", KeyFile: "key.pem"}))
//
// A Listener is what an App serves beside others. Its connections count among those of the same Server, and end with them:
//
//	secure, err := https.Listen(":443", config)
//	…
//	fast, err := http3.Listen(":443", http3.Config{TLS: secure.TLSConfig()})
//	…
//	app.Before(http3.Advertise(443, 24*time.Hour))
//	log.Fatal(app.RunOn(secure, fast))
//
// Clients find HTTP/3 by what the answers over TCP say of it, see Advertise; those whose network lets no UDP through stay
// with TCP. Handlers are the same and see the same, with Request.Proto "HTTP/3.0". As over HTTP/2, Response.Client and
// Response.Upgrade are microroute.ErrNoClient, and reason phrases are not sent. There is no 0-RTT: what a client sends
// before its handshake is complete, others can repeat (RFC 8470).
package http3

import (
	"net"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/https"
)

// Run serves app over HTTP/3, HTTP/2 and HTTP/1.1, all with TLS, until the program is asked to end, as App.Run does: on the
// same port of TCP and of UDP. Without a port in addr it is 443. It advertises HTTP/3 for a day, see Advertise.
func Run(app *microroute.App, addr string, config https.Config) error {
	listeners, err := listen(app, addr, config)
	if err != nil {
		return err
	}
	return app.RunOn(listeners...)
}

// Start begins to serve what Run serves, and returns at once. The first address of the Server is that of TCP, the second that
// of UDP.
func Start(app *microroute.App, addr string, config https.Config) (*microroute.Server, error) {
	listeners, err := listen(app, addr, config)
	if err != nil {
		return nil, err
	}
	return app.StartOn(listeners...)
}

// listen listens for both, and has app advertise it.
func listen(app *microroute.App, addr string, config https.Config) ([]net.Listener, error) {
	secure, err := https.Listen(addr, config)
	if err != nil {
		return nil, err
	}
	fast, err := Listen(secure.Addr().String(), Config{TLS: secure.TLSConfig()})
	if err != nil {
		secure.Close()
		return nil, err
	}
	app.Before(Advertise(fast.port(), 24*time.Hour))
	return []net.Listener{secure, fast}, nil
}
