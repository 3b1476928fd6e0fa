package https

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// FileError is a file of certificates or keys that cannot be used.
type FileError struct {
	File string
	Err  error // why, and what to do about it: what package os says, or a text
}

// Error returns the file and what is wrong with it.
func (e *FileError) Error() string { return "https: " + e.File + ": " + e.Err.Error() }

// Unwrap returns the cause.
func (e *FileError) Unwrap() error { return e.Err }

// fileError returns a FileError for an error of package os.
func fileError(name string, err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err // which does not repeat the name
	}
	if errors.Is(err, fs.ErrPermission) {
		err = fmt.Errorf("%w: the user that the program runs as must be allowed to read it", err)
	}
	return &FileError{name, err}
}

func readFile(name string) ([]byte, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, fileError(name, err)
	}
	return text, nil
}

// read reads the files.
func (p Pair) read() (*tls.Certificate, error) {
	certificate, err := readFile(p.CertFile)
	if err != nil {
		return nil, err
	}
	key, err := readFile(p.KeyFile)
	if err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair(certificate, key)
	if err == nil {
		return &pair, nil
	}
	chain, fault := parseChain(certificate)
	if fault != nil {
		return nil, &FileError{p.CertFile, fault}
	}
	if fault := faultOfKey(key); fault != nil {
		return nil, &FileError{p.KeyFile, fault}
	}
	if slices.ContainsFunc(chain, func(c *x509.Certificate) bool { return fits(c, key) }) {
		return nil, &FileError{p.CertFile, errors.New("the server's own certificate must come first, those of authorities behind it")}
	}
	return nil, &FileError{p.KeyFile, fmt.Errorf("not the key of the certificate in %s: %w", p.CertFile, err)}
}

// addAuthorities adds the certificates of a file to a pool.
func addAuthorities(pool *x509.CertPool, name string) error {
	text, err := readFile(name)
	if err != nil {
		return err
	}
	chain, err := parseChain(text)
	if err != nil {
		return &FileError{name, err}
	}
	for _, authority := range chain {
		pool.AddCert(authority)
	}
	return nil
}

// parseChain returns the certificates of a text, one at least, or why there are none.
func parseChain(text []byte) (chain []*x509.Certificate, err error) {
	var types []string
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		types = append(types, block.Type)
		if block.Type == "CERTIFICATE" {
			one, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return nil, err
			}
			chain = append(chain, one)
		}
	}
	switch {
	case len(chain) > 0:
		return chain, nil
	case slices.ContainsFunc(types, isKey):
		return nil, errors.New("a private key, but no certificate: are the two files confused?")
	case slices.ContainsFunc(types, func(t string) bool { return strings.HasSuffix(t, "CERTIFICATE REQUEST") }):
		return nil, errors.New("a request for a certificate: what the authority makes of it is wanted here")
	case isDER(text):
		return nil, errors.New("not PEM, but perhaps DER: openssl x509 -inform der -in FILE -out cert.pem makes PEM of it")
	}
	return nil, errors.New("no certificate in PEM: one begins with -----BEGIN CERTIFICATE-----")
}

// faultOfKey returns why there is no private key in a text that can be used, or nil.
func faultOfKey(text []byte) error {
	var types []string
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		switch types = append(types, block.Type); {
		case !isKey(block.Type):
		case block.Type == "ENCRYPTED PRIVATE KEY" || block.Headers["DEK-Info"] != "":
			return errors.New("the private key is encrypted: openssl pkey -in FILE -out key.pem makes a plain one of it")
		default:
			return nil
		}
	}
	switch {
	case slices.Contains(types, "CERTIFICATE"):
		return errors.New("a certificate, but no private key: are the two files confused?")
	case isDER(text):
		return errors.New("not PEM, but perhaps DER: openssl pkey -inform der -in FILE -out key.pem makes PEM of it")
	}
	return errors.New("no private key in PEM: one begins with -----BEGIN PRIVATE KEY-----")
}

func isKey(blockType string) bool { return strings.HasSuffix(blockType, "PRIVATE KEY") }

// isDER reports whether a text may be DER: a sequence of more than 127 octets (X.690 section 8.1).
func isDER(text []byte) bool {
	return bytes.HasPrefix(text, []byte{0x30, 0x82}) || bytes.HasPrefix(text, []byte{0x30, 0x81})
}

// fits reports whether a key is that of a certificate.
func fits(c *x509.Certificate, key []byte) bool {
	_, err := tls.X509KeyPair(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}), key)
	return err == nil
}
