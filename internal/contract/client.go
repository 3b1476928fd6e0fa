package contract

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"time"
)

const (
	// lingering is how long the client listens after a complete response, for bytes that must not follow it.
	lingering = 300 * time.Millisecond
	// dialLimit is generous, for a slow connection says nothing about the server's answers.
	dialLimit = 10 * time.Second
)

// ending is the state in which the client left or lost the connection.
type ending int

const (
	open ending = iota
	closed
	reset
)

func (e ending) String() string { return [...]string{"open", "closed", "reset"}[e] }

// answer is what came back for one request.
type answer struct {
	data     []byte // every byte
	end      ending
	response *response // nil if data does not hold one
}

// client asks a server, each request on a connection of its own or, if keep is set, on one connection for as long as the
// server keeps it open.
type client struct {
	dial   func() (net.Conn, error)
	limit  time.Duration // for sending the request, and for receiving the whole response
	keep   bool
	conn   net.Conn // kept for the next request, or nil
	dialed int
}

// ask sends a request and collects the answer. If wantClose is set it waits for the server to close. The error is
// that of dialing or sending.
func (c *client) ask(raw []byte, wantClose bool) (answer, error) {
	reused := c.conn != nil
	a, err := c.exchange(raw, wantClose)
	if reused && len(a.data) == 0 && (err != nil || a.end != open) {
		// The server closed the kept connection before it saw the request, which it may do at any time: a client
		// asks again on a new one (RFC 9112 section 9.3.1).
		return c.exchange(raw, wantClose)
	}
	return a, err
}

func (c *client) exchange(raw []byte, wantClose bool) (answer, error) {
	conn, err := c.connection()
	if err != nil {
		return answer{}, err
	}
	conn.SetWriteDeadline(time.Now().Add(c.limit))
	if _, err := conn.Write(raw); err != nil {
		conn.Close()
		return answer{}, err
	}
	a := c.receive(conn, bytes.HasPrefix(bytes.TrimLeft(raw, " \t\r\n\v\f"), []byte("HEAD ")), wantClose)
	if c.keep && a.reusable() {
		c.conn = conn
		return a, nil
	}
	conn.Close()
	return a, nil
}

// connection takes the kept connection or dials a new one.
func (c *client) connection() (net.Conn, error) {
	if conn := c.conn; conn != nil {
		c.conn = nil
		return conn, nil
	}
	c.dialed++
	return c.dial()
}

// receive reads until the connection ends, or long enough after a complete response to see what follows it. On a kept
// connection what follows shows at the next request, so there it does not linger.
func (c *client) receive(conn net.Conn, head, wantClose bool) answer {
	var a answer
	buffer := make([]byte, 64<<10)
	conn.SetReadDeadline(time.Now().Add(c.limit))
	for lingers := false; ; {
		n, err := conn.Read(buffer)
		a.data = append(a.data, buffer[:n]...)
		if n > 0 {
			a.response = parse(a.data, head)
		}
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			return a
		case err == io.EOF:
			a.end = closed
			return a
		case err != nil:
			a.end = reset
			return a
		}
		if c.keep && a.reusable() && !wantClose {
			return a
		}
		if !lingers && !wantClose && a.response != nil && a.response.framing == complete {
			lingers = true
			conn.SetReadDeadline(time.Now().Add(lingering))
		}
	}
}

// reusable reports whether the connection can carry another request.
func (a answer) reusable() bool {
	return a.end == open && a.response != nil && a.response.framing == complete && !a.response.announcesClose()
}

func (c *client) close() {
	if c.conn != nil {
		c.conn.Close()
	}
}
