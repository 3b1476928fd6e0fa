package http3_test

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/contrib/http3"
	"github.com/microroute/microroute/https"
	quichttp3 "github.com/quic-go/quic-go/http3"
)

// BenchmarkGet is one small request after another on one connection, client and server together.
func BenchmarkGet(b *testing.B) {
	certificate, err := https.SelfSigned()
	if err != nil {
		b.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(certificate.Leaf)
	app := microroute.New(microroute.Config{Logger: quiet})
	app.Get("/", func(*microroute.Context) string { return "hello" })
	server, err := http3.Start(app, "127.0.0.1:0", https.Config{TLS: config(certificate).TLS})
	if err != nil {
		b.Fatal(err)
	}
	defer server.Close()
	fast := &quichttp3.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
	defer fast.Close()
	for _, way := range []struct {
		name      string
		transport http.RoundTripper
	}{
		{"HTTP3", fast},
		{"HTTP2", &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true}},
		{"HTTP1", &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}},
	} {
		b.Run(way.name, func(b *testing.B) {
			client := http.Client{Transport: way.transport}
			b.ReportAllocs()
			for b.Loop() {
				response, err := client.Get("https://" + server.Addr().String())
				if err != nil {
					b.Fatal(err)
				}
				io.Copy(io.Discard, response.Body)
				response.Body.Close()
			}
			client.CloseIdleConnections()
		})
	}
}
