package http3_test

import (
	"context"
	"crypto/tls"
	"encoding/pem"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/contrib/http3"
	"github.com/microroute/microroute/https"
	"github.com/quic-go/quic-go"
	quichttp3 "github.com/quic-go/quic-go/http3"
)

// as returns a client that knows s by some names.
func (s *served) as(t *testing.T, trust *tls.Config) *http.Client {
	client := s.visitor(t)
	transport := client.Transport.(*quichttp3.Transport)
	transport.TLSClientConfig = trust
	transport.Dial = func(ctx context.Context, _ string, t *tls.Config, q *quic.Config) (*quic.Conn, error) {
		return quic.DialAddr(ctx, strings.TrimPrefix(s.url, "https://"), t, q)
	}
	return client
}

// A connection serves the hosts that its certificate is for, and if clients show certificates, the one that was asked for.
func TestMisdirected(t *testing.T) {
	hosts := func(app *microroute.App) {
		app.Get("/", func(c *microroute.Context) string { return fmt.Sprint(https.State(c).DidResume) })
	}
	demanding := func(config *http3.Config) { config.TLS.ClientAuth = tls.RequestClientCert }
	choosing := func(config *http3.Config) {
		chosen := config.TLS.Clone()
		chosen.NextProtos = []string{quichttp3.NextProtoH3}
		config.TLS = &tls.Config{GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) { return chosen, nil }}
	}
	getting := func(config *http3.Config) {
		certificate := config.TLS.Certificates[0]
		config.TLS = &tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return &certificate, nil }}
	}
	nothing := func(*http3.Config) {}
	for _, tt := range []struct {
		name   string
		option func(*http3.Config)
		host   string
		status int
	}{
		{"the name that was asked for", nothing, "tea.example", 200},
		{"with another port", nothing, "tea.example:8443", 200},
		{"another name of the certificate", nothing, "coffee.example", 200},
		{"another name of the certificate, by GetCertificate", getting, "coffee.example", 200},
		{"another name", nothing, "water.example", 421},
		{"another name of the certificate, clients with certificates", demanding, "coffee.example", 421},
		{"another name of the certificate, settings by client", choosing, "coffee.example", 421},
		{"the name that was asked for, settings by client", choosing, "tea.example", 200},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := start(t, microroute.Config{}, hosts, tt.option)
			trust := s.trust.Clone()
			trust.ClientSessionCache = tls.NewLRUClientSessionCache(0)
			for _, resumed := range []bool{false, true} {
				r, err := http.NewRequestWithContext(soon(t), "GET", "https://tea.example/", nil)
				if err != nil {
					t.Fatal(err)
				}
				r.Host = tt.host
				client := s.as(t, trust)
				response, err := client.Do(r)
				if err != nil {
					t.Fatal(err)
				}
				got := show(t, response)
				if response.StatusCode != tt.status || tt.status == 200 && got != fmt.Sprint("200 HTTP/3.0 ", resumed) {
					t.Errorf("GET https://%s/ on a connection to tea.example: got %q, want %d, resumed %t", tt.host, got, tt.status, resumed)
				}
				awaitTicket(t, trust)
				client.CloseIdleConnections()
			}
		})
	}
}

// awaitTicket waits until a client can resume its session.
func awaitTicket(t *testing.T, trust *tls.Config) {
	t.Helper()
	for ctx := soon(t); ctx.Err() == nil; time.Sleep(time.Millisecond) {
		if _, ok := trust.ClientSessionCache.Get("tea.example"); ok {
			return
		}
	}
	t.Error("no session ticket has come")
}

// A listener shares certificates with one of package https, those of files that change, too.
func TestCertificatesOfHTTPS(t *testing.T) {
	files := https.Config{CertFile: filepath.Join(t.TempDir(), "cert.pem")}
	write := func() *tls.Config {
		certificate, trust := identity(t, "tea.example")
		text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Certificate[0]})
		key, err := encodeKey(certificate.PrivateKey)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(files.CertFile, append(text, key...), 0o600); err != nil {
			t.Fatal(err)
		}
		return trust
	}
	trust := write()
	app := microroute.New(microroute.Config{Logger: quiet})
	app.Get("/", func(c *microroute.Context) string { return c.Request.Proto })
	server, err := http3.Start(app, "127.0.0.1:0", files)
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	s := &served{server: server, url: "https://" + server.Addrs()[1].String(), trust: trust}
	s.client = s.visitor(t)
	if got := s.get(t, "/"); got != "200 HTTP/3.0 HTTP/3.0" {
		t.Errorf("got %q", got)
	}
	s.trust = write()
	for ctx := soon(t); ; {
		response, err := s.visitor(t).Do(s.request(t, "GET", "/", nil))
		if err == nil {
			response.Body.Close()
			return
		}
		if ctx.Err() != nil {
			t.Fatalf("after the files have changed: %v", err)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// A handler sees what the client has shown, and who shows nothing is not let in if that is demanded.
func TestClientCertificate(t *testing.T) {
	certificate, _ := identity(t, "client.example")
	s := start(t, microroute.Config{}, func(app *microroute.App) {
		app.Get("/", func(c *microroute.Context) bool {
			return https.State(c).PeerCertificates[0].Equal(certificate.Leaf)
		})
	}, func(config *http3.Config) { config.TLS.ClientAuth = tls.RequireAnyClientCert })
	if _, err := s.client.Do(s.request(t, "GET", "/", nil)); err == nil {
		t.Error("a client without a certificate was let in")
	}
	s.trust = s.trust.Clone()
	s.trust.Certificates = []tls.Certificate{certificate}
	s.client = s.visitor(t)
	if got := s.get(t, "/"); got != "200 HTTP/3.0 true" {
		t.Errorf("with a certificate: got %q", got)
	}
}
