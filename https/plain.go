package https

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

var errPlain = errors.New("https: client sent an HTTP request to an HTTPS server")

// refusePlain answers a client that has sent plain HTTP instead of a handshake. It returns what went wrong.
func refusePlain(err error) error {
	var wrong tls.RecordHeaderError
	if !errors.As(err, &wrong) || wrong.Conn == nil {
		return err
	}
	switch begin := string(wrong.RecordHeader[:]); begin {
	case "GET /", "HEAD ", "POST ", "PUT /", "PATCH", "DELET", "OPTIO", "TRACE", "CONNE", "GET h":
		sendLast(wrong.Conn, plainAnswer(begin == "HEAD "))
		return errPlain
	}
	return err
}

func plainAnswer(mute bool) string {
	const content = "Bad Request: client sent an HTTP request to an HTTPS server; its address begins with https://\n"
	head := fmt.Sprintf("HTTP/1.1 400 Bad Request\r\n"+
		"Date: %s\r\n"+
		"Content-Type: text/plain; charset=utf-8\r\n"+
		"Content-Length: %d\r\n"+
		"Connection: close\r\n\r\n", time.Now().UTC().Format(http.TimeFormat), len(content))
	if mute {
		return head
	}
	return head + content
}

const (
	lastTime = time.Second // for the client to take the last answer
	lastRead = 64 << 10    // octets of its request that are read meanwhile
)

// sendLast sends the last octets of a connection and reads on for a moment: if it were closed with octets unread, the
// client might lose the answer (RFC 9112 section 9.6).
func sendLast(c net.Conn, answer string) {
	c.SetDeadline(time.Now().Add(lastTime))
	if _, err := io.WriteString(c, answer); err != nil {
		return
	}
	if half, ok := c.(interface{ CloseWrite() error }); ok && half.CloseWrite() == nil {
		io.CopyN(io.Discard, c, lastRead)
	}
}
