package forwarded_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/https"
	"github.com/microroute/microroute/middleware/forwarded"
)

// The test of this file has a real nginx before the App. The client connects from 127.0.0.2, nginx from 127.0.0.1.

// nginxConfig is what nginx is set up with. Each location is a way to tell the App about the client, the last two over a
// second nginx, which adds to what the first has told.
const nginxConfig = `
daemon off;
user root;
error_log stderr;
pid DIR/pid;
events { worker_connections 64; }
http {
	access_log off;
	client_body_temp_path DIR/body;
	proxy_temp_path DIR/proxy;
	fastcgi_temp_path DIR/fastcgi;
	uwsgi_temp_path DIR/uwsgi;
	scgi_temp_path DIR/scgi;
	proxy_http_version 1.1;
	server {
		listen PLAIN;
		listen SECURE ssl;
		ssl_certificate DIR/cert.pem;
		ssl_certificate_key DIR/cert.pem;
		location /list {
			proxy_pass http://APP-list/;
			proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
			proxy_set_header X-Forwarded-Proto $scheme;
			proxy_set_header X-Forwarded-Host $http_host;
		}
		location /address {
			proxy_pass http://APP-address/;
			proxy_set_header Host $http_host;
			proxy_set_header X-Real-IP $remote_addr;
			proxy_set_header X-Forwarded-Proto $scheme;
		}
		location /standard {
			proxy_pass http://APP-standard/;
			proxy_set_header Forwarded "$http_forwarded, for=$remote_addr;proto=$scheme;host=\"$http_host\"";
		}
		location /unix {
			proxy_pass http://APP-unix:/;
			proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
			proxy_set_header X-Forwarded-Proto $scheme;
			proxy_set_header X-Forwarded-Host $http_host;
		}
		location /two/list {
			proxy_pass http://SECOND/list;
			proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
			proxy_set_header X-Forwarded-Proto $scheme;
			proxy_set_header X-Forwarded-Host $http_host;
		}
		location /two/standard {
			proxy_pass http://SECOND/standard;
			proxy_set_header Forwarded "$http_forwarded, for=$remote_addr;proto=$scheme;host=\"$http_host\"";
		}
	}
	server {
		listen SECOND;
		location /list {
			proxy_pass http://APP-list/;
			proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
			proxy_set_header X-Forwarded-Proto $http_x_forwarded_proto;
			proxy_set_header X-Forwarded-Host $http_x_forwarded_host;
		}
		location /standard {
			proxy_pass http://APP-standard/;
			proxy_set_header Forwarded "$http_forwarded, for=$remote_addr;proto=$scheme;host=inner.test";
		}
	}
}
`

func TestNginx(t *testing.T) {
	nginx, err := exec.LookPath("nginx")
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatal(err)
	}
	if err != nil {
		t.Skip(err)
	}
	client := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 2)}}
	list := forwarded.Config{Client: "X-Forwarded-For", Scheme: "X-Forwarded-Proto", Host: "X-Forwarded-Host"}
	address := forwarded.Config{Client: "X-Real-IP", Scheme: "X-Forwarded-Proto"}
	standard := forwarded.Config{Client: "Forwarded", Scheme: "Forwarded", Host: "Forwarded"}
	for _, c := range []*forwarded.Config{&list, &address, &standard} {
		c.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	}
	unix := list
	unix.Proxies, unix.Unix = nil, true
	front := startNginx(t, nginx, client, map[string]string{
		"APP-list":     serve(t, "tcp", list),
		"APP-address":  serve(t, "tcp", address),
		"APP-standard": serve(t, "tcp", standard),
		"APP-unix":     "unix:" + serve(t, "unix", unix),
	})
	spoof := map[string]string{
		"X-Forwarded-For": "6.6.6.6, 127.0.0.1", "X-Forwarded-Proto": "ftp", "X-Forwarded-Host": "evil.test", "X-Real-IP": "6.6.6.6",
		"Forwarded": "for=6.6.6.6;proto=ftp;host=evil.test, for=127.0.0.1", "Connection": "X-Forwarded-For, X-Real-IP, Forwarded",
	}
	quote := map[string]string{"Forwarded": `for=6.6.6.6;host="`}
	for _, test := range []struct {
		path   string
		fields map[string]string
		want   string
	}{
		{"/list", nil, "127.0.0.2:0 SCHEME://shop.test:81"},
		{"/list", spoof, "127.0.0.2:0 SCHEME://shop.test:81"},
		{"/address", spoof, "127.0.0.2:0 SCHEME://shop.test:81"},
		{"/standard", nil, "127.0.0.2:0 SCHEME://shop.test:81"},
		{"/standard", spoof, "127.0.0.2:0 SCHEME://shop.test:81"},
		{"/standard", quote, "invalid AddrPort http://APP-standard"},
		{"/unix", spoof, "127.0.0.2:0 SCHEME://shop.test:81"},
		{"/two/list", spoof, "127.0.0.2:0 SCHEME://shop.test:81"},
		{"/two/standard", spoof, "127.0.0.2:0 SCHEME://shop.test:81"},
	} {
		for _, scheme := range []string{"http", "https"} {
			want := strings.NewReplacer("SCHEME", scheme, "APP-standard", front.names["APP-standard"]).Replace(test.want)
			if got := front.ask(t, scheme, test.path, test.fields); got != want {
				t.Errorf("%s, %s, %v: got %q, want %q", scheme, test.path, test.fields, got, want)
			}
		}
	}
}

// serve serves the App of handler and returns its address.
func serve(t *testing.T, network string, config forwarded.Config) string {
	t.Helper()
	app := microroute.New(microroute.Config{Network: network, Logger: slog.New(slog.DiscardHandler)})
	app.Before(forwarded.New(config))
	app.Get("/", tell)
	address := "127.0.0.1:0"
	if network == "unix" {
		address = filepath.Join(t.TempDir(), "app")
	}
	server, err := app.Start(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	return server.Addr().String()
}

// nginx is a server that runs.
type nginx struct {
	names map[string]string // what the words in its configuration stand for
	http  http.Client
}

// startNginx starts one that ends with the test. Its sockets are there before it is.
func startNginx(t *testing.T, program string, client net.Dialer, names map[string]string) *nginx {
	t.Helper()
	dir := t.TempDir()
	writeCertificate(t, filepath.Join(dir, "cert.pem"))
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, program, "-e", "stderr", "-p", dir, "-c", filepath.Join(dir, "nginx.conf"))
	inherited := "NGINX="
	for i, name := range []string{"PLAIN", "SECURE", "SECOND"} {
		l, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		file, err := l.(*net.TCPListener).File()
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		names[name] = l.Addr().String()
		cmd.ExtraFiles = append(cmd.ExtraFiles, file)
		inherited += fmt.Sprintf("%d;", 3+i)
	}
	names["DIR"] = dir
	config := nginxConfig
	for word, meaning := range names {
		config = strings.ReplaceAll(config, word, meaning)
	}
	if err := os.WriteFile(filepath.Join(dir, "nginx.conf"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // killed, it would leave its worker behind
	cmd.WaitDelay = 10 * time.Second
	cmd.Env = append(os.Environ(), inherited)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		cmd.Wait()
		if t.Failed() {
			t.Logf("nginx says:\n%s", output.String())
		}
	})
	transport := &http.Transport{DialContext: client.DialContext, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	t.Cleanup(transport.CloseIdleConnections)
	return &nginx{names, http.Client{Transport: transport, Timeout: 10 * time.Second}}
}

// writeCertificate writes a certificate and its key.
func writeCertificate(t *testing.T, file string) {
	t.Helper()
	certificate, err := https.SelfSigned("shop.test")
	if err != nil {
		t.Fatal(err)
	}
	key, err := x509.MarshalPKCS8PrivateKey(certificate.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	text := append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Certificate[0]}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})...)
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// ask sends a request for shop.test:81 and returns the answer's content.
func (n *nginx) ask(t *testing.T, scheme, path string, fields map[string]string) string {
	t.Helper()
	address := n.names["PLAIN"]
	if scheme == "https" {
		address = n.names["SECURE"]
	}
	request, err := http.NewRequest("GET", scheme+"://"+address+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Host = "shop.test:81"
	for name, value := range fields {
		request.Header.Set(name, value)
	}
	response, err := n.http.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
