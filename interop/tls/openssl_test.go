package tls_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/microroute/microroute/https"
)

// sclient runs OpenSSL's client with some input and returns what it says.
func sclient(t *testing.T, port, input string, args ...string) string {
	t.Helper()
	args = append([]string{"s_client", "-connect", "127.0.0.1:" + port, "-servername", "tea.test"}, args...)
	output, _ := run(t, input, "openssl", args...)
	return output
}

// established begins what s_client says of the outcome of a handshake.
const established = "\nNew, TLSv1."

func TestOpenSSLVersions(t *testing.T) {
	need(t, "openssl")
	k := newKeys(t, "tea.test")
	port := serve(t, https.Config{CertFile: k.server.CertFile, KeyFile: k.server.KeyFile})
	const everything = "ALL:@SECLEVEL=0" // what OpenSSL itself would refuse
	for _, tt := range []struct {
		name string
		args []string
		ok   bool
	}{
		{"TLS 1.3", []string{"-tls1_3"}, true},
		{"TLS 1.2", []string{"-tls1_2"}, true},
		{"TLS 1.1", []string{"-tls1_1", "-cipher", everything}, false},
		{"TLS 1.0", []string{"-tls1", "-cipher", everything}, false},
		{"CBC", []string{"-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0"}, false},
		{"no forward secrecy", []string{"-tls1_2", "-cipher", "kRSA:@SECLEVEL=0"}, false},
		{"anonymous", []string{"-tls1_2", "-cipher", "aNULL:@SECLEVEL=0"}, false},
		{"compression", []string{"-tls1_2", "-comp"}, true},
	} {
		got := sclient(t, port, "", append(tt.args, "-CAfile", k.authority)...)
		if strings.Contains(got, established) != tt.ok || tt.ok && !strings.Contains(got, "Verify return code: 0 (ok)") {
			t.Errorf("%s: want it to work: %t, got %s", tt.name, tt.ok, got)
		}
		if strings.Contains(got, "Compression: zlib") {
			t.Errorf("%s: the connection is compressed (CRIME)", tt.name)
		}
	}
}

func TestOpenSSLProtocols(t *testing.T) {
	need(t, "openssl")
	k := newKeys(t, "tea.test")
	port := serve(t, https.Config{CertFile: k.server.CertFile, KeyFile: k.server.KeyFile})
	for offers, want := range map[string]string{
		"h2,http/1.1": "ALPN protocol: h2",
		"http/1.1":    "ALPN protocol: http/1.1",
		"http/1.0,h2": "ALPN protocol: h2",
		"spdy/1":      "no application protocol",
	} {
		if got := sclient(t, port, "", "-alpn", offers); !strings.Contains(got, want) {
			t.Errorf("offering %s: got %s, want %q", offers, got, want)
		}
	}
	if got := sclient(t, port, ""); !strings.Contains(got, "No ALPN negotiated") {
		t.Errorf("offering nothing: got %s", got)
	}
}

// A client cannot renegotiate: that costs the server more than the client, and mixes up who has said what (RFC 5746).
func TestOpenSSLRenegotiation(t *testing.T) {
	need(t, "openssl")
	k := newKeys(t, "tea.test")
	port := serve(t, https.Config{CertFile: k.server.CertFile, KeyFile: k.server.KeyFile})
	got := sclient(t, port, "R\n", "-tls1_2") // a line of R asks for it
	_, outcome, asked := strings.Cut(got, "RENEGOTIATING")
	if !asked || !strings.Contains(outcome, "alert") {
		t.Errorf("want it to be asked for and refused with an alert, got %s", got)
	}
}

func TestOpenSSLResumption(t *testing.T) {
	need(t, "openssl")
	k := newKeys(t, "tea.test")
	port := serve(t, https.Config{CertFile: k.server.CertFile, KeyFile: k.server.KeyFile})
	for _, version := range []string{"-tls1_2", "-tls1_3"} {
		session := filepath.Join(k.dir, "session"+version)
		request := "GET / HTTP/1.0\r\nHost: tea.test\r\n\r\n"
		if got := sclient(t, port, request, version, "-ign_eof", "-sess_out", session); !strings.Contains(got, "\nNew, TLSv1.") {
			t.Errorf("%s: the first handshake: %s", version, got)
		}
		if got := sclient(t, port, request, version, "-ign_eof", "-sess_in", session); !strings.Contains(got, "\nReused, TLSv1.") {
			t.Errorf("%s: the second handshake: %s", version, got)
		}
	}
}

// A connection ends with close_notify, without which OpenSSL speaks of an unexpected end.
func TestOpenSSLClose(t *testing.T) {
	need(t, "openssl")
	k := newKeys(t, "tea.test")
	port := serve(t, https.Config{CertFile: k.server.CertFile, KeyFile: k.server.KeyFile})
	for _, version := range []string{"-tls1_2", "-tls1_3"} {
		got := sclient(t, port, "GET / HTTP/1.0\r\nHost: tea.test\r\n\r\n", version, "-ign_eof", "-quiet")
		if !strings.HasSuffix(got, "\r\n\r\nHTTP/1.0 nobody") {
			t.Errorf("%s: got %q, want the answer and nothing behind it", version, got)
		}
	}
}
