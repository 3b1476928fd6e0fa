package proxyprotocol_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/https"
	"github.com/microroute/microroute/nethttp"
	"github.com/microroute/microroute/proxyprotocol"
)

// program returns the path of a program; the test is skipped if it is missing.
func program(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatal(err)
	}
	if err != nil {
		t.Skip(err)
	}
	return path
}

func TestCurl(t *testing.T) {
	address := serve(t, "tcp", loopback, microroute.Limits{})
	out := curl(t, "--haproxy-protocol", "http://"+address, "http://"+address)
	client, _, _ := strings.Cut(out, " ")
	line := fmt.Sprintf("%s to %s; v1 from %[1]s to %[2]s", client, address)
	if want := line + line; !strings.HasPrefix(out, "127.0.0.1:") || out != want { // two requests on one connection
		t.Errorf("got %q, want %q", out, want)
	}
}

// TestCurlNames has curl name a client of its choice.
func TestCurlNames(t *testing.T) {
	address := serve(t, "tcp", loopback, microroute.Limits{})
	if got := curl(t, "--haproxy-clientip", "2001:db8::1", "http://"+address); !strings.HasPrefix(got, "[2001:db8::1]:") {
		t.Errorf("got %q, want it to begin with the client's address", got)
	}
}

// curl runs curl and returns what it prints.
func curl(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command(program(t, "curl"), append([]string{"-sS"}, args...)...).CombinedOutput()
	if err != nil && strings.Contains(string(out), "is unknown") {
		t.Skipf("%s", out)
	}
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return string(out)
}

// TestTLS: TLS goes over the header, and HTTP/2 over TLS.
func TestTLS(t *testing.T) {
	l := listen(t)
	secure, err := https.NewListener(proxyprotocol.NewListener(l, loopback), https.Config{SelfSigned: true})
	if err != nil {
		t.Fatal(err)
	}
	startOn(t, secure, newApp(microroute.Limits{}))
	for _, proto := range []string{"HTTP/1.1", "HTTP/2.0"} {
		t.Run(proto, func(t *testing.T) {
			var protocols http.Protocols
			protocols.SetHTTP1(proto == "HTTP/1.1")
			protocols.SetHTTP2(proto == "HTTP/2.0")
			checkClient(t, "https://"+l.Addr().String(), proto, protocols)
		})
	}
}

// TestPriorKnowledge: HTTP/2 goes over the header without TLS, too.
func TestPriorKnowledge(t *testing.T) {
	l := listen(t)
	startOn(t, nethttp.PriorKnowledge(proxyprotocol.NewListener(l, loopback)), newApp(microroute.Limits{}))
	var protocols http.Protocols
	protocols.SetUnencryptedHTTP2(true)
	checkClient(t, "http://"+l.Addr().String(), "HTTP/2.0", protocols)
}

// checkClient asks url behind the header of the example.
func checkClient(t *testing.T, url, proto string, protocols http.Protocols) {
	t.Helper()
	transport := &http.Transport{
		Protocols:       &protocols,
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
		DialContext: func(_ context.Context, network, address string) (net.Conn, error) {
			conn := dial(t, network, address)
			_, err := io.WriteString(conn, example)
			return conn, err
		},
	}
	defer transport.CloseIdleConnections()
	response, err := (&http.Client{Transport: transport}).Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	if response.Proto != proto || string(got) != exampleTold || err != nil {
		t.Errorf("got %s, %q, %v, want %s, %q", response.Proto, got, err, proto, exampleTold)
	}
}
