package https_test

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/https"
)

func TestSelfSigned(t *testing.T) {
	made, err := https.SelfSigned("tea.test", "192.0.2.7", "localhost")
	if err != nil {
		t.Fatal(err)
	}
	leaf := made.Leaf
	names := []string{"localhost", "127.0.0.1", "::1", "tea.test", "192.0.2.7"}
	if host, err := os.Hostname(); err == nil && host != "" {
		names = append(names, host)
	}
	for _, name := range append(names, reachable(t)...) {
		if err := leaf.VerifyHostname(name); err != nil {
			t.Errorf("the certificate is not for %s: %v", name, err)
		}
	}
	if leaf.VerifyHostname("coffee.test") == nil {
		t.Error("the certificate is for coffee.test, too")
	}
	if n := len(slices.DeleteFunc(slices.Clone(leaf.DNSNames), func(name string) bool { return name != "localhost" })); n != 1 {
		t.Errorf("localhost is in it %d times, want once", n)
	}
	if valid := leaf.NotAfter.Sub(leaf.NotBefore); valid > 14*24*time.Hour {
		t.Errorf("it is valid for %v, more than WebTransport takes", valid)
	}
	trust := x509.NewCertPool()
	trust.AddCert(leaf)
	if _, err := leaf.Verify(x509.VerifyOptions{Roots: trust, DNSName: "tea.test"}); err != nil {
		t.Errorf("who trusts it cannot verify it: %v", err)
	}
}

// reachable returns the addresses of this machine that others may know.
func reachable(t *testing.T) (addresses []string) {
	all, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range all {
		if network, ok := one.(*net.IPNet); ok && network.IP.IsGlobalUnicast() {
			addresses = append(addresses, network.IP.String())
		}
	}
	return addresses
}

// A self-signed certificate is told of in the log, with its fingerprint, and is not there for those whom files suit.
func TestSelfSignedServes(t *testing.T) {
	at := write(t, t.TempDir(), test.issue(t, nil, "tea.test"))
	s := serve(t, https.Config{
		Pairs:      []https.Pair{at},
		SelfSigned: true, Hosts: []string{"dev.test"},
	}, microroute.Limits{}, hello)
	mustDial(t, s.addr, trusting("tea.test"))
	made := shown(t, s.addr, "dev.test")
	if err := made.VerifyHostname("dev.test"); err != nil {
		t.Error(err)
	}
	if n := s.log.count(https.Fingerprint(made)); n != 1 {
		t.Errorf("the log has its fingerprint %d times, want once: %s", n, &s.log.text)
	}
}

func TestFingerprint(t *testing.T) {
	// printf tea | sha256sum
	const want = "A9:F7:4D:1E:C3:6E:BD:EB:2D:A3:F6:E5:86:80:90:CD:2A:2D:20:B3:DC:CA:7B:62:F6:03:04:B1:D3:D9:EF:42"
	if got := https.Fingerprint(&x509.Certificate{Raw: []byte("tea")}); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// With files, a self-signed certificate stays the same when the program starts again; what else is there stays untouched.
func TestSelfSignedIsKept(t *testing.T) {
	for name, keyFile := range map[string]string{"two files": "key.pem", "one file": ""} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			config := https.Config{CertFile: filepath.Join(dir, "cert.pem"), SelfSigned: true}
			if keyFile != "" {
				config.KeyFile = filepath.Join(dir, keyFile)
			}
			first := certificateOf(t, config)
			if again := certificateOf(t, config); !again.Equal(first) {
				t.Error("the second start has made another certificate")
			}
			secret := config.CertFile
			if keyFile != "" {
				secret = config.KeyFile
			}
			info, err := os.Stat(secret)
			if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
				t.Errorf("the key's file: %v, %v, want it readable by its owner alone", info.Mode(), err)
			}
		})
	}
	t.Run("another certificate", func(t *testing.T) {
		mine := test.issue(t, nil, "tea.test")
		at := write(t, t.TempDir(), mine)
		got := certificateOf(t, https.Config{CertFile: at.CertFile, KeyFile: at.KeyFile, SelfSigned: true})
		if !got.Equal(mine.Leaf) {
			t.Error("the certificate of the files has been replaced")
		}
	})
	t.Run("expired", func(t *testing.T) {
		made, err := https.SelfSigned()
		if err != nil {
			t.Fatal(err)
		}
		organization := made.Leaf.Subject.Organization
		old := test.issue(t, func(c *x509.Certificate) {
			c.Subject.Organization = organization
			c.NotAfter = time.Now().Add(-time.Minute)
		}, "localhost")
		at := write(t, t.TempDir(), old)
		got := certificateOf(t, https.Config{CertFile: at.CertFile, KeyFile: at.KeyFile, SelfSigned: true})
		if got.Equal(old.Leaf) || time.Now().After(got.NotAfter) {
			t.Errorf("got a certificate until %v, want a new one", got.NotAfter)
		}
	})
	t.Run("key is missing", func(t *testing.T) {
		at := write(t, t.TempDir(), test.issue(t, nil, "tea.test"))
		if err := os.Remove(at.KeyFile); err != nil {
			t.Fatal(err)
		}
		if l, err := https.Listen("127.0.0.1:0", https.Config{CertFile: at.CertFile, KeyFile: at.KeyFile, SelfSigned: true}); err == nil {
			l.Close()
			t.Error("a certificate without its key has been replaced, want an error")
		}
	})
}

// certificateOf returns the certificate that a Listener would show.
func certificateOf(t *testing.T, config https.Config) *x509.Certificate {
	t.Helper()
	l, err := https.Listen("127.0.0.1:0", config)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Certificate("")
}

// The certificate for a name is known, unless a hook has it.
func TestCertificate(t *testing.T) {
	tea, coffee := test.issue(t, nil, "tea.test"), test.issue(t, nil, "coffee.test")
	config := given(tea, coffee)
	for name, want := range map[string]*x509.Certificate{"": tea.Leaf, "coffee.test": coffee.Leaf, "water.test": tea.Leaf} {
		l, err := https.NewListener(newPipes(), config)
		if err != nil {
			t.Fatal(err)
		}
		if got := l.Certificate(name); !got.Equal(want) {
			t.Errorf("name %q: got the certificate for %v, want that for %v", name, got.DNSNames, want.DNSNames)
		}
	}
	config.TLS.GetCertificate = func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return &tea, nil }
	l, err := https.NewListener(newPipes(), config)
	if err != nil {
		t.Fatal(err)
	}
	if got := l.Certificate("tea.test"); got != nil {
		t.Errorf("with a hook: got the certificate for %v, want nil", got.DNSNames)
	}
}
