package https_test

import (
	"crypto/ecdsa"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/https"
)

// What is wrong with a file is said together with its name and a way out.
func TestFileErrors(t *testing.T) {
	one, other := test.issue(t, nil, "one.test"), test.issue(t, nil, "other.test")
	certificate, key := texts(t, one)
	otherCertificate, _ := texts(t, other)
	ec, err := x509.MarshalECPrivateKey(one.PrivateKey.(*ecdsa.PrivateKey))
	if err != nil {
		t.Fatal(err)
	}
	encrypted := []byte("-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END EC PRIVATE KEY-----\n")
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	for _, tt := range []struct {
		name        string
		cert, key   []byte // nil for a file that is not there
		file, wants string // "" for no error
	}{
		{"good", certificate, key, "", ""},
		{"good, with parameters", certificate, append(encode("EC PARAMETERS", []byte{6}), encode("EC PRIVATE KEY", ec)...), "", ""},
		{"no certificate", nil, key, "cert.pem", "no such file"},
		{"no key", certificate, nil, "key.pem", "no such file"},
		{"confused", key, certificate, "cert.pem", "confused"},
		{"two certificates", certificate, certificate, "key.pem", "confused"},
		{"request", encode("CERTIFICATE REQUEST", []byte{1}), key, "cert.pem", "request for a certificate"},
		{"certificate in DER", one.Certificate[0], key, "cert.pem", "-inform der"},
		{"key in DER", certificate, append([]byte{0x30, 0x81}, ec...), "key.pem", "-inform der"},
		{"text", []byte("secret"), key, "cert.pem", "BEGIN CERTIFICATE"},
		{"text for a key", certificate, []byte("secret"), "key.pem", "BEGIN PRIVATE KEY"},
		{"empty", []byte{}, key, "cert.pem", "BEGIN CERTIFICATE"},
		{"malformed", encode("CERTIFICATE", []byte{1, 2, 3}), key, "cert.pem", "malformed"},
		{"encrypted", certificate, encrypted, "key.pem", "encrypted: openssl pkey"},
		{"encrypted PKCS #8", certificate, encode("ENCRYPTED PRIVATE KEY", []byte{1}), "key.pem", "encrypted: openssl pkey"},
		{"malformed key", certificate, encode("PRIVATE KEY", []byte{1}), "key.pem", "cert.pem"},
		{"another's key", otherCertificate, key, "key.pem", "not the key of the certificate in"},
		{"wrong order", append(test.pem(), certificate...), key, "cert.pem", "must come first"},
	} {
		os.Remove(at("cert.pem"))
		os.Remove(at("key.pem"))
		if tt.cert != nil {
			writeFile(t, at("cert.pem"), tt.cert)
		}
		if tt.key != nil {
			writeFile(t, at("key.pem"), tt.key)
		}
		l, err := https.Listen("127.0.0.1:0", https.Config{CertFile: at("cert.pem"), KeyFile: at("key.pem")})
		if err == nil {
			l.Close()
		}
		var file *https.FileError
		switch {
		case tt.wants == "":
			if err != nil {
				t.Errorf("%s: %v", tt.name, err)
			}
		case !errors.As(err, &file) || file.File != at(tt.file) || !strings.Contains(err.Error(), tt.wants):
			t.Errorf("%s: got %v, want a FileError of %s that speaks of %q", tt.name, err, tt.file, tt.wants)
		}
	}
	if _, err := https.Listen("127.0.0.1:0", https.Config{CertFile: at("none")}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: got %v, want fs.ErrNotExist", err)
	}
}

func TestOneFileForBoth(t *testing.T) {
	certificate, key := texts(t, test.issue(t, nil, "tea.test"))
	name := writeFile(t, filepath.Join(t.TempDir(), "both.pem"), append(key, certificate...))
	s := serve(t, https.Config{CertFile: name}, microroute.Limits{}, hello)
	mustDial(t, s.addr, trusting("tea.test"))
}

// A Config that cannot work is an error, and leaves no listener behind.
func TestConfigErrors(t *testing.T) {
	good := given(test.issue(t, nil, "tea.test"))
	noAuthority := good
	noAuthority.ClientCAFiles = []string{writeFile(t, filepath.Join(t.TempDir(), "ca.pem"), nil)}
	for name, tt := range map[string]struct {
		config https.Config
		want   string
	}{
		"nothing":           {https.Config{}, "set CertFile and KeyFile"},
		"key only":          {https.Config{KeyFile: "key.pem"}, "set CertFile and KeyFile"},
		"empty certificate": {given(tls.Certificate{}), "is empty"},
		"no authority":      {noAuthority, "ca.pem: no certificate"},
		"strange host":      {https.Config{SelfSigned: true, Hosts: []string{"größe.test"}}, "größe.test"},
	} {
		l := listen(t)
		addr := l.Addr().String()
		l.Close()
		secure, err := https.Listen(addr, tt.config)
		if err == nil {
			secure.Close()
		}
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want an error with %q", name, err, tt.want)
		}
		again, err := net.Listen("tcp", addr)
		if err != nil {
			t.Errorf("%s: the address is taken: %v", name, err)
			continue
		}
		again.Close()
	}
}
