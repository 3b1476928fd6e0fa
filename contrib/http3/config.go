package http3

import (
	"crypto/tls"
	"errors"
	"time"

	"github.com/microroute/microroute"
	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/http3"
)

// Config is how a Listener speaks QUIC. It needs TLS.
type Config struct {
	// TLS has the certificates and all other settings of TLS but NextProtos and MinVersion, which HTTP/3 prescribes. It is not
	// changed. A Listener of package https has one, see its TLSConfig: its files are read anew for both.
	TLS *tls.Config
	// QUIC is what all that has no field in the App's Limits is taken from; it is not changed. Clients may have 100 requests
	// under way at a time on a connection (MaxIncomingStreams), are taken for gone after 30 s of silence (MaxIdleTimeout), and are
	// asked for a sign of life every 15 s (KeepAlivePeriod; a negative one does not ask). Allow0RTT has no effect.
	QUIC *quic.Config
}

// keepAlive is how often clients are asked for a sign of life, so that those who wait for a slow answer are not given up,
// while those that have vanished are. Package net does the same for TCP.
const keepAlive = 15 * time.Second

var errNoCertificate = errors.New("http3: no certificate: set Config.TLS, perhaps to TLSConfig() of a listener of package https")

// tls returns the settings for crypto/tls.
func (c Config) tls() (*tls.Config, error) {
	t := c.TLS
	if t == nil || len(t.Certificates) == 0 && t.GetCertificate == nil && t.GetConfigForClient == nil {
		return nil, errNoCertificate
	}
	return http3.ConfigureTLSConfig(rememberShown(t)), nil
}

// quic returns the settings for quic-go.
func (c Config) quic(limits microroute.Limits) *quic.Config {
	q := &quic.Config{}
	if c.QUIC != nil {
		q = c.QUIC.Clone()
	}
	if q.HandshakeIdleTimeout == 0 {
		q.HandshakeIdleTimeout = max(limits.HeadTimeout/2, 0) // the whole handshake may take twice as long
	}
	if q.KeepAlivePeriod == 0 {
		q.KeepAlivePeriod = keepAlive
	}
	q.KeepAlivePeriod = max(q.KeepAlivePeriod, 0)
	return q
}
