//go:build linux

package restart_test

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// client asks one question after the other, and tries none again.
type client struct {
	dial func() (net.Conn, error)
	conn net.Conn // nil if the next question needs a new one
	in   *bufio.Reader
	idle time.Time // since when conn may be, as far as the server can know
}

// answer is a complete answer.
type answer struct {
	status int
	pid    int
	body   string
	last   bool // on its connection
}

// dialer returns a function that connects to the program.
func (g *line) dialer() func() (net.Conn, error) {
	network, address := g.with.Network, g.address()
	if network == "unix" {
		address = filepath.Join(g.dir, g.with.Address)
	}
	dialer := net.Dialer{Timeout: soon}
	if !g.with.TLS {
		return func() (net.Conn, error) { return dialer.Dial(network, address) }
	}
	config := g.tlsConfig()
	return func() (net.Conn, error) { return tls.DialWithDialer(&dialer, network, address, config) }
}

func (g *line) tlsConfig() *tls.Config {
	g.t.Helper()
	certificate, err := os.ReadFile(filepath.Join(g.dir, "cert.pem"))
	if err != nil {
		g.t.Fatal(err)
	}
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(certificate)
	return &tls.Config{RootCAs: trusted, ServerName: "localhost"}
}

func (g *line) client() *client { return &client{dial: g.dialer()} }

// errLate is the error of a client whose connection may have been idle for longer than a server that ends waits. When both
// act at the same time, a request may be lost (RFC 9112 section 9.5).
var errLate = errors.New("the client came too late")

// grace is how long a client may leave its connection idle, less than a server that ends waits for another request.
const grace = 250 * time.Millisecond

// ask sends a request, its body in pieces, and reads the answer. The question is recognised by its nonce.
func (c *client) ask(method, path, nonce string, pieces ...string) (answer, error) {
	if c.conn == nil {
		c.idle = time.Now()
		conn, err := c.dial()
		if err != nil {
			return answer{}, fmt.Errorf("connecting: %w", err)
		}
		c.conn, c.in = conn, bufio.NewReader(conn)
	}
	c.conn.SetDeadline(time.Now().Add(soon))
	request, err := http.NewRequest(method, "http://a"+path, nil)
	if err != nil {
		return answer{}, err
	}
	a, err := c.exchange(request, nonce, pieces)
	if err != nil || a.last {
		c.close()
	}
	return a, err
}

func (c *client) exchange(request *http.Request, nonce string, pieces []string) (answer, error) {
	var head bytes.Buffer
	fmt.Fprintf(&head, "%s %s HTTP/1.1\r\nHost: localhost\r\nNonce: %s\r\n", request.Method, request.URL.Path, nonce)
	length := 0
	for _, piece := range pieces {
		length += len(piece)
	}
	fmt.Fprintf(&head, "Content-Length: %d\r\n\r\n", length)
	_, err := c.conn.Write(head.Bytes())
	late := time.Since(c.idle) > grace
	c.idle = time.Now()
	for _, piece := range pieces {
		if err == nil {
			_, err = io.WriteString(c.conn, piece)
		}
	}
	a := answer{}
	if err == nil {
		a, err = c.read(request, nonce)
	}
	if err != nil && late {
		return a, errLate
	}
	return a, err
}

func (c *client) read(request *http.Request, nonce string) (answer, error) {
	response, err := http.ReadResponse(c.in, request)
	if err != nil {
		return answer{}, fmt.Errorf("reading the head: %w", err)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return answer{}, fmt.Errorf("reading the body, of which %d octets have come: %w", len(body), err)
	}
	a := answer{status: response.StatusCode, body: string(body), last: response.Close}
	if a.pid, err = strconv.Atoi(response.Header.Get("Pid")); err != nil {
		return a, err
	}
	if got := response.Header.Get("Nonce"); got != nonce {
		return a, fmt.Errorf("got the answer to %q, want that to %q", got, nonce)
	}
	return a, nil
}

func (c *client) close() {
	if c.conn != nil {
		c.conn.Close()
		c.conn = nil
	}
}

// ask returns the answer to a question that must be answered with status 200, on a connection of its own.
func (g *line) ask(method, path string) answer {
	g.t.Helper()
	c := g.client()
	defer c.close()
	return c.mustAsk(g.t, method, path)
}

func (c *client) mustAsk(t *testing.T, method, path string, pieces ...string) answer {
	t.Helper()
	a, err := c.ask(method, path, "nonce of "+path, pieces...)
	if err != nil || a.status != 200 {
		t.Fatalf("%s %s: got %+v and %v, want status 200", method, path, a, err)
	}
	return a
}

// later asks in the background; the function returned waits for the answer.
func (g *line) later(method, path string) func() answer {
	g.t.Helper()
	c := g.clientOf(g.serving())
	answers := make(chan answer, 1)
	failed := make(chan error, 1)
	go func() {
		defer c.close()
		a, err := c.ask(method, path, "later")
		if err != nil {
			failed <- err
			return
		}
		answers <- a
	}()
	return func() answer {
		g.t.Helper()
		select {
		case a := <-answers:
			return a
		case err := <-failed:
			g.t.Fatalf("%s %s: %v", method, path, err)
		case <-time.After(soon):
			g.t.Fatalf("%s %s: no answer", method, path)
		}
		return answer{}
	}
}

// clientOf returns a client whose connection a certain process has accepted: its predecessor goes on for a moment.
func (g *line) clientOf(pid int) *client {
	g.t.Helper()
	for {
		c := g.client()
		if a := c.mustAsk(g.t, "GET", "/wait/0"); a.pid == pid {
			return c
		}
		c.close()
	}
}

// askHTTP2 posts the nonce over a connection that the client keeps.
func askHTTP2(c *http.Client, url, nonce string) (answer, error) {
	request, err := http.NewRequest("POST", url, strings.NewReader(nonce))
	if err != nil {
		return answer{}, err
	}
	request.Header.Set("Nonce", nonce)
	response, err := c.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return answer{}, err
	}
	if response.ProtoMajor != 2 {
		return answer{}, fmt.Errorf("answered with %s", response.Proto)
	}
	pid, err := strconv.Atoi(response.Header.Get("Pid"))
	return answer{status: response.StatusCode, pid: pid, body: string(body)}, err
}
