package nethttp

import (
	"bufio"
	"net"
	"net/http"

	"github.com/microroute/microroute"
)

func (x *exchange) Taken() bool { return x.client != nil }

func (x *exchange) Client() (net.Conn, error) {
	if x.client != nil {
		return x.client, nil
	}
	if x.r.ProtoMajor >= 2 {
		return nil, microroute.ErrNoClient
	}
	conn, buffered, err := http.NewResponseController(x.w).Hijack()
	if err != nil {
		return nil, microroute.ErrNoClient
	}
	x.client = &client{conn, buffered.Reader}
	return x.client, nil
}

func (x *exchange) Hijack() (net.Conn, error) {
	conn, err := x.Client()
	x.stays = err == nil
	return conn, err
}

// client is a hijacked connection that yields what net/http has read ahead.
type client struct {
	net.Conn
	ahead *bufio.Reader
}

func (c *client) Read(p []byte) (int, error) {
	if c.ahead.Buffered() > 0 {
		return c.ahead.Read(p[:min(len(p), c.ahead.Buffered())])
	}
	return c.Conn.Read(p)
}
