package https_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/https"
)

// shown returns the certificate that a client which asks for a name gets, whether it likes it or not.
func shown(t testing.TB, addr, name string) *x509.Certificate {
	t.Helper()
	conn := mustDial(t, addr, &tls.Config{ServerName: name, InsecureSkipVerify: true})
	defer conn.Close()
	return conn.ConnectionState().PeerCertificates[0]
}

// A client gets the certificate for the name that it asks for.
func TestChoiceByName(t *testing.T) {
	dir := func() string { return t.TempDir() }
	first := write(t, dir(), test.issue(t, nil, "first.test"))
	s := serve(t, https.Config{
		CertFile: first.CertFile,
		KeyFile:  first.KeyFile,
		Pairs: []https.Pair{
			write(t, dir(), test.issue(t, nil, "*.tea.test")),
			write(t, dir(), test.issue(t, nil, "green.tea.test", "Matcha.TEST")),
		},
		TLS: &tls.Config{Certificates: []tls.Certificate{test.issue(t, nil, "given.test")}},
	}, microroute.Limits{}, hello)
	for name, want := range map[string]string{
		"":               "first.test",
		"127.0.0.1":      "first.test", // which no client asks for
		"first.test":     "first.test",
		"unknown.test":   "first.test",
		"tea.test":       "first.test",
		"a.b.tea.test":   "first.test",
		"black.tea.test": "*.tea.test",
		"GREEN.tea.test": "green.tea.test",
		"matcha.test":    "green.tea.test",
		"given.test":     "given.test",
	} {
		if got := shown(t, s.addr, name).DNSNames[0]; got != want {
			t.Errorf("name %q: got the certificate for %s, want that for %s", name, got, want)
		}
	}
}

// Of two certificates for a name, a client gets one that it can use.
func TestChoiceByKey(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	modern := test.issue(t, nil, "tea.test")
	template := *modern.Leaf
	der, err := x509.CreateCertificate(rand.Reader, &template, test.certificate, key.Public(), test.key)
	if err != nil {
		t.Fatal(err)
	}
	old := tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	s := serve(t, given(modern, old), microroute.Limits{}, hello)
	for cipher, want := range map[uint16]x509.PublicKeyAlgorithm{
		tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: x509.ECDSA,
		tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256:   x509.RSA,
	} {
		config := trusting("tea.test")
		config.MaxVersion, config.CipherSuites = tls.VersionTLS12, []uint16{cipher}
		got := mustDial(t, s.addr, config).ConnectionState().PeerCertificates[0].PublicKeyAlgorithm
		if got != want {
			t.Errorf("with %s: got a certificate of %v, want %v", tls.CipherSuiteName(cipher), got, want)
		}
	}
}

// The hook goes before the files, which serve where it has nothing.
func TestGetCertificate(t *testing.T) {
	files := write(t, t.TempDir(), test.issue(t, nil, "tea.test"))
	hook := test.issue(t, nil, "tea.test", "hook.test")
	s := serve(t, https.Config{CertFile: files.CertFile, KeyFile: files.KeyFile, TLS: &tls.Config{
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			switch hello.ServerName {
			case "hook.test":
				return &hook, nil
			case "error.test":
				return nil, errors.New("out of certificates")
			}
			return nil, nil
		},
	}}, microroute.Limits{}, hello)
	for name, want := range map[string]int{"hook.test": 2, "tea.test": 1, "error.test": 1, "": 1} {
		if got := len(shown(t, s.addr, name).DNSNames); got != want {
			t.Errorf("name %q: got a certificate with %d names, want %d", name, got, want)
		}
	}
	for reason, failure := range map[string]error{"no certificates": nil, "out of certificates": errors.New("out of certificates")} {
		only := serve(t, https.Config{TLS: &tls.Config{
			GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return nil, failure },
		}}, microroute.Limits{}, hello)
		if _, err := dial(only.addr, trusting("tea.test")); err == nil {
			t.Errorf("%s: the handshake has worked", reason)
		}
		await(t, "the log to say "+reason, func() bool { return only.log.count(reason) == 1 })
	}
}

// Files that change are read anew, however they are replaced.
func TestReload(t *testing.T) {
	overwrite := func(t *testing.T, at https.Pair, text, key []byte) {
		writeFile(t, at.CertFile, text)
		writeFile(t, at.KeyFile, key)
	}
	rename := func(t *testing.T, at https.Pair, text, key []byte) {
		for name, text := range map[string][]byte{at.CertFile: text, at.KeyFile: key} {
			if err := os.Rename(writeFile(t, name+".new", text), name); err != nil {
				t.Fatal(err)
			}
		}
	}
	// As Kubernetes does: the files are links through a link to a directory, which is what changes.
	swap := func(t *testing.T, at https.Pair, text, key []byte) {
		if runtime.GOOS == "windows" {
			t.Skip("symbolic links take a privilege")
		}
		dir := filepath.Dir(at.CertFile)
		fresh, err := os.MkdirTemp(dir, "..")
		if err != nil {
			t.Fatal(err)
		}
		writeFile(t, filepath.Join(fresh, "cert.pem"), text)
		writeFile(t, filepath.Join(fresh, "key.pem"), key)
		link := filepath.Join(dir, "..data")
		if err := errors.Join(os.Symlink(fresh, link+".new"), os.Rename(link+".new", link)); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{at.CertFile, at.KeyFile} {
			if _, err := os.Lstat(name); err == nil {
				continue
			}
			if err := os.Symlink(filepath.Join("..data", filepath.Base(name)), name); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, replace := range map[string]func(*testing.T, https.Pair, []byte, []byte){
		"overwritten": overwrite, "renamed": rename, "symbolic link": swap,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			at := https.Pair{CertFile: filepath.Join(dir, "cert.pem"), KeyFile: filepath.Join(dir, "key.pem")}
			old, fresh := test.issue(t, nil, "tea.test"), test.issue(t, nil, "tea.test", "new.test")
			text, key := texts(t, old)
			replace(t, at, text, key)
			s := serve(t, https.Config{CertFile: at.CertFile, KeyFile: at.KeyFile}, microroute.Limits{}, hello)
			if got := shown(t, s.addr, "tea.test"); !got.Equal(old.Leaf) {
				t.Fatal("got another certificate than that of the files")
			}
			text, key = texts(t, fresh)
			replace(t, at, text, key)
			await(t, "the new certificate", func() bool { return shown(t, s.addr, "tea.test").Equal(fresh.Leaf) })
			if got := shown(t, s.addr, "new.test"); !got.Equal(fresh.Leaf) {
				t.Error("the certificate is not chosen by its new name")
			}
			if n := s.log.count("certificate changed"); n != 1 {
				t.Errorf("the log speaks %d times of a change, want once: %s", n, &s.log.text)
			}
		})
	}
}

// No handshake fails while the files change, and both of them are always of one pair.
func TestReloadUnderLoad(t *testing.T) {
	t.Parallel()
	at := write(t, t.TempDir(), test.issue(t, nil, "tea.test"))
	s := serve(t, https.Config{CertFile: at.CertFile, KeyFile: at.KeyFile}, microroute.Limits{}, hello)
	var stop atomic.Bool
	var handshakes atomic.Int32
	var clients sync.WaitGroup
	for range 2 {
		clients.Go(func() {
			for !stop.Load() {
				conn, err := dial(s.addr, trusting("tea.test"))
				if err != nil {
					t.Errorf("handshake %d: %v", handshakes.Load(), err)
					return
				}
				handshakes.Add(1)
				conn.Close()
			}
		})
	}
	for range 2 {
		fresh := test.issue(t, nil, "tea.test")
		write(t, filepath.Dir(at.CertFile), fresh)
		await(t, "the new certificate", func() bool { return shown(t, s.addr, "tea.test").Equal(fresh.Leaf) })
	}
	stop.Store(true)
	clients.Wait()
}

// A certificate that clients will refuse is served, for want of a better one, and warned of.
func TestExpired(t *testing.T) {
	for name, change := range map[string]func(*x509.Certificate){
		"expired":       func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) },
		"not yet valid": func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Minute) },
		"valid":         nil,
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, given(test.issue(t, change, "tea.test")), microroute.Limits{}, hello)
			shown(t, s.addr, "tea.test")
			want := 1
			if change == nil {
				want = 0
			}
			if n := s.log.count("certificate is not valid now"); n != want {
				t.Errorf("the log warns %d times, want %d", n, want)
			}
		})
	}
}
