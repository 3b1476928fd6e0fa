package https_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/https"
)

type Context = microroute.Context

// patience is how long a test waits for what should come at once.
const patience = 20 * time.Second

// authority signs certificates.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// test is the authority that the clients of the tests trust.
var test = newAuthority("test")

func newAuthority(name string) authority {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{
		Subject:               pkix.Name{CommonName: name},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().Add(time.Hour),
		IsCA:                  true,
		KeyUsage:              x509.KeyUsageCertSign,
		BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		panic(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	return authority{certificate, key}
}

func (a authority) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	return pool
}

// pem returns the authority's certificate.
func (a authority) pem() []byte { return encode("CERTIFICATE", a.certificate.Raw) }

// issue returns a certificate for some names, to be used by servers and clients. The change, if any, is made before it is
// signed.
func (a authority) issue(t testing.TB, change func(*x509.Certificate), names ...string) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: strings.Join(names, " ")},
		DNSNames:     names,
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	if change != nil {
		change(template)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

func encode(blockType string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: blockType, Bytes: der})
}

// texts returns a certificate and its key as PEM.
func texts(t testing.TB, c tls.Certificate) (certificate, key []byte) {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(c.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range c.Certificate {
		certificate = append(certificate, encode("CERTIFICATE", one)...)
	}
	return certificate, encode("PRIVATE KEY", der)
}

// write writes a certificate and its key to two files of a directory.
func write(t testing.TB, dir string, c tls.Certificate) https.Pair {
	t.Helper()
	certificate, key := texts(t, c)
	return https.Pair{
		CertFile: writeFile(t, filepath.Join(dir, "cert.pem"), certificate),
		KeyFile:  writeFile(t, filepath.Join(dir, "key.pem"), key),
	}
}

func writeFile(t testing.TB, name string, text []byte) string {
	t.Helper()
	if err := os.WriteFile(name, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// given is a Config with certificates that are in no file.
func given(certificates ...tls.Certificate) https.Config {
	return https.Config{TLS: &tls.Config{Certificates: certificates}}
}

// journal is what an App has said.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *journal) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// count returns how many records have a text in them.
func (l *journal) count(text string) (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for line := range strings.Lines(l.text.String()) {
		if strings.Contains(line, text) {
			n++
		}
	}
	return n
}

func (l *journal) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// server is an App that serves TLS.
type server struct {
	*microroute.Server
	log  *journal
	addr string
}

// serve has an App serve TLS until the test ends, when all its connections must end. Its handlers are those that add adds.
func serve(t testing.TB, config https.Config, limits microroute.Limits, add func(app *microroute.App)) server {
	t.Helper()
	s := server{log: &journal{}}
	app := microroute.New(microroute.Config{Limits: limits, Logger: s.log.logger()})
	add(app)
	var err error
	if s.Server, err = https.Start(app, "127.0.0.1:0", config); err != nil {
		t.Fatal(err)
	}
	s.addr = s.Addr().String()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := s.Shutdown(ctx); err != nil {
			t.Errorf("shutting down: %v", err)
		}
	})
	return s
}

// hello adds a handler that says hello.
func hello(app *microroute.App) {
	app.Get("/", func(*Context) string { return "hello" })
}

// trusting returns settings of a client that trusts the authority of the tests.
func trusting(serverName string) *tls.Config {
	return &tls.Config{RootCAs: test.pool(), ServerName: serverName}
}

// dial makes a handshake.
func dial(addr string, config *tls.Config) (*tls.Conn, error) {
	conn, err := tls.DialWithDialer(&net.Dialer{Timeout: patience}, "tcp", addr, config)
	if err == nil {
		conn.SetDeadline(time.Now().Add(patience))
	}
	return conn, err
}

// mustDial makes a handshake and keeps the connection until the test ends.
func mustDial(t testing.TB, addr string, config *tls.Config) *tls.Conn {
	t.Helper()
	conn, err := dial(addr, config)
	if err != nil {
		t.Fatalf("handshake: %v", err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// newClient returns a client that connects to one address whatever the host of its URL, and speaks HTTP/2 or not.
func newClient(t testing.TB, addr string, config *tls.Config, http2 bool) *http.Client {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(!http2)
	protocols.SetHTTP2(http2)
	transport := &http.Transport{
		TLSClientConfig: config,
		Protocols:       protocols,
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, addr)
		},
	}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
}

// fetch returns the protocol, the status and the content of an answer. Host may be "", for that of the URL.
func fetch(t testing.TB, client *http.Client, url, host string) string {
	t.Helper()
	request, err := http.NewRequest("GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Host = host
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		content = nil
	}
	return strings.TrimSpace(fmt.Sprintf("%s %d %s", response.Proto, response.StatusCode, content))
}

// await waits until a condition holds.
func await(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("still waiting for %s", what)
		}
	}
}

// onEach runs a test over HTTP/1.1 and over HTTP/2.
func onEach(t *testing.T, test func(t *testing.T, http2 bool)) {
	for name, http2 := range map[string]bool{"HTTP/1.1": false, "HTTP/2": true} {
		t.Run(name, func(t *testing.T) { test(t, http2) })
	}
}
