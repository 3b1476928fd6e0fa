package main

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/https"
	"github.com/microroute/microroute/internal/contract/httpcases"
)

// Octets mean the same under TLS: the HTTP cases pass there, too.
func TestHTTPCasesOverTLS(t *testing.T) {
	t.Parallel()
	l, err := https.Listen("127.0.0.1:0", https.Config{SelfSigned: true})
	if err != nil {
		t.Fatal(err)
	}
	config := &tls.Config{RootCAs: x509.NewCertPool()}
	config.RootCAs.AddCert(l.Certificate(""))
	addr := startOn(t, newHTTPApp(t, microroute.EngineAuto), l)
	dial := func() (net.Conn, error) { return tls.Dial("tcp", addr, config) }
	for _, result := range httpcases.RunOver(dial, loadHTTP(t)) {
		if result.Verdict != httpcases.Pass {
			t.Error(result)
		}
	}
}
