package https

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// certificates are those of a Listener. Changes are looked for without a goroutine: by the first handshake of a second,
// while others go on with what there is.
type certificates struct {
	hook   func(*tls.ClientHelloInfo) (*tls.Certificate, error) // asked first, nil if there is none
	logger *slog.Logger

	shelf atomic.Pointer[shelf]
	began time.Time
	due   atomic.Int64 // when to look for changes, in nanoseconds since began

	mu  sync.Mutex
	all []*certificate // in the order of Config
}

// certificate is one of them, with where it comes from.
type certificate struct {
	*tls.Certificate
	origin  origin
	failure string // the last, so that it is logged once
	invalid bool   // expired, or not valid yet; that has been logged
}

// lookEvery is the time between two looks for changes.
const lookEvery = time.Second

// newCertificates reads all certificates of a Config, and fails if one cannot be had.
func newCertificates(config Config) (*certificates, error) {
	origins, err := config.origins()
	if err != nil {
		return nil, err
	}
	c := &certificates{logger: config.Logger, began: time.Now()}
	if c.logger == nil {
		c.logger = slog.Default()
	}
	if config.TLS != nil {
		c.hook = config.TLS.GetCertificate
	}
	for _, origin := range origins {
		read, err := origin.read(c.began)
		if err != nil {
			return nil, err
		}
		c.all = append(c.all, &certificate{Certificate: read, origin: origin})
	}
	if len(c.all) == 0 && c.hook == nil && (config.TLS == nil || config.TLS.GetConfigForClient == nil) {
		return nil, errNoCertificate
	}
	c.shelf.Store(newShelf(c.all))
	c.due.Store(int64(lookEvery))
	return c, nil
}

// get returns the certificate for a client, nil if there is none: crypto/tls says so then.
func (c *certificates) get(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.look()
	chosen := c.shelf.Load().choose(hello)
	if c.hook != nil {
		if got, err := c.hook(hello); chosen == nil || got != nil && err == nil {
			return got, err
		}
	}
	return chosen, nil
}

// leaf returns the certificate for clients who ask for a name, nil if that is not known.
func (c *certificates) leaf(name string) *x509.Certificate {
	c.look()
	if found := c.shelf.Load().find(name); c.hook == nil && len(found) > 0 {
		return found[0].Leaf
	}
	return nil
}

// look reads those certificates anew that have changed, if it is time to look again.
func (c *certificates) look() {
	elapsed := int64(time.Since(c.began))
	due := c.due.Load()
	if elapsed < due || !c.due.CompareAndSwap(due, elapsed+int64(lookEvery)) {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	changed := false
	for _, one := range c.all {
		changed = one.look(now, c.logger) || changed
		one.warn(now, c.logger)
	}
	if changed {
		c.shelf.Store(newShelf(c.all))
	}
}

// look reads c anew if it has changed, and reports whether it has.
func (c *certificate) look(now time.Time, logger *slog.Logger) bool {
	read, err := c.origin.read(now)
	if err != nil {
		if failure := err.Error(); failure != c.failure {
			c.failure = failure
			logger.Warn("certificate not read anew, the old one stays", "from", c.origin.String(), "error", err)
		}
		return false
	}
	if read == nil {
		return false
	}
	c.failure = ""
	if slices.EqualFunc(read.Certificate, c.Certificate.Certificate, bytes.Equal) {
		return false
	}
	c.Certificate, c.invalid = read, false
	logger.Info("certificate changed", "from", c.origin.String(), "names", read.Leaf.DNSNames, "until", read.Leaf.NotAfter)
	return true
}

// introduce logs what there is to be known of the certificates when serving begins.
func (c *certificates) introduce(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, one := range c.all {
		one.warn(now, c.logger)
		if isSelfMade(one.Leaf) {
			c.logger.Info("self-signed certificate for development", "names", one.Leaf.DNSNames, "addresses", one.Leaf.IPAddresses,
				"until", one.Leaf.NotAfter, "fingerprint", Fingerprint(one.Leaf))
		}
	}
}

// warn logs once that c is not valid.
func (c *certificate) warn(now time.Time, logger *slog.Logger) {
	known := c.invalid
	c.invalid = now.Before(c.Leaf.NotBefore) || now.After(c.Leaf.NotAfter)
	if c.invalid && !known {
		logger.Warn("certificate is not valid now, clients will refuse it: renew it", "from", c.origin.String(),
			"names", c.Leaf.DNSNames, "not before", c.Leaf.NotBefore, "until", c.Leaf.NotAfter)
	}
}
