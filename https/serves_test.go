package https_test

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"strings"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/https"
)

func TestServes(t *testing.T) {
	certificate := test.issue(t, func(c *x509.Certificate) { c.IPAddresses = []net.IP{net.IPv6loopback} }, "tea.test", "*.tea.test").Leaf
	client := []*x509.Certificate{certificate}
	for _, tt := range []struct {
		name, host string
		shown      *x509.Certificate
		client     []*x509.Certificate
		want       bool
	}{
		{"tea.test", "tea.test", certificate, nil, true},
		{"tea.test", "tea.test", nil, client, true},
		{"tea.test", "TEA.Test.:443", nil, nil, true},
		{"tea.test", "", nil, client, true},
		{"", "coffee.test", certificate, client, true},
		{"tea.test", "coffee.test", certificate, nil, false},
		{"tea.test", "green.tea.test", certificate, nil, true},
		{"tea.test", "GREEN.tea.test.:8443", certificate, nil, true},
		{"tea.test", "green.tea.test", certificate, client, false},
		{"tea.test", "green.tea.test", nil, nil, false},
		{"tea.test", "a.green.tea.test", certificate, nil, false},
		{"tea.test", "[::1]:443", certificate, nil, true},
		{"tea.test", "[::2]:443", certificate, nil, false},
		{"tea.test", "127.0.0.1", certificate, nil, false},
		{"tea.test", "tea.test.evil", certificate, nil, false},
	} {
		state := &tls.ConnectionState{ServerName: tt.name, PeerCertificates: tt.client}
		if got := https.Serves(state, tt.host, tt.shown); got != tt.want {
			t.Errorf("name %q, host %q, certificate %t, client's %t: got %t, want %t",
				tt.name, tt.host, tt.shown != nil, tt.client != nil, got, tt.want)
		}
	}
	if !https.Serves(nil, "tea.test") {
		t.Error("a connection without TLS serves no host")
	}
	if https.Serves(&tls.ConnectionState{ServerName: "tea.test"}, "coffee.test") {
		t.Error("another name, and no certificate given: got true")
	}
}

// Case, a port and a dot at the end change nothing, and the name that was asked for is always served.
func FuzzServes(f *testing.F) {
	f.Add("tea.test", "green.tea.test")
	f.Add("tea.test", "[::1]")
	f.Add("", "")
	shown := test.issue(f, nil, "tea.test", "*.tea.test").Leaf
	f.Fuzz(func(t *testing.T, name, host string) {
		if strings.ContainsAny(name+host, ":[]") || strings.HasSuffix(name, ".") || strings.HasSuffix(host, ".") {
			t.Skip("not a name without a port")
		}
		state := &tls.ConnectionState{ServerName: name}
		if !https.Serves(state, name, shown) {
			t.Errorf("name %q is not served", name)
		}
		want := https.Serves(state, host, shown)
		for _, same := range []string{host + ":443", host + ".", host + ".:1"} {
			if got := https.Serves(state, same, shown); host != "" && got != want {
				t.Errorf("name %q: host %q %t, but %q %t", name, host, want, same, got)
			}
		}
	})
}

// A request on a connection to another host is refused, unless the certificate is for both.
func TestMisdirected(t *testing.T) {
	onEach(t, func(t *testing.T, http2 bool) {
		open := given(test.issue(t, nil, "tea.test", "green.tea.test"))
		closed := open
		closed.ClientCAs = test.pool()
		optional := closed
		optional.ClientOptional = true
		perHost := given(test.issue(t, nil, "tea.test", "green.tea.test"))
		perHost.TLS.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) { return nil, nil }
		for _, tt := range []struct {
			name, host string
			config     https.Config
			want       string
		}{
			{"same", "tea.test", open, " 200 hello"},
			{"same, otherwise written", "Tea.Test.", open, " 200 hello"},
			{"another of the certificate", "green.tea.test", open, " 200 hello"},
			{"another", "coffee.test", open, " 421"},
			{"same, with a client's certificate", "tea.test", closed, " 200 hello"},
			{"another of the certificate, with a client's", "green.tea.test", closed, " 421"},
			{"another of the certificate, a client's may be asked for", "green.tea.test", optional, " 421"},
			{"another of the certificate, settings differ by host", "green.tea.test", perHost, " 421"},
		} {
			s := serve(t, tt.config, microroute.Limits{}, hello)
			config := trusting("")
			if tt.config.ClientCAs != nil && !tt.config.ClientOptional {
				config.Certificates = []tls.Certificate{test.issue(t, nil, "a client")}
			}
			client := newClient(t, s.addr, config, http2)
			if got := fetch(t, client, "https://tea.test/", tt.host); !strings.HasSuffix(got, tt.want) {
				t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
			}
		}
	})
}

// A client that asks for no name, since it knows none, may ask for any host.
func TestNoName(t *testing.T) {
	s := serve(t, given(test.issue(t, nil, "tea.test")), microroute.Limits{}, hello)
	conn := mustDial(t, s.addr, &tls.Config{InsecureSkipVerify: true})
	if got := ask(t, conn, "GET / HTTP/1.1\r\nHost: coffee.test\r\n\r\n"); got != 200 {
		t.Errorf("got %d, want 200", got)
	}
}
