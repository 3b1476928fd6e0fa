package https

import (
	"crypto/tls"
	"crypto/x509"

	"github.com/microroute/microroute"
)

// State returns the state of the TLS connection that a request has come on, also over HTTP/2 and HTTP/3; nil if there is
// none. It belongs to the connection: do not change it.
func State(c *microroute.Context) *tls.ConnectionState {
	state, _ := c.Request.TLS().(*tls.ConnectionState)
	return state
}

// ClientCertificate returns the certificate that the client has shown, verified by the authorities of Config; nil if there
// is none, or nobody has verified it.
func ClientCertificate(c *microroute.Context) *x509.Certificate {
	state := State(c)
	if state == nil || len(state.VerifiedChains) == 0 {
		return nil
	}
	return state.VerifiedChains[0][0]
}
