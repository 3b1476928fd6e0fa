//go:build linux

// Package verify asks a server everything that the loads ask it, and compares what it answers with what all have to
// answer: nobody is faster than others because it does less.
//
//	answers, err := verify.Server("127.0.0.1:8080")
package verify

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"time"

	"github.com/microroute/microroute/bench/internal/site"
)

// patience is how long a server may take for one answer.
const patience = 30 * time.Second

// Answers is what servers may do in their own way.
type Answers struct {
	Head     int     // size of the head of the answer to /plaintext, in bytes
	Segments float64 // TCP segments in which the pieces of /stream come, the mean of many answers
}

// Server asks the server at addr. The error joins all differences from what is expected.
func Server(addr string) (a Answers, err error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return a, err
	}
	defer conn.Close()
	c := client{conn: conn.(*net.TCPConn), reader: bufio.NewReader(conn)}
	var wrong error
	for _, x := range site.Exchanges() {
		difference, err := c.exchange(x)
		if err != nil {
			return a, errors.Join(wrong, fmt.Errorf("%s %s: %w", x.Method, x.Path, err))
		}
		if difference != nil {
			wrong = errors.Join(wrong, fmt.Errorf("%s %s: %w", x.Method, x.Path, difference))
		}
		switch x.Name {
		case "plaintext":
			a.Head = c.received - len(x.Answer)
		case "stream":
			if a.Segments, err = c.segments(x, 100); err != nil {
				return a, errors.Join(wrong, err)
			}
		case "drip":
			if err := c.singly(x); err != nil {
				wrong = errors.Join(wrong, fmt.Errorf("%s %s: %w", x.Method, x.Path, err))
			}
		}
	}
	return a, wrong
}

// client is the connection to a server.
type client struct {
	conn     *net.TCPConn
	reader   *bufio.Reader
	received int // size of the last answer, if it fits into the buffer of reader
}

// exchange sends the request of x and reads the answer. How that differs from the one of x is difference; an err is
// a connection that is of no further use.
func (c *client) exchange(x site.Exchange) (difference, err error) {
	c.conn.SetDeadline(time.Now().Add(patience))
	sent := make(chan error, 1)
	go func() {
		_, err := c.conn.Write(x.Request())
		sent <- err
	}()
	_, err = c.reader.Peek(1)
	c.received = c.reader.Buffered()
	var response *http.Response
	if err == nil {
		response, err = http.ReadResponse(c.reader, &http.Request{Method: x.Method})
	}
	var content []byte
	if err == nil {
		content, err = io.ReadAll(response.Body)
	}
	if err != nil {
		c.conn.Close() // ends the writing, too
	}
	if err = errors.Join(err, <-sent); err != nil {
		return nil, err
	}
	if difference = compare(x, response, content); response.Close {
		return difference, errors.New("the server closes the connection")
	}
	return difference, nil
}

// compare returns how the answer differs from the one of x.
func compare(x site.Exchange, response *http.Response, content []byte) error {
	fields := response.Header
	if response.StatusCode != http.StatusOK || response.Proto != "HTTP/1.1" {
		return fmt.Errorf("got status line %s %s, want HTTP/1.1 200", response.Proto, response.Status)
	}
	if want := x.Expected(); !bytes.Equal(content, want) {
		return fmt.Errorf("got content %s, want %s", brief(content), brief(want))
	}
	if got, _, err := mime.ParseMediaType(fields.Get("Content-Type")); got != x.MIMEType {
		return fmt.Errorf("got Content-Type %q (%v), want %s", fields.Get("Content-Type"), err, x.MIMEType)
	}
	if date, err := http.ParseTime(fields.Get("Date")); err != nil || time.Since(date).Abs() > time.Minute {
		return fmt.Errorf("got Date %q (%v), want about now", fields.Get("Date"), err)
	}
	if chunked := len(response.TransferEncoding) > 0; chunked != x.Streamed {
		return fmt.Errorf("got Transfer-Encoding %q and Content-Length %d, want chunked to be %t",
			response.TransferEncoding, response.ContentLength, x.Streamed)
	}
	if isFile := x.MIMEType == "text/html"; isFile && fields.Get("Last-Modified") == "" {
		return errors.New("got a file without Last-Modified")
	}
	return nil
}

func brief(b []byte) string {
	if len(b) > 80 {
		return fmt.Sprintf("%q … (%d bytes)", b[:80], len(b))
	}
	return fmt.Sprintf("%q", b)
}
