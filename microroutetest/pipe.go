package microroutetest

import (
	"crypto/tls"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// newPipe returns the two ends of a connection in memory. Unlike those of net.Pipe they have buffers, and one direction
// can be closed before the other, as with TCP: a server may answer while the client is still sending.
func newPipe() (client, server *end) {
	there, back := newDirection(), newDirection()
	client = &end{in: back, out: there, local: memory{}, remote: memory{}}
	server = &end{in: there, out: back, local: memory{}, remote: memory{}}
	return client, server
}

// end is one end of the connection.
type end struct {
	in, out       *direction
	local, remote net.Addr
	state         *tls.ConnectionState // nil if it is not secure
}

func (e *end) Read(p []byte) (int, error)  { return e.in.read(p) }
func (e *end) Write(p []byte) (int, error) { return e.out.write(p) }

func (e *end) CloseWrite() error {
	e.out.update(func(d *direction) { d.finished = true })
	return nil
}

func (e *end) Close() error {
	e.in.update(func(d *direction) { d.deaf = true })
	return e.CloseWrite()
}

func (e *end) SetReadDeadline(t time.Time) error {
	e.in.update(func(d *direction) { d.readBy = t })
	return nil
}

func (e *end) SetWriteDeadline(t time.Time) error {
	e.out.update(func(d *direction) { d.writeBy = t })
	return nil
}

func (e *end) SetDeadline(t time.Time) error {
	e.SetReadDeadline(t)
	return e.SetWriteDeadline(t)
}

func (e *end) LocalAddr() net.Addr  { return e.local }
func (e *end) RemoteAddr() net.Addr { return e.remote }

// TLS returns the state of a secure connection, for the engine.
func (e *end) TLS() any {
	if e.state == nil {
		return nil
	}
	return e.state
}

// memory is the address of an end that has no other.
type memory struct{}

func (memory) Network() string { return "memory" }
func (memory) String() string  { return "memory" }

// direction is what has been sent from one end to the other.
type direction struct {
	mu       sync.Mutex
	changed  sync.Cond
	octets   []byte
	finished bool // nothing more will be written
	deaf     bool // nothing more will be read
	readBy   time.Time
	writeBy  time.Time
}

// capacity is how many octets may be on their way in one direction.
const capacity = 64 << 10

func newDirection() *direction {
	d := &direction{}
	d.changed.L = &d.mu
	return d
}

func (d *direction) update(change func(*direction)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change(d)
	d.changed.Broadcast()
}

func (d *direction) read(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for len(d.octets) == 0 || past(d.readBy) {
		switch {
		case d.deaf:
			return 0, net.ErrClosed
		case past(d.readBy):
			return 0, os.ErrDeadlineExceeded
		case d.finished:
			return 0, io.EOF
		}
		d.wait(d.readBy)
	}
	n := copy(p, d.octets)
	d.octets = d.octets[n:]
	d.changed.Broadcast()
	return n, nil
}

func (d *direction) write(p []byte) (written int, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for {
		switch {
		case d.finished:
			return written, net.ErrClosed
		case d.deaf:
			return written, io.ErrClosedPipe
		case past(d.writeBy):
			return written, os.ErrDeadlineExceeded
		}
		n := min(len(p), capacity-len(d.octets))
		d.octets = append(d.octets, p[:n]...)
		written, p = written+n, p[n:]
		d.changed.Broadcast()
		if len(p) == 0 {
			return written, nil
		}
		d.wait(d.writeBy)
	}
}

// wait waits for a change, or for the deadline.
func (d *direction) wait(by time.Time) {
	if !by.IsZero() {
		timer := time.AfterFunc(time.Until(by), func() { d.update(func(*direction) {}) })
		defer timer.Stop()
	}
	d.changed.Wait()
}

func past(by time.Time) bool { return !by.IsZero() && !time.Now().Before(by) }
