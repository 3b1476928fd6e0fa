package proxyprotocol_test

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute"
)

// The tests of this file have a real HAProxy before the server.

func TestHAProxy(t *testing.T) {
	backend := serve(t, "tcp", loopback, microroute.Limits{})
	for _, test := range []struct{ options, version string }{
		{"send-proxy", "v1"},
		{"send-proxy-v2", "v2"},
		{"send-proxy-v2 proxy-v2-options crc32c,unique-id", "v2"},
	} {
		t.Run(test.options, func(t *testing.T) {
			front := startHAProxy(t, "", "server s "+backend+" "+test.options, "unique-id-format %ci")
			conn := dial(t, "tcp", front)
			io.WriteString(conn, get("/"))
			want := fmt.Sprintf("%v to %v; %s from %[1]v to %[2]v", conn.LocalAddr(), conn.RemoteAddr(), test.version)
			if status, got := answer(t, bufio.NewReader(conn)); status != 200 || got != want {
				t.Errorf("got %d, %q, want %q", status, got, want)
			}
		})
	}
}

// TestHAProxyTLS has it tell of the TLS that it speaks with the client.
func TestHAProxyTLS(t *testing.T) {
	shop, client := selfSigned(t, "shop.test"), selfSigned(t, "client.test")
	shopFile, clientFile := filepath.Join(t.TempDir(), "shop.pem"), filepath.Join(t.TempDir(), "client.pem")
	writePEM(t, shopFile, shop)
	writePEM(t, clientFile, client)
	backend := serve(t, "tcp", loopback, microroute.Limits{})
	front := startHAProxy(t, "ssl crt "+shopFile+" ca-file "+clientFile+" verify optional alpn http/1.1",
		"server s "+backend+" send-proxy-v2 proxy-v2-options ssl,cert-cn,ssl-cipher,authority,crc32c,unique-id",
		"unique-id-format id-of-%ci")
	for _, test := range []struct {
		name         string
		certificates []tls.Certificate
		verified     string
	}{
		{"without a certificate", nil, "Verified:false CommonName:"},
		{"with a certificate", []tls.Certificate{client}, "Verified:true CommonName:client.test"},
	} {
		t.Run(test.name, func(t *testing.T) {
			conn := tls.Client(dial(t, "tcp", front), &tls.Config{
				ServerName: "shop.test", InsecureSkipVerify: true, Certificates: test.certificates, NextProtos: []string{"http/1.1"},
			})
			io.WriteString(conn, get("/values"))
			status, got := answer(t, bufio.NewReader(conn))
			cipher := tls.CipherSuiteName(conn.ConnectionState().CipherSuite)
			want := fmt.Sprintf(`"http/1.1" "shop.test" "id-of-127.0.0.1" &{Version:TLSv1.3 Cipher:%s %s}`, cipher, test.verified)
			if status != 200 || got != want {
				t.Errorf("got %d, %s, want %s", status, got, want)
			}
		})
	}
}

// TestHAProxyChecks: its health checks are connections of its own.
func TestHAProxyChecks(t *testing.T) {
	l, checks := listen(t), make(chan string, 1)
	app := newApp(microroute.Limits{})
	app.Get("/check", func(c *microroute.Context) string {
		select {
		case checks <- c.Request.RemoteAddr.Addr().String() + " " + told(c):
		default:
		}
		return ""
	})
	serveOn(t, l, loopback, app)
	startHAProxy(t, "", "option httpchk GET /check", "server s "+l.Addr().String()+" send-proxy-v2 check check-send-proxy inter 20ms")
	select {
	case got := <-checks:
		if want := "127.0.0.1 v2 from <nil> to <nil>"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	case <-time.After(soon):
		t.Error("no check has come")
	}
}

// startHAProxy starts one that listens with options of bind, and returns its address. The socket is there before it is.
func startHAProxy(t *testing.T, bind string, lines ...string) string {
	t.Helper()
	haproxy := program(t, "haproxy")
	l := listen(t).(*net.TCPListener)
	socket, err := l.File()
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	config := filepath.Join(t.TempDir(), "haproxy.cfg")
	text := "listen front\n mode tcp\n timeout connect 5s\n timeout client 5s\n timeout server 5s\n bind fd@3 " + bind + "\n " +
		strings.Join(lines, "\n ") + "\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var output strings.Builder
	cmd := exec.Command(haproxy, "-db", "-f", config)
	cmd.ExtraFiles = []*os.File{socket} // number 3
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
		if t.Failed() {
			t.Logf("haproxy says:\n%s", output.String())
		}
	})
	return l.Addr().String()
}

// selfSigned returns a certificate that is its own authority.
func selfSigned(t *testing.T, name string) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: name},
		DNSNames:              []string{name},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().Add(time.Hour),
		IsCA:                  true,
		BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// writePEM writes a certificate and its key.
func writePEM(t *testing.T, file string, c tls.Certificate) {
	t.Helper()
	key, err := x509.MarshalPKCS8PrivateKey(c.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	text := append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Certificate[0]}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})...)
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
}
