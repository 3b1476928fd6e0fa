package tls_test

import (
	"log/slog"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/https"
)

// curl returns the content that curl gets, or how it fails: "exit 35".
func curl(t *testing.T, args ...string) string {
	t.Helper()
	output, code := run(t, "", "curl", append([]string{"--disable", "--silent", "--noproxy", "*"}, args...)...)
	if code != 0 {
		return "exit " + strconv.Itoa(code)
	}
	return output
}

// How curl fails (EXIT CODES in its manual).
const (
	noHandshake = "exit 35"
	noTrust     = "exit 60"
	cutOff      = "exit 5" // 55 while sending, 56 while receiving
)

func TestCurl(t *testing.T) {
	need(t, "curl")
	k := newKeys(t, "tea.test", "*.tea.test")
	base := https.Config{CertFile: k.server.CertFile, KeyFile: k.server.KeyFile}
	required, without := base, base
	required.ClientCAFiles = []string{k.authority}
	without.NoHTTP2 = true
	ann := []string{"--cert", k.client.CertFile, "--key", k.client.KeyFile}
	for _, tt := range []struct {
		name   string
		config https.Config
		args   []string
		want   string
	}{
		{"as it likes", base, nil, "HTTP/2.0 nobody"},
		{"HTTP/2", base, []string{"--http2"}, "HTTP/2.0 nobody"},
		{"HTTP/1.1", base, []string{"--http1.1"}, "HTTP/1.1 nobody"},
		{"HTTP/1.0", base, []string{"--http1.0"}, "HTTP/1.0 nobody"},
		{"HTTP/2 switched off", without, []string{"--http2"}, "HTTP/1.1 nobody"},
		{"TLS 1.3", base, []string{"--tlsv1.3"}, "HTTP/2.0 nobody"},
		{"TLS 1.2", base, []string{"--tls-max", "1.2"}, "HTTP/2.0 nobody"},
		{"TLS 1.1", base, []string{"--tls-max", "1.1", "--ciphers", "ALL:@SECLEVEL=0"}, noHandshake},
		{"not asked for a certificate", base, ann, "HTTP/2.0 nobody"},
		{"with a certificate", required, ann, "HTTP/2.0 ann"},
		{"with a certificate, TLS 1.2", required, append([]string{"--tls-max", "1.2", "--http1.1"}, ann...), "HTTP/1.1 ann"},
		{"without a certificate", required, nil, cutOff},
	} {
		t.Run(tt.name, func(t *testing.T) {
			port := serve(t, tt.config)
			args := append([]string{"--cacert", k.authority, "--resolve", "green.tea.test:" + port + ":127.0.0.1"}, tt.args...)
			if got := curl(t, append(args, "https://green.tea.test:"+port+"/")...); !strings.HasPrefix(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// A self-signed certificate is as good as any for those who trust it, by name and by address, and for nobody else.
func TestCurlSelfSigned(t *testing.T) {
	need(t, "curl")
	dir := t.TempDir()
	config := https.Config{
		SelfSigned: true, Hosts: []string{"tea.test"},
		CertFile: filepath.Join(dir, "cert.pem"), KeyFile: filepath.Join(dir, "key.pem"),
	}
	port := serve(t, config)
	for _, host := range []string{"localhost", "127.0.0.1", "tea.test"} {
		args := []string{"--resolve", "tea.test:" + port + ":127.0.0.1", "https://" + host + ":" + port + "/"}
		if got := curl(t, args...); got != noTrust {
			t.Errorf("%s, without trust: got %q, want %s", host, got, noTrust)
		}
		if got := curl(t, append(args, "--cacert", config.CertFile)...); got != "HTTP/2.0 nobody" {
			t.Errorf("%s: got %q", host, got)
		}
	}
}

// Who comes by plain HTTP, and follows, arrives; who sends plain HTTP to the port of TLS is told.
func TestCurlPlain(t *testing.T) {
	need(t, "curl")
	k := newKeys(t, "tea.test")
	port := serve(t, https.Config{CertFile: k.server.CertFile, KeyFile: k.server.KeyFile})
	number, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	app := microroute.New(microroute.Config{Logger: slog.New(slog.DiscardHandler)})
	app.Before(https.Redirect(number))
	plain, err := app.Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	_, plainPort, _ := strings.Cut(plain.Addr().String(), ":")
	args := []string{"--cacert", k.authority, "--location",
		"--resolve", "tea.test:" + port + ":127.0.0.1", "--resolve", "tea.test:" + plainPort + ":127.0.0.1"}
	if got := curl(t, append(args, "http://tea.test:"+plainPort+"/")...); got != "HTTP/2.0 nobody" {
		t.Errorf("redirected: got %q", got)
	}
	if got := curl(t, append(args, "http://tea.test:"+port+"/")...); !strings.Contains(got, "https://") {
		t.Errorf("plain HTTP to the port of TLS: got %q, want to be told", got)
	}
}
