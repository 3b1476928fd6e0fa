//go:build unix

package engine

import (
	"errors"
	"io"
	"net"
	"os"
	"syscall"
)

// pollFirst is the readiness of a connection with a descriptor: it asks the socket itself, so that the buffer is only
// needed at the moment when there is something to put into it.
type pollFirst struct {
	c   *conn
	raw syscall.RawConn
	n   int
	err error
	try func(fd uintptr) bool
}

func newReadiness(c *conn, accepted net.Conn) readiness {
	if s, ok := accepted.(syscall.Conn); ok {
		if raw, err := s.SyscallConn(); err == nil {
			p := &pollFirst{c: c, raw: raw}
			p.try = p.read
			return p
		}
	}
	return &takeFirst{c: c, net: accepted}
}

func (p *pollFirst) readable() error {
	err := p.raw.Read(p.try)
	if errors.Is(err, os.ErrDeadlineExceeded) && p.lastLook() {
		err = nil
	}
	if err != nil {
		return err
	}
	return p.err
}

// lastLook reads what has come in time, when the end of the time was noticed first. It reports whether there was something.
func (p *pollFirst) lastLook() (found bool) {
	p.raw.Control(func(fd uintptr) { found = p.read(fd) })
	return found
}

// read reads once and reports whether there is nothing to wait for.
func (p *pollFirst) read(fd uintptr) bool {
	w := p.c.server.works.Get().(*work)
	for {
		p.n, p.err = syscall.Read(int(fd), w.in.room())
		if p.err != syscall.EINTR {
			break
		}
	}
	if p.n > 0 {
		w.in.added(p.n)
		p.c.work, p.err = w, nil
		return true
	}
	p.c.server.works.Put(w)
	if p.err == syscall.EAGAIN {
		return false
	}
	if p.err == nil {
		p.err = io.EOF
	}
	return true
}

// waiting reports whether there are octets to be read from c, if it has a descriptor.
func waiting(c net.Conn) (yes bool) {
	s, ok := c.(syscall.Conn)
	if !ok {
		return false
	}
	raw, err := s.SyscallConn()
	if err != nil {
		return false
	}
	raw.Control(func(fd uintptr) {
		var one [1]byte
		n, _, err := syscall.Recvfrom(int(fd), one[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		yes = n > 0 && err == nil
	})
	return yes
}
