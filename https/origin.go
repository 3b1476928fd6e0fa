package https

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"time"
)

// origin is where a certificate comes from.
type origin interface {
	// read returns the certificate the first time, then only if there may be another one than before, else nil.
	read(now time.Time) (*tls.Certificate, error)
	// String says for a log where that is.
	String() string
}

// origins returns where the certificates of a Config come from, the most important first.
func (c Config) origins() (origins []origin, err error) {
	pairs := c.Pairs
	if c.CertFile != "" || c.KeyFile != "" {
		pairs = slices.Insert(slices.Clone(pairs), 0, Pair{c.CertFile, c.KeyFile})
	}
	keep := c.SelfSigned && c.CertFile != ""
	for i, p := range pairs {
		if p.CertFile == "" {
			return nil, errNoCertificate
		}
		p = p.whole()
		if keep && i == 0 {
			if err := keepSelfSigned(p, c.Hosts); err != nil {
				return nil, err
			}
		}
		origins = append(origins, &files{Pair: p})
	}
	if c.TLS != nil {
		for i := range c.TLS.Certificates {
			origins = append(origins, &given{&c.TLS.Certificates[i]})
		}
	}
	if c.SelfSigned && !keep {
		origins = append(origins, &selfSigned{hosts: c.Hosts})
	}
	return origins, nil
}

// given is the origin of a certificate that stays as it is.
type given struct{ certificate *tls.Certificate }

var errEmpty = errors.New("https: a certificate of Config.TLS is empty")

// read returns the certificate with its Leaf.
func (g *given) read(time.Time) (*tls.Certificate, error) {
	c := g.certificate
	switch {
	case c == nil:
		return nil, nil
	case len(c.Certificate) == 0:
		return nil, errEmpty
	}
	g.certificate = nil
	if c.Leaf != nil {
		return c, nil
	}
	leaf, err := x509.ParseCertificate(c.Certificate[0])
	if err != nil {
		return nil, fmt.Errorf("https: certificate of Config.TLS: %w", err)
	}
	parsed := *c
	parsed.Leaf = leaf
	return &parsed, nil
}

func (*given) String() string { return "Config.TLS" }
