package https

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"net/http"
	"slices"
)

// Config is how a Listener speaks TLS. It needs a certificate: from files, SelfSigned, or through TLS.
type Config struct {
	// CertFile has the server's certificate and behind it those of the authorities between it and the root, KeyFile its
	// private key, both as PEM. Without a KeyFile the key is in CertFile, too. Files that have changed are read within a
	// second or so, at the next handshake; while the new ones are incomplete, or do not fit each other, the old certificate
	// stays.
	CertFile, KeyFile string
	// Pairs are more certificates. A client gets one for the name it asks for, the first that it can use: one with
	// that very name, else one for "*." and the rest of it. If there is none it gets the first of all, CertFile's.
	Pairs []Pair
	// SelfSigned makes a certificate for development, see the function of that name, and a new one before it expires. With
	// CertFile and KeyFile it is written there unless both exist, so that it stays the same, for those ten days, when the
	// program starts again.
	SelfSigned bool
	// Hosts are names and IP addresses that the self-signed certificate is for beside those of this machine.
	Hosts []string

	// ClientCAFiles and ClientCAs are authorities for the certificates of clients, the former as files of PEM that are read
	// once. If there are any, a client must have a certificate by one of them; see ClientCertificate.
	ClientCAFiles []string
	ClientCAs     *x509.CertPool
	// ClientOptional lets clients in without a certificate, too.
	ClientOptional bool

	// HTTP2 limits what clients of HTTP/2 may do, see nethttp.NewHTTP2: 100 requests at a time, if it says nothing.
	HTTP2 http.HTTP2Config
	// NoHTTP2 offers clients HTTP/1.1 only.
	NoHTTP2 bool

	// TLS is what all that has no field here is taken from; it is not changed. Its GetCertificate goes before the other
	// certificates, which serve where it has none, and its NextProtos are offered beside HTTP: connections of such a protocol
	// end with their handshake, as those of acme-tls/1 do (RFC 8737). MinVersion and CipherSuites replace the defaults, and
	// what GetConfigForClient returns, all that is here.
	TLS *tls.Config
	// Logger is told of certificates that change, cannot be read or have expired. Default: the App's.
	Logger *slog.Logger
}

// Pair is a certificate with its key in files of PEM, as in Config.
type Pair struct{ CertFile, KeyFile string }

// Protocols that are negotiated within the handshake (RFC 7301 section 6, RFC 9113 section 3.2).
const (
	protocolHTTP10 = "http/1.0" // all that curl --http1.0 offers
	protocolHTTP11 = "http/1.1"
	protocolHTTP2  = "h2"
)

// modernCiphers are the cipher suites of TLS 1.2 with authenticated encryption and ephemeral keys. Go chooses among them.
var modernCiphers = []uint16{
	tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
	tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
	tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
	tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
	tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
	tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
}

var errNoCertificate = errors.New("https: no certificate: set CertFile and KeyFile, or SelfSigned for development")

// tls returns the settings for crypto/tls, but for certificates. They do not offer HTTP/2 yet.
func (c Config) tls() (*tls.Config, error) {
	t := &tls.Config{}
	if c.TLS != nil {
		t = c.TLS.Clone()
	}
	if t.MinVersion == 0 {
		t.MinVersion = tls.VersionTLS12
	}
	if t.CipherSuites == nil {
		t.CipherSuites = modernCiphers
	}
	others := slices.DeleteFunc(slices.Clone(t.NextProtos), func(protocol string) bool {
		return protocol == protocolHTTP2 || isHTTP1(protocol)
	})
	t.NextProtos = slices.Concat([]string{protocolHTTP11, protocolHTTP10}, others)
	return t, c.askClients(t)
}

func isHTTP1(protocol string) bool { return protocol == protocolHTTP11 || protocol == protocolHTTP10 }

// askClients has clients show certificates, if there are authorities for those.
func (c Config) askClients(t *tls.Config) error {
	if len(c.ClientCAFiles) == 0 && c.ClientCAs == nil {
		return nil
	}
	t.ClientCAs = x509.NewCertPool()
	if c.ClientCAs != nil {
		t.ClientCAs = c.ClientCAs.Clone()
	}
	for _, name := range c.ClientCAFiles {
		if err := addAuthorities(t.ClientCAs, name); err != nil {
			return err
		}
	}
	t.ClientAuth = tls.RequireAndVerifyClientCert
	if c.ClientOptional {
		t.ClientAuth = tls.VerifyClientCertIfGiven
	}
	return nil
}
