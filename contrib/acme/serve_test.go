package acme_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/contrib/acme"
)

// patience is how long a test waits for what should come at once.
const patience = 30 * time.Second

// journal keeps what is logged.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) logger() *slog.Logger { return slog.New(slog.NewTextHandler(j, nil)) }

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// await waits until something has been logged.
func (j *journal) await(t *testing.T, text string) {
	t.Helper()
	for began := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		logged := j.String()
		if strings.Contains(logged, text) {
			return
		}
		if time.Since(began) > patience {
			t.Fatalf("logged %s, want %s", logged, text)
		}
	}
}

// listen returns a listener on a free port, and the port.
func listen(t *testing.T) (net.Listener, int) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l, l.Addr().(*net.TCPAddr).Port
}

// serve serves an App that says which protocol a request has come by, until the end of the test.
func serve(t *testing.T, log *journal, config acme.Config, inner net.Listener) *acme.Listener {
	t.Helper()
	l, err := acme.NewListener(inner, config)
	if err != nil {
		t.Fatal(err)
	}
	app := microroute.New(microroute.Config{Logger: log.logger()})
	app.Get("/", func(c *microroute.Context) string { return c.Request.Proto })
	server, err := app.StartOn(l)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		server.Close()
		if t.Failed() {
			t.Log(log)
		}
	})
	return l
}

// handshake makes one, and returns the certificate that was shown.
func handshake(address net.Addr, host string, roots *x509.CertPool) (*x509.Certificate, error) {
	conn, err := tls.Dial("tcp", address.String(), &tls.Config{ServerName: host, RootCAs: roots})
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	return conn.ConnectionState().PeerCertificates[0], nil
}

// await makes handshakes until one is as it should be.
func await(t *testing.T, l *acme.Listener, host string, roots *x509.CertPool, fine func(*x509.Certificate) bool) *x509.Certificate {
	t.Helper()
	for began := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		shown, err := handshake(l.Addr(), host, roots)
		if err == nil && fine(shown) {
			return shown
		}
		if time.Since(began) > patience {
			t.Fatalf("%s: no handshake as it should be; the last one: %v", host, err)
		}
	}
}

// fetch returns what the App says to a client, which knows it as host.
func fetch(t *testing.T, l *acme.Listener, host string, trust *tls.Config, http2 bool) string {
	t.Helper()
	trust.ServerName = host
	transport := &http.Transport{TLSClientConfig: trust, ForceAttemptHTTP2: http2}
	defer transport.CloseIdleConnections()
	r, err := http.NewRequest("GET", "https://"+l.Addr().String(), nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = host
	response, err := transport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func whichever(*x509.Certificate) bool { return true }
