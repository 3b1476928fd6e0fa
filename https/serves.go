package https

import (
	"crypto/tls"
	"crypto/x509"
	"strings"

	"github.com/microroute/microroute/internal/ascii"
	"github.com/microroute/microroute/message"
)

// Serves reports whether a request for host, with a port or without, belongs on a TLS connection (RFC 9110 section 7.4). If
// it does not, the answer is 421 (Misdirected Request), and the client will try another connection.
//
// It does if the client has asked for the same name in its handshake, without regard to case and a dot at the end, or for
// none, as clients that know an IP address only. Another name belongs there, too, if the certificate that was shown is for
// it: clients of HTTP/2 and HTTP/3 then put the requests for both on one connection. Give no certificate, or nil, where it
// is not known, or where hosts differ in what clients must show. With a certificate of the client's, too, only the name
// that it has asked for will do: it might not have passed the checks of another host.
func Serves(state *tls.ConnectionState, host string, shown ...*x509.Certificate) bool {
	if state == nil || state.ServerName == "" || host == "" {
		return true
	}
	name := message.Hostname(host)
	if ascii.EqualFold(name, strings.TrimSuffix(state.ServerName, ".")) {
		return true
	}
	return len(shown) > 0 && shown[0] != nil && len(state.PeerCertificates) == 0 && shown[0].VerifyHostname(name) == nil
}
