package engine

import (
	"net"
	"sync"
	"time"
)

// Client returns the connection that the request came on. Octets that have been read ahead are the first that reading it
// yields, the request's unread content before all; its deadlines are the caller's to set, there are none to begin with.
// Once it has been written to, nothing else is sent on it. The connection ends with the exchange, unless it is hijacked.
func (x *Exchange) Client() (net.Conn, error) {
	if x.client == nil {
		x.takeOver()
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
func (x *Exchange) Taken() bool { return x.client != nil && x.client.isTaken() }

// finishClient ends an exchange whose handler has had the client's connection.
func (x *Exchange) finishClient() verdict {
	cl := x.client
	x.client = nil
	cl.leave()
	switch {
	case cl.hijacked:
		return handedOver
	case cl.isTaken() || x.conn.flush() != nil || x.sent && !x.ended:
		return closes
	case !cl.reading.TryLock(): // a goroutine that the handler has left behind: closing wakes it
		return closes
	}
	cl.reading.Unlock() // who reads from now on is told that it is closed
	return lingers
}

// client is a connection in the hands of a handler. When the exchange is over, it is closed for all who still have it,
// unless it was hijacked.
type client struct {
	net.Conn
	reading sync.Mutex // held by the one who reads
	writing sync.Mutex // held by the one who writes

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
	if n, err := c.readAhead(p); n > 0 || err != nil {
		return n, err
	}
	return c.Conn.Read(p)
}

func (c *client) readAhead(p []byte) (n int, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.x != nil:
		c.x.contentErr = ErrTaken
		in := &c.x.conn.work.in
		n = copy(p, in.rest())
		in.consume(n)
	case c.hijacked:
		n = copy(p, c.ahead)
		c.ahead = c.ahead[n:]
	default:
		err = net.ErrClosed
	}
	return n, err
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
	if err := c.open(); err != nil || c.taken {
		return err
	}
	c.taken = true
	if len(c.x.conn.work.out) == 0 {
		return nil
	}
	err := c.x.conn.flush()
	c.Conn.(transport).writeWithin(-1) // what flush has set is not meant for the handler's own writes
	return err
}

func (c *client) isTaken() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.taken
}

// open returns net.ErrClosed if the connection is not the handler's any more; c.mu is held.
func (c *client) open() error {
	if c.x == nil && !c.hijacked {
		return net.ErrClosed
	}
	return nil
}

// SetDeadline sets the deadlines of reads and writes.
func (c *client) SetDeadline(t time.Time) error { return c.set(c.Conn.SetDeadline, t) }

// SetReadDeadline sets the deadline of reads, those included that wait already.
func (c *client) SetReadDeadline(t time.Time) error { return c.set(c.Conn.SetReadDeadline, t) }

// SetWriteDeadline sets the deadline of writes, those included that wait already.
func (c *client) SetWriteDeadline(t time.Time) error { return c.set(c.Conn.SetWriteDeadline, t) }

func (c *client) set(deadline func(time.Time) error, t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.open(); err != nil {
		return err
	}
	return deadline(t)
}

// CloseWrite ends the sending side: what the client still sends can be read.
func (c *client) CloseWrite() error {
	if err := c.take(); err != nil {
		return err
	}
	return c.Conn.(transport).CloseWrite()
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
