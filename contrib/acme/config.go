package acme

import (
	"cmp"
	"crypto/tls"
	"errors"
	"os"
	"slices"
	"time"

	"github.com/caddyserver/certmagic"
	"github.com/mholt/acmez/v3"
	"github.com/microroute/microroute/https"
)

// Config says which certificates are wanted, and of whom. Hosts is required, and Dir or Storage.
type Config struct {
	// Hosts are the names that the program is reached by, and IP addresses if the authority certifies those. Each gets a
	// certificate of its own.
	Hosts []string
	// Email is where the authority writes to if something is wrong with a certificate. It may be left out.
	Email string
	// Dir is a directory for the account with the authority, the certificates and their keys. It is made if it is not there, for
	// the program's own user only. It must outlast the program: authorities give only a few certificates for a name in a week.
	Dir string
	// CA is the URL of the authority's directory (RFC 8555 section 7.1.1); whoever uses it agrees to its terms of service.
	// Default: Let's Encrypt. certmagic.LetsEncryptStagingCA is for trying: its certificates are worth nothing, but many.
	CA string

	// HTTPS is the rest of what there is to be said of the listener. Its certificates, if it has some, are shown for other names,
	// and for Hosts until those have theirs.
	HTTPS https.Config
	// Issuer is what all that has no field here is taken from: an ExternalAccount, as some authorities want; TrustedRoots of a
	// private one; a DNS01Solver, which is then the only way to show that a name is the program's.
	Issuer certmagic.ACMEIssuer
	// Storage keeps what would be in Dir, for several programs on several machines that serve the same hosts. They share the
	// certificates, and it makes no difference which of them the authority reaches.
	Storage certmagic.Storage

	renewCheck time.Duration // how often to look for certificates that are to be renewed; zero is certmagic's 10 minutes
	noARI      bool          // renew by age alone, without asking the authority when (RFC 9773)
}

var (
	errNoHosts   = errors.New("acme: Config.Hosts is empty: which names are certificates wanted for?")
	errNoStorage = errors.New("acme: neither Config.Dir nor Config.Storage: where are certificates kept?")
)

// storage returns where everything is kept.
func (c Config) storage() (certmagic.Storage, error) {
	switch {
	case len(c.Hosts) == 0:
		return nil, errNoHosts
	case c.Storage != nil:
		return c.Storage, nil
	case c.Dir == "":
		return nil, errNoStorage
	}
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return nil, err
	}
	return &certmagic.FileStorage{Path: c.Dir}, nil
}

// issuer returns how certmagic is to ask for certificates, for a listener on a port.
func (c Config) issuer(host string, port int) certmagic.ACMEIssuer {
	i := c.Issuer
	i.CA, i.Email, i.Agreed = cmp.Or(c.CA, i.CA), cmp.Or(c.Email, i.Email), true
	i.DisableHTTPChallenge = true // see HTTP01
	// certmagic listens by itself where nobody does. Here somebody does.
	i.ListenHost, i.AltTLSALPNPort = host, port
	return i
}

// https returns the settings of the listener, with certificates by certmagic first.
func (c Config) https(magic *certmagic.Config) https.Config {
	t := &tls.Config{}
	if c.HTTPS.TLS != nil {
		t = c.HTTPS.TLS.Clone()
	}
	t.NextProtos = append(slices.Clone(t.NextProtos), acmez.ACMETLS1Protocol)
	other := t.GetCertificate
	t.GetCertificate = func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		found, err := magic.GetCertificate(hello)
		if err != nil && other != nil {
			return other(hello)
		}
		return found, err
	}
	h := c.HTTPS
	h.TLS = t
	return h
}
