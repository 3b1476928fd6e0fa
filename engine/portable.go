package engine

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"syscall"
	"time"
)

// acceptPortable gives every connection that l accepts a goroutine of its own.
func (s *Server) acceptPortable(l net.Listener, mayPreface bool) error {
	var pause time.Duration
	for {
		accepted, err := l.Accept()
		if err != nil {
			if s.draining.Load() {
				return ErrServerClosed
			}
			if !temporary(err) {
				return err
			}
			pause = min(max(2*pause, 5*time.Millisecond), time.Second)
			s.logger.Warn("accepting paused", "error", err, "for", pause)
			select {
			case <-time.After(pause):
			case <-s.context.Done():
				return ErrServerClosed
			}
			continue
		}
		pause = 0
		c := &portable{
			conn:   conn{server: s, remote: addrPort(accepted.RemoteAddr()), mayPreface: mayPreface},
			stream: stream{Conn: accepted},
		}
		c.net = &c.stream
		if !s.admit(&c.conn) {
			accepted.Close()
			continue
		}
		c.wait = newReadiness(&c.conn, accepted)
		go c.run()
	}
}

// temporary reports whether accepting may work again after a while: descriptors or memory have run out, or something
// is wrong with the network or with the client that was to be accepted. Linux gives errors of the latter to accept(2).
func temporary(err error) bool {
	errno, ok := errors.AsType[syscall.Errno](err)
	switch errno {
	case syscall.EBADF, syscall.EINVAL, syscall.ENOTSOCK, syscall.EOPNOTSUPP:
		return false // the listener itself
	}
	return ok
}

// addrPort returns a's address, IPv4 in its own form also on a dual-stack socket; the zero AddrPort if a has none.
func addrPort(a net.Addr) netip.AddrPort {
	known, ok := a.(interface{ AddrPort() netip.AddrPort }) // of TCP, and of UDP for QUIC
	if !ok {
		return netip.AddrPort{}
	}
	ap := known.AddrPort()
	return netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
}

// portable is a connection with a goroutine of its own.
type portable struct {
	conn
	stream stream
	wait   readiness
}

// run serves the connection until it ends. A handler that calls runtime.Goexit ends it, too, but gets its answer out.
func (c *portable) run() {
	v := more
	defer func() { c.end(v) }()
	if conn, ok := c.stream.Conn.(Negotiator); ok {
		v = closes // if it does not return
		v = c.negotiate(conn)
	}
	for v == more {
		if v = c.await(); v == more {
			v = interrupted
			v = c.answer()
		}
	}
}

// await waits for octets: without a buffer if no request has begun, else for no longer than a head may take.
func (c *portable) await() verdict {
	if c.work != nil {
		if c.headBegun() {
			return c.awaitHead()
		}
		c.releaseWork()
	}
	c.mu.Lock()
	c.rest()
	c.mu.Unlock()
	err := c.wait.readable()
	c.wake()
	if err != nil {
		return closes
	}
	return more
}

// awaitHead reads on in a head that has begun.
func (c *portable) awaitHead() verdict {
	w := c.work
	w.startHead(c.server.limits.HeadTimeout)
	c.net.SetReadDeadline(w.headDue)
	n, err := c.net.Read(w.in.room())
	w.in.added(n)
	switch {
	case n > 0:
		return more
	case errors.Is(err, os.ErrDeadlineExceeded):
		return c.refuse(errHeadTimeout)
	}
	return closes
}

// readiness waits until a connection has something to read and reads it. The work of the connection is taken from the
// pool no sooner.
type readiness interface{ readable() error }

// takeFirst is the readiness of any net.Conn: it waits with room for one octet.
type takeFirst struct {
	c     *conn
	net   net.Conn
	first [1]byte
}

// lastLook is for reading what has come in time, when the end of the time was noticed first.
const lastLook = 10 * time.Millisecond

func (t *takeFirst) readable() error {
	n, err := t.net.Read(t.first[:])
	if errors.Is(err, os.ErrDeadlineExceeded) {
		t.net.SetReadDeadline(time.Now().Add(lastLook))
		n, err = t.net.Read(t.first[:])
	}
	if n == 0 {
		if err == nil {
			err = io.ErrNoProgress
		}
		return err
	}
	c := t.c
	c.work = c.server.works.Get().(*work)
	c.work.in.added(copy(c.work.in.room(), t.first[:]))
	return nil
}
