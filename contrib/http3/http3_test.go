package http3_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/contrib/http3"
	"github.com/microroute/microroute/https"
	quichttp3 "github.com/quic-go/quic-go/http3"
)

var quiet = slog.New(slog.DiscardHandler)

// served is an App that is served over HTTP/3.
type served struct {
	server *microroute.Server
	client *http.Client
	url    string
	trust  *tls.Config // of its clients
}

// start sets an App up and serves it.
func start(t *testing.T, c microroute.Config, add func(app *microroute.App), options ...func(*http3.Config)) *served {
	t.Helper()
	if c.Logger == nil {
		c.Logger = quiet
	}
	app := microroute.New(c)
	add(app)
	return serve(t, app, options...)
}

// serve serves app until the end of the test, with a certificate for 127.0.0.1 and two names.
func serve(t *testing.T, app *microroute.App, options ...func(*http3.Config)) *served {
	t.Helper()
	certificate, trust := identity(t, "tea.example", "coffee.example")
	quic := config(certificate)
	for _, option := range options {
		option(&quic)
	}
	l, err := http3.Listen("127.0.0.1:0", quic)
	if err != nil {
		t.Fatal(err)
	}
	server, err := app.StartOn(l)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	s := &served{server: server, url: "https://" + l.Addr().String(), trust: trust}
	s.client = s.visitor(t)
	return s
}

// identity returns a self-signed certificate, and the settings of clients who trust it.
func identity(t *testing.T, hosts ...string) (tls.Certificate, *tls.Config) {
	t.Helper()
	certificate, err := https.SelfSigned(hosts...)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(certificate.Leaf)
	return certificate, &tls.Config{RootCAs: roots}
}

func config(certificate tls.Certificate) http3.Config {
	return http3.Config{TLS: &tls.Config{Certificates: []tls.Certificate{certificate}}}
}

// visitor returns a client with connections of its own.
func (s *served) visitor(t *testing.T) *http.Client {
	transport := &quichttp3.Transport{TLSClientConfig: s.trust}
	t.Cleanup(func() { transport.Close() })
	return &http.Client{Transport: transport}
}

// get returns the status, the protocol and the content of an answer.
func (s *served) get(t *testing.T, path string) string {
	t.Helper()
	response, err := s.client.Get(s.url + path)
	if err != nil {
		t.Fatalf("GET %s: %v", path, err)
	}
	return show(t, response)
}

func show(t *testing.T, response *http.Response) string {
	t.Helper()
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Errorf("%s %s: %v", response.Request.Method, response.Request.URL, err)
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s %s", response.StatusCode, response.Proto, content))
}

// soon returns a context that ends before the test does.
func soon(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// request returns a request for s.
func (s *served) request(t *testing.T, method, path string, body io.Reader) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(soon(t), method, s.url+path, body)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (s *served) do(t *testing.T, r *http.Request) *http.Response {
	t.Helper()
	response, err := s.client.Do(r)
	if err != nil {
		t.Fatalf("%s %s: %v", r.Method, r.URL, err)
	}
	return response
}

// overTCP returns a client that speaks HTTP/1.1 or HTTP/2.
func overTCP(t *testing.T, trust *tls.Config, http2 bool) *http.Client {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(!http2)
	protocols.SetHTTP2(http2)
	transport := &http.Transport{TLSClientConfig: trust.Clone(), Protocols: protocols}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

func encodeKey(key any) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), err
}
