package faults_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"testing"
	"time"
)

// client is a connection to a server.
type client struct {
	*net.TCPConn
	t     *testing.T
	in    *bufio.Reader
	spoke time.Time // since then it has sent nothing; at first, before it has connected
}

// dial connects to a server until the test ends.
func dial(t *testing.T, address string) *client {
	t.Helper()
	c, err := connect(address)
	if err != nil {
		t.Fatal(err)
	}
	c.t = t
	t.Cleanup(func() { c.Close() })
	return c
}

// connect is dial for any goroutine. The client is the caller's to close; of its methods only those that return an error
// may be called.
func connect(address string) (*client, error) {
	begun := time.Now()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	conn.SetDeadline(time.Now().Add(soon))
	return &client{TCPConn: conn.(*net.TCPConn), in: bufio.NewReader(conn), spoke: begun}, nil
}

// send sends text, and gives the server time for the answer.
func (c *client) send(text string) {
	c.t.Helper()
	c.SetDeadline(time.Now().Add(soon))
	if _, err := io.WriteString(c, text); err != nil {
		c.t.Fatalf("sending %.60q: %v", text, err)
	}
}

// trickle sends an octet of text at a time, over and over again, until done is closed or the server takes no more.
func (c *client) trickle(text string, pause time.Duration, done <-chan struct{}) {
	for i := 0; ; i++ {
		select {
		case <-done:
			return
		case <-time.After(pause):
		}
		if _, err := io.WriteString(c, text[i%len(text):][:1]); err != nil {
			return
		}
	}
}

// flood sends text over and over again until the server takes no more. It returns the error that tells so.
func (c *client) flood(text string) error {
	for {
		if _, err := io.WriteString(c, text); err != nil {
			return err
		}
	}
}

// fetch sends a request and reads the answer. Unlike the others it may be called in any goroutine.
func (c *client) fetch(request string) (r *http.Response, content string, err error) {
	c.SetDeadline(time.Now().Add(soon))
	if _, err := io.WriteString(c, request); err != nil {
		return nil, "", err
	}
	return c.read()
}

// read reads an answer to its end, in any goroutine. The content may have begun if there is an error.
func (c *client) read() (r *http.Response, content string, err error) {
	if r, err = http.ReadResponse(c.in, nil); err != nil {
		return nil, "", err
	}
	octets, err := io.ReadAll(r.Body)
	return r, string(octets), err
}

// response reads the head of the answer; its content is still to be read.
func (c *client) response() *http.Response {
	c.t.Helper()
	r, err := http.ReadResponse(c.in, nil)
	if err != nil {
		c.t.Fatalf("reading the answer: %v", err)
	}
	return r
}

// want reads an answer and checks it.
func (c *client) want(status int, content string) {
	c.t.Helper()
	r, got, err := c.read()
	if err != nil || r.StatusCode != status || got != content {
		c.t.Fatalf("answer %s %.200q, %v, want %d %.200q", statusOf(r), got, err, status, content)
	}
}

// wantStatus reads an answer and checks its status.
func (c *client) wantStatus(status int) {
	c.t.Helper()
	r, _, err := c.read()
	if err != nil || r.StatusCode != status {
		c.t.Fatalf("answer %s, %v, want %d", statusOf(r), err, status)
	}
}

// statusOf returns r's status, or that there is none.
func statusOf(r *http.Response) string {
	if r == nil {
		return "none"
	}
	return r.Status
}

// wantEnd checks that the connection ends without another octet, in good order or with a reset.
func (c *client) wantEnd() {
	c.t.Helper()
	rest, err := io.ReadAll(c.in)
	if len(rest) > 0 || errors.Is(err, os.ErrDeadlineExceeded) {
		c.t.Fatalf("instead of the end of the connection: %.200q, %v", rest, err)
	}
}

// reset closes the connection with a RST instead of a FIN.
func (c *client) reset() {
	c.SetLinger(0)
	c.Close()
}

// wantServed checks that the server has time for others.
func wantServed(t *testing.T, address string) {
	t.Helper()
	c := dial(t, address)
	defer c.Close()
	c.send(get("/hello"))
	c.want(200, "hello")
}

func get(target string) string { return "GET " + target + " HTTP/1.1\r\nHost: a.test\r\n\r\n" }

// post makes a request whose content is still to be appended.
func post(target string, length int) string {
	return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: a.test\r\nContent-Length: %d\r\n\r\n", target, length)
}

// postChunked makes a request whose chunks are still to be appended.
func postChunked(target string) string {
	return "POST " + target + " HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n"
}
