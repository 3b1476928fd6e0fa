package https

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"time"
)

// selfSignedTime is for how long a self-signed certificate is valid. WebTransport takes one by its fingerprint if that is
// two weeks at most, and its key one of ECDSA with P-256.
const selfSignedTime = 10 * 24 * time.Hour

// selfSignedBy is the organization in self-signed certificates, by which they are known again.
const selfSignedBy = "microroute, for development"

// SelfSigned makes a certificate that nobody vouches for, valid for ten days: for localhost, the name and the addresses of
// this machine, and for hosts, names or IP addresses. Clients refuse it, unless their users compare its Fingerprint, or
// trust it by their own choice (curl --cacert).
func SelfSigned(hosts ...string) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	now := time.Now()
	template := &x509.Certificate{
		Subject:               pkix.Name{Organization: []string{selfSignedBy}, CommonName: "localhost"},
		NotBefore:             now.Add(-time.Hour), // for clients whose clocks are slow
		NotAfter:              now.Add(selfSignedTime - time.Hour),
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
	}
	for _, host := range slices.Concat([]string{"localhost", "127.0.0.1", "::1"}, ownHosts(), hosts) {
		if ip, err := netip.ParseAddr(host); err == nil {
			template.IPAddresses = append(template.IPAddresses, ip.AsSlice())
		} else if !slices.Contains(template.DNSNames, host) {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("https: self-signed certificate for %q: %w", template.DNSNames, err)
	}
	leaf, err := x509.ParseCertificate(der)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, err
}

// ownHosts returns the name of this machine, unless it is one that certificates cannot have, and the addresses by which
// others may reach it.
func ownHosts() (hosts []string) {
	if name, err := os.Hostname(); err == nil && name != "" && strings.IndexFunc(name, notInNames) < 0 {
		hosts = append(hosts, name)
	}
	addresses, _ := net.InterfaceAddrs() // none if they cannot be had
	for _, address := range addresses {
		if prefix, err := netip.ParsePrefix(address.String()); err == nil && prefix.Addr().IsGlobalUnicast() {
			hosts = append(hosts, prefix.Addr().String())
		}
	}
	return hosts
}

func notInNames(r rune) bool { return r <= ' ' || r > '~' }

// Fingerprint returns the SHA-256 of a certificate as browsers show it: "3F:9A:2C…".
func Fingerprint(certificate *x509.Certificate) string {
	sum := sha256.Sum256(certificate.Raw)
	pairs := make([]string, len(sum))
	for i := range sum {
		pairs[i] = hex.EncodeToString(sum[i : i+1])
	}
	return strings.ToUpper(strings.Join(pairs, ":"))
}

// selfSigned is the origin of self-signed certificates.
type selfSigned struct {
	hosts []string
	until time.Time // when a new one is due
}

func (s *selfSigned) read(now time.Time) (*tls.Certificate, error) {
	if now.Before(s.until) {
		return nil, nil
	}
	made, err := SelfSigned(s.hosts...)
	if err != nil {
		return nil, err
	}
	s.until = renewal(made.Leaf)
	return &made, nil
}

func (*selfSigned) String() string { return "Config.SelfSigned" }

// renewal returns when the successor of a self-signed certificate is made.
func renewal(leaf *x509.Certificate) time.Time { return leaf.NotAfter.Add(-24 * time.Hour) }

// isSelfMade reports whether a certificate was made by SelfSigned.
func isSelfMade(leaf *x509.Certificate) bool {
	return slices.Equal(leaf.Subject.Organization, []string{selfSignedBy})
}

// keepSelfSigned sees to it that there is a self-signed certificate in the files, unless there is something else.
func keepSelfSigned(p Pair, hosts []string) error {
	if exists(p.CertFile) || exists(p.KeyFile) {
		old, err := p.read()
		if err != nil || !isSelfMade(old.Leaf) || time.Now().Before(renewal(old.Leaf)) {
			return err
		}
	}
	made, err := SelfSigned(hosts...)
	if err != nil {
		return err
	}
	key, err := x509.MarshalPKCS8PrivateKey(made.PrivateKey)
	if err != nil {
		return err
	}
	keyText := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: made.Certificate[0]})
	if p.KeyFile == p.CertFile {
		return writeSecret(p.CertFile, append(text, keyText...))
	}
	if err := writeSecret(p.KeyFile, keyText); err != nil {
		return err
	}
	if err := os.WriteFile(p.CertFile, text, 0o644); err != nil {
		return fileError(p.CertFile, err)
	}
	return nil
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

func writeSecret(name string, text []byte) error {
	if err := os.WriteFile(name, text, 0o600); err != nil {
		return fileError(name, err)
	}
	return nil
}
