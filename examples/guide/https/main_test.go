package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/https"
)

// start has the shop serve plain HTTP and TLS until the test ends, and returns where.
func start(t *testing.T, app *microroute.App, config https.Config) (plain, secure string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s, err := https.Listen("127.0.0.1:0", config)
	if err != nil {
		t.Fatal(err)
	}
	onlySecure(app, s.Addr().(*net.TCPAddr).Port)
	server, err := app.StartOn(l, s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	return l.Addr().String(), s.Addr().String()
}

// get returns the answer to a request, after redirects, and its content.
func get(t *testing.T, config *tls.Config, url string) (*http.Response, string) {
	t.Helper()
	transport := &http.Transport{TLSClientConfig: config, ForceAttemptHTTP2: true}
	defer transport.CloseIdleConnections()
	response, err := (&http.Client{Transport: transport}).Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(content)
}

func TestShop(t *testing.T) {
	made, err := https.SelfSigned()
	if err != nil {
		t.Fatal(err)
	}
	trust := x509.NewCertPool()
	trust.AddCert(made.Leaf)
	plain, secure := start(t, newShop(), https.Config{TLS: &tls.Config{Certificates: []tls.Certificate{made}}})
	client := &tls.Config{RootCAs: trust}
	response, page := get(t, client, "http://"+plain+"/")
	if response.Request.URL.Host != secure || response.TLS == nil {
		t.Errorf("who comes by plain HTTP ends at %s, want %s", response.Request.URL, secure)
	}
	if !strings.Contains(page, "HTTP/2.0") {
		t.Errorf("got %q, want HTTP/2", page)
	}
	if response.Header.Get("Strict-Transport-Security") == "" {
		t.Error("browsers are not told to come over TLS")
	}
}

func TestStaff(t *testing.T) {
	staff := newStaff(t, "Ann")
	trust := x509.NewCertPool()
	trust.AddCert(staff.Leaf)
	_, secure := start(t, newShop(), https.Config{SelfSigned: true, ClientCAs: trust, ClientOptional: true})
	client := &tls.Config{InsecureSkipVerify: true}
	if response, _ := get(t, client, "https://"+secure+"/stock"); response.StatusCode != 403 {
		t.Errorf("without a certificate: got %s, want 403", response.Status)
	}
	client.Certificates = []tls.Certificate{staff}
	if _, page := get(t, client, "https://"+secure+"/stock"); !strings.Contains(page, "Good morning, Ann.") {
		t.Errorf("with a certificate: got %q, want to be greeted", page)
	}
}

// newStaff returns the certificate of somebody who is an authority, too.
func newStaff(t *testing.T, name string) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{Subject: pkix.Name{CommonName: name}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}
