package engine

import (
	"errors"
	"net"
	"net/netip"
	"sync"
	"time"
	"unsafe"

	"github.com/microroute/microroute/internal/files"
	"github.com/microroute/microroute/internal/http1"
	"github.com/microroute/microroute/message"
)

// conn is one HTTP/1 connection. It belongs to the goroutine that serves it; others may only call hurry, and abort the transport.
type conn struct {
	server *Server
	net    transport
	remote netip.AddrPort
	work   *work // nil while the connection is idle

	mu         sync.Mutex
	idle       bool // between two requests
	mayPreface bool // the first octets may be the preface of HTTP/2; belongs to the goroutine that serves c
}

// transport moves the octets of a connection: what the engines differ in.
type transport interface {
	net.Conn
	// CloseWrite ends the sending side and keeps the receiving one.
	CloseWrite() error
	// readWithin has every Read from now on wait for up to d, writeWithin every Write; a negative d means without limit.
	// While the client takes something within every d, a Write goes on.
	readWithin(d time.Duration)
	writeWithin(d time.Duration)
	// writeAll writes the pieces one after the other, in one system call if possible. It may change the slice.
	writeAll(pieces net.Buffers) error
	// sendFile sends what part has, from the disk to the socket without a copy where the operating system can do that.
	sendFile(part *files.Part) (int64, error)
	// watch has gone called when the client ends its side, or the connection breaks, before it has sent anything more.
	// unwatch ends that, and returns octets that have been read meanwhile.
	watch(gone func())
	unwatch() []byte
	// pending reports whether there are octets to be read, if it can tell.
	pending() bool
	// tls returns the state of a secure connection, nil for others.
	tls() any
	// serves reports whether the connection is one to the host that the request is for.
	serves(r *message.Request) bool
	// abort ends the connection from outside, for any goroutine to call. The one that serves it finds out and closes it.
	abort()
	// resetOnClose has Close reset the connection, so that the client knows that something is missing.
	resetOnClose()
}

// verdict is what a connection needs when the requests in its buffer have been answered.
type verdict uint8

const (
	more        verdict = iota // octets
	closes                     // to be closed
	lingers                    // to be closed when the client has had time to read the last answer
	handedOver                 // nothing more: it belongs to the handler now
	interrupted                // unknown: the handler has ended its goroutine
)

// answer answers the requests that are in the buffer, one after the other, and says what the connection needs next.
func (c *conn) answer() verdict {
	w := c.work
	for {
		n, err := w.parser.Parse(w.in.rest(), &w.x.head)
		if err != nil && c.prefaced() {
			return c.speakHTTP2()
		}
		if err != nil {
			return c.refuse(err)
		}
		if n == 0 {
			if c.flush() != nil {
				return closes
			}
			return more
		}
		w.in.consume(n)
		w.in.base, w.headDue = w.in.start, time.Time{}
		c.mayPreface = false
		if v := c.exchange(); v != more {
			return v
		}
		w.in.nextHead()
		w.parser.Reset()
		if w.in.empty() || len(w.out) >= maxBatch {
			if c.flush() != nil {
				return closes
			}
		}
		if w.in.empty() {
			return more
		}
	}
}

// maxBatch is how many octets of answers to pipelined requests wait for each other before they are sent.
const maxBatch = 64 << 10

// exchange lets the handler answer the request whose head has been read.
func (c *conn) exchange() verdict {
	x := &c.work.x
	x.begin(c)
	c.server.handler(x)
	return x.finish()
}

// refuse answers a request that could not be understood. What follows it on the connection could not be either
// (RFC 9112 section 9.5).
func (c *conn) refuse(err error) verdict {
	status, text := 400, err.Error()
	if wrong, ok := errors.AsType[*http1.Error](err); ok {
		status, text = wrong.Status, wrong.Text
	}
	c.server.logger.Debug("request refused", "client", c.remote, "status", status, "reason", text)
	w := c.work
	w.out = appendRefusal(w.out, status, text, c.server.date.now(), w.parser.Head(w.in.rest()))
	return lingers
}

// fill reads once, waiting for up to the time given for the first octet. 0 octets without an error cannot happen.
func (c *conn) fill(within time.Duration) error {
	c.mayRead(within)
	n, err := c.net.Read(c.work.in.room())
	c.work.in.added(n)
	if n > 0 {
		return nil
	}
	return err
}

// flush sends what has been written.
func (c *conn) flush() error {
	if len(c.work.out) == 0 {
		return nil
	}
	c.mayWrite()
	_, err := c.net.Write(c.work.out)
	c.work.out = c.work.out[:0]
	return err
}

// flushWith sends what has been written, then content and tail, in one system call if possible.
func (c *conn) flushWith(content []byte, tail string) error {
	w := c.work
	if len(w.out)+len(content)+len(tail) <= cap(w.out) {
		w.out = append(w.out, content...)
		w.out = append(w.out, tail...)
		return c.flush()
	}
	w.pieces = [3][]byte{w.out, content, unsafe.Slice(unsafe.StringData(tail), len(tail))}
	c.mayWrite()
	err := c.net.writeAll(w.pieces[:])
	w.pieces, w.out = [3][]byte{}, w.out[:0]
	return err
}

// mayRead lets what reads next wait for up to the time given, or until the deadline that the handler has set.
func (c *conn) mayRead(within time.Duration) {
	x := &c.work.x
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.readOwn {
		c.net.SetReadDeadline(x.readBy)
		return
	}
	c.net.readWithin(within)
}

// mayWrite lets what writes next wait for the client, or until the deadline that the handler has set.
func (c *conn) mayWrite() {
	if x := &c.work.x; x.writeOwn {
		c.net.SetWriteDeadline(x.writeBy)
		return
	}
	c.net.writeWithin(c.server.limits.WriteTimeout)
}

// lastInLine reports whether no request is known to follow the one that is being answered.
func (c *conn) lastInLine() bool { return c.work.in.empty() && !c.net.pending() }

// rest takes note that c waits for a request; c.mu is held. While the server is shutting down it does not wait for long.
func (c *conn) rest() {
	c.idle = true
	within := c.server.limits.IdleTimeout
	if c.server.draining.Load() {
		within = drainGrace
	}
	c.net.readWithin(within)
}

// wake takes note that a request has begun to arrive.
func (c *conn) wake() {
	c.mu.Lock()
	c.idle = false
	c.mu.Unlock()
}

// hurry shortens the wait of an idle connection, as the server is shutting down.
func (c *conn) hurry() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.idle {
		c.net.SetReadDeadline(time.Now().Add(drainGrace))
	}
}

// linger sends what has been written, closes the sending side and reads on for a moment: a socket closed with octets unread is reset, and then the
// client may lose the answer it has not read yet (RFC 9112 section 9.6).
func (c *conn) linger() {
	if c.flush() != nil || c.net.CloseWrite() != nil {
		return
	}
	patience := c.server.limits.DrainTimeout
	if patience < 0 {
		patience = time.Second
	}
	c.net.SetReadDeadline(time.Now().Add(patience))
	for read := 0; read < maxLinger; {
		n, err := c.net.Read(c.work.in.buf)
		if err != nil {
			return
		}
		read += n
	}
}

// maxLinger is how many octets are read and dropped before a close: more than there is room for in the buffers of both
// ends, so that a client which stops to read has the answer.
const maxLinger = 16 << 20

// headBegun reports whether the start of a request is in the buffer.
func (c *conn) headBegun() bool { return c.work.parser.Started(c.work.in.rest()) }

// releaseWork gives back what the connection needs no more.
func (c *conn) releaseWork() {
	c.server.release(c.work)
	c.work = nil
}

// end ends the connection, unless a handler has taken it.
func (c *conn) end(v verdict) {
	if v == interrupted {
		if v = c.work.x.finish(); v == more {
			v = lingers
		}
	}
	if v == lingers {
		c.linger()
	}
	if v != handedOver {
		c.net.Close()
	}
	c.server.dismiss(c)
	if c.work != nil {
		c.releaseWork()
	}
}
