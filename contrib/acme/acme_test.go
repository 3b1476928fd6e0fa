package acme_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/caddyserver/certmagic"
	"github.com/microroute/microroute"
	"github.com/microroute/microroute/contrib/acme"
	"github.com/microroute/microroute/https"
)

// year is how long certificates are valid that a test does not want to be renewed, in seconds.
const year = 365 * 24 * 60 * 60

// Certificates are obtained by the handshakes of the listener alone.
func TestTLSALPN01(t *testing.T) {
	inner, port := listen(t)
	a := newAuthority(t, 1, port, year)
	var log journal
	dir := filepath.Join(t.TempDir(), "new", "folder")
	l := serve(t, &log, a.config(dir, "tea.test", "Coffee.test"), inner)
	for _, host := range []string{"tea.test", "coffee.test"} {
		if shown := await(t, l, host, a.roots, whichever); len(shown.DNSNames) != 1 || shown.DNSNames[0] != host {
			t.Errorf("%s: got a certificate for %q", host, shown.DNSNames)
		}
	}
	if _, err := handshake(l.Addr(), "water.test", a.roots); err == nil {
		t.Error("water.test: a handshake succeeded, for a host that is not in Config")
	}
	for _, http2 := range []bool{false, true} {
		want := map[bool]string{false: "HTTP/1.1", true: "HTTP/2.0"}[http2]
		if got := fetch(t, l, "tea.test", &tls.Config{RootCAs: a.roots}, http2); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	log.await(t, `msg="certificate obtained" host=tea.test renewed=false`)
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("Dir is %v, %v, want one for its owner only", info.Mode(), err)
	}
}

// Certificates are obtained by requests to a plain listener, whatever else the App wants of them.
func TestHTTP01(t *testing.T) {
	plain, port := listen(t)
	inner, _ := listen(t)
	a := newAuthority(t, port, 1, year)
	config := a.config(t.TempDir(), "tea.test")
	config.Issuer.DisableTLSALPNChallenge = true
	l, err := acme.NewListener(inner, config)
	if err != nil {
		t.Fatal(err)
	}
	app := microroute.New(microroute.Config{Logger: slog.New(slog.DiscardHandler)})
	app.Before(l.HTTP01(port))
	app.Before(https.Redirect(443))
	server, err := app.StartOn(plain, l)
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	await(t, l, "tea.test", a.roots, whichever)
	for path, want := range map[string]string{
		"/":                                   "301 https://tea.test/",
		"/.well-known/acme-challenge/unknown": "301 https://tea.test/.well-known/acme-challenge/unknown",
	} {
		r, err := http.NewRequest("GET", "http://"+plain.Addr().String()+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = "tea.test"
		response, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if got := fmt.Sprint(response.StatusCode, " ", response.Header.Get("Location")); got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
}

// What has been obtained is there after a restart, at once and whether or not the authority is: for this listener, and for
// others that share its settings.
func TestRestart(t *testing.T) {
	inner, port := listen(t)
	a := newAuthority(t, 1, port, year)
	dir := t.TempDir()
	l, err := acme.NewListener(inner, a.config(dir, "tea.test"))
	if err != nil {
		t.Fatal(err)
	}
	app := microroute.New(microroute.Config{Logger: slog.New(slog.DiscardHandler)})
	server, err := app.StartOn(l)
	if err != nil {
		t.Fatal(err)
	}
	before := await(t, l, "tea.test", a.roots, whichever)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		t.Errorf("Shutdown = %v", err)
	}
	a.away.Store(true)
	inner, _ = listen(t)
	l, err = acme.NewListener(inner, a.config(dir, "tea.test"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	other, _ := listen(t) // which begins before an App is served
	other = tls.NewListener(other, l.TLSConfig())
	defer other.Close()
	var accepting sync.WaitGroup
	accepting.Go(func() {
		if conn, err := other.Accept(); err == nil {
			conn.(*tls.Conn).Handshake()
			conn.Close()
		}
	})
	after, err := handshake(other.Addr(), "tea.test", a.roots)
	if err != nil || !after.Equal(before) {
		t.Errorf("after a restart: %v, or another certificate", err)
	}
	accepting.Wait()
}

// A certificate is renewed before it expires, while the server is serving.
func TestRenewal(t *testing.T) {
	inner, port := listen(t)
	a := newAuthority(t, 1, port, 12)
	var log journal
	l := serve(t, &log, a.config(t.TempDir(), "tea.test").CheckEvery(100*time.Millisecond), inner)
	first := await(t, l, "tea.test", a.roots, whichever)
	second := await(t, l, "tea.test", a.roots, func(c *x509.Certificate) bool { return !c.Equal(first) })
	if !second.NotAfter.After(first.NotAfter) {
		t.Errorf("the second certificate expires %v, the first %v", second.NotAfter, first.NotAfter)
	}
	log.await(t, "renewed=true")
}

// A certificate that has expired while the program was not running is renewed when it starts.
func TestExpired(t *testing.T) {
	inner, port := listen(t)
	a := newAuthority(t, 1, port, 3)
	dir := t.TempDir()
	l, err := acme.NewListener(inner, a.config(dir, "tea.test"))
	if err != nil {
		t.Fatal(err)
	}
	app := microroute.New(microroute.Config{Logger: slog.New(slog.DiscardHandler)})
	server, err := app.StartOn(l)
	if err != nil {
		t.Fatal(err)
	}
	first := await(t, l, "tea.test", a.roots, whichever)
	server.Close()
	time.Sleep(time.Until(first.NotAfter) + time.Second)
	inner, err = net.Listen("tcp", inner.Addr().String()) // where the authority looks
	if err != nil {
		t.Fatal(err)
	}
	var log journal
	l = serve(t, &log, a.config(dir, "tea.test"), inner)
	await(t, l, "tea.test", a.roots, whichever)
}

// The end of the server does not wait for an authority that says nothing, nor does anything else.
func TestMuteAuthority(t *testing.T) {
	inner, port := listen(t)
	a := newAuthority(t, 1, port, year)
	a.mute.Store(true)
	l, err := acme.NewListener(inner, a.config(t.TempDir(), "tea.test"))
	if err != nil {
		t.Fatal(err)
	}
	app := microroute.New(microroute.Config{Logger: slog.New(slog.DiscardHandler)})
	server, err := app.StartOn(l)
	if err != nil {
		t.Fatal(err)
	}
	for a.asked.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Shutdown(t.Context()) }()
	for range 2 {
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("Shutdown = %v", err)
			}
		case <-a.left:
		case <-time.After(patience / 2):
			t.Fatal("somebody waits for the authority")
		}
	}
}

// An authority that is away keeps nobody from serving.
func TestNoAuthority(t *testing.T) {
	inner, port := listen(t)
	a := newAuthority(t, 1, port, year)
	a.away.Store(true)
	config := a.config(t.TempDir(), "tea.test")
	config.HTTPS.SelfSigned = true
	var log journal
	l := serve(t, &log, config, inner)
	log.await(t, "will retry")
	if got := fetch(t, l, "tea.test", &tls.Config{InsecureSkipVerify: true}, false); got != "HTTP/1.1" {
		t.Errorf("got %q", got)
	}
}

// A host that the authority refuses keeps no other from its certificate.
func TestRefusedHost(t *testing.T) {
	inner, port := listen(t)
	a := newAuthority(t, 1, port, year)
	if err := a.db.AddBlockedDomain("evil.test"); err != nil {
		t.Fatal(err)
	}
	var log journal
	l := serve(t, &log, a.config(t.TempDir(), "evil.test", "tea.test"), inner)
	await(t, l, "tea.test", a.roots, whichever)
	log.await(t, "evil.test")
}

// Programs that share a Storage share certificates, and answer for each other.
func TestSharedStorage(t *testing.T) {
	first, _ := listen(t)
	second, port := listen(t)
	a := newAuthority(t, 1, port, year) // which reaches the second only
	shared := &certmagic.FileStorage{Path: t.TempDir()}
	config := a.config("", "tea.test")
	config.Storage = shared
	var log journal
	other := config
	other.Hosts = []string{"coffee.test"} // it obtains nothing for tea.test
	serve(t, &log, other, second)
	l := serve(t, &log, config, first)
	shown := await(t, l, "tea.test", a.roots, whichever)
	third, _ := listen(t)
	a.away.Store(true)
	l = serve(t, &log, config, third)
	if again, err := handshake(l.Addr(), "tea.test", a.roots); err != nil || !again.Equal(shown) {
		t.Errorf("a third program: %v, or another certificate", err)
	}
}

// Other certificates and protocols of the listener are still there.
func TestOtherCertificates(t *testing.T) {
	inner, port := listen(t)
	a := newAuthority(t, 1, port, year)
	certificate, err := https.SelfSigned("water.test")
	if err != nil {
		t.Fatal(err)
	}
	config := a.config(t.TempDir(), "tea.test")
	config.HTTPS.TLS = &tls.Config{
		NextProtos: []string{"other/1"},
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			if hello.ServerName != "water.test" {
				return nil, errors.New("not this one")
			}
			return &certificate, nil
		},
	}
	var log journal
	l := serve(t, &log, config, inner)
	await(t, l, "tea.test", a.roots, whichever)
	roots := x509.NewCertPool()
	roots.AddCert(certificate.Leaf)
	if _, err := handshake(l.Addr(), "water.test", roots); err != nil {
		t.Errorf("water.test: %v", err)
	}
	if got := config.HTTPS.TLS.NextProtos; len(got) != 1 {
		t.Errorf("Config.HTTPS.TLS has been changed: NextProtos %q", got)
	}
}

func TestConfigMistakes(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name   string
		config acme.Config
		want   string
	}{
		{"no hosts", acme.Config{Dir: t.TempDir()}, "Config.Hosts"},
		{"no place", acme.Config{Hosts: []string{"tea.test"}}, "Config.Dir"},
		{"a file for a place", acme.Config{Hosts: []string{"tea.test"}, Dir: filepath.Join(file, "dir")}, "not a directory"},
		{"wrong files", acme.Config{Hosts: []string{"tea.test"}, Dir: t.TempDir(), HTTPS: https.Config{CertFile: "none.pem"}}, "none.pem"},
	} {
		l, err := acme.Listen("127.0.0.1:0", tt.config)
		if err == nil {
			l.Close()
		}
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want an error with %q", tt.name, err, tt.want)
		}
	}
	if _, err := acme.Listen("127.0.0.1:65536", acme.Config{Hosts: []string{"tea.test"}, Dir: t.TempDir()}); err == nil {
		t.Error("Listen on port 65536 succeeded")
	}
}
