package engine

import (
	"net"
	"sync"
)

// Client returns the connection that the request came on. Octets that have been read ahead are the first that reading it
// yields, the request's unread content before all; its deadlines are the caller's to set, there are none to begin with.
// Once it has been written to, nothing else is sent on it. The connection ends with the exchange, unless it is hijacked.
func (x *Exchange) Client() (net.Conn, error) {
	if x.client == nil {
		x.stopWatching()
		x.keep = false
		x.client = &client{Conn: x.conn.net, x: x}
		x.conn.net.readWithin(-1)
		x.conn.net.writeWithin(-1)
	}
	return x.client, nil
}

// Hijack is Client for good: the connection is the caller's from now on, to close as well.
func (x *Exchange) Hijack() (net.Conn, error) {
	x.Client()
	if err := x.client.take(); err != nil {
		return nil, err
	}
	x.client.hijacked = true
	return x.client, nil
}

// Taken reports whether the handler has written to the client's connection itself, or hijacked it.
func (x *Exchange) Taken() bool { return x.client != nil && x.client.taken }

// finishClient ends an exchange whose handler has had the client's connection.
func (x *Exchange) finishClient() verdict {
	cl := x.client
	x.client = nil
	cl.leave()
	if cl.hijacked {
		return handedOver
	}
	if cl.taken || x.conn.flush() != nil || x.sent && !x.ended {
		return closes
	}
	return lingers
}

// client is a connection in the hands of a handler.
type client struct {
	net.Conn
	reading  sync.Mutex // held by the one who reads
	writing  sync.Mutex // held by the one who writes
	mu       sync.Mutex
	x        *Exchange // nil when the exchange is over
	ahead    []byte    // read ahead and left when the exchange ended
	taken    bool
	hijacked bool
}

// Read reads what has been read ahead, then from the connection.
func (c *client) Read(p []byte) (int, error) {
	c.reading.Lock()
	defer c.reading.Unlock()
	if n := c.readAhead(p); n > 0 {
		return n, nil
	}
	return c.Conn.Read(p)
}

func (c *client) readAhead(p []byte) (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.x == nil {
		n = copy(p, c.ahead)
		c.ahead = c.ahead[n:]
		return n
	}
	c.x.contentErr = ErrTaken
	in := &c.x.conn.work.in
	n = copy(p, in.rest())
	in.consume(n)
	return n
}

// Write sends p past the framework.
func (c *client) Write(p []byte) (int, error) {
	c.writing.Lock()
	defer c.writing.Unlock()
	if err := c.take(); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

// take makes sure that what the framework has written goes out before what the handler writes, and is the last it does.
func (c *client) take() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.taken || c.x == nil {
		return nil
	}
	c.taken = true
	if len(c.x.conn.work.out) == 0 {
		return nil
	}
	err := c.x.conn.flush()
	c.Conn.(transport).writeWithin(-1) // what flush has set is not meant for the handler's own writes
	return err
}

// Close closes the connection.
func (c *client) Close() error {
	if err := c.take(); err != nil {
		return err
	}
	return c.Conn.Close()
}

// leave cuts the ties to the exchange.
func (c *client) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.hijacked {
		c.ahead = append([]byte(nil), c.x.conn.work.in.rest()...)
	}
	c.x = nil
}
