package engine

import (
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"time"

	"github.com/microroute/microroute/internal/files"
	"github.com/microroute/microroute/message"
)

// stream is the transport over any net.Conn.
type stream struct {
	net.Conn
	vector net.Buffers // what writeAll is writing; a field, so that it costs no allocation

	readDue, writeDue time.Time     // the deadlines that Conn has now, zero for none
	patience          time.Duration // of writes
	stalled           bool          // the last write has moved nothing
	watching          *watch
}

// readWithin sets the deadline of Conn. One that is at most an eighth later than asked for is left as it is: setting it
// costs more than reading a small request.
func (s *stream) readWithin(d time.Duration) {
	if due, changed := postpone(s.readDue, d); changed {
		s.SetReadDeadline(due)
	}
}

func (s *stream) writeWithin(d time.Duration) {
	s.patience = d
	if due, changed := postpone(s.writeDue, d); changed {
		s.SetWriteDeadline(due)
	}
}

func postpone(due time.Time, d time.Duration) (time.Time, bool) {
	if d < 0 {
		return time.Time{}, !due.IsZero()
	}
	now := time.Now()
	slack := d / 8
	if left := due.Sub(now); !due.IsZero() && d <= left && left <= d+slack {
		return due, false
	}
	return now.Add(d + slack), true
}

// SetDeadline sets both deadlines.
func (s *stream) SetDeadline(t time.Time) error {
	s.readDue, s.writeDue = t, t
	return s.Conn.SetDeadline(t)
}

// SetReadDeadline sets the deadline of reads.
func (s *stream) SetReadDeadline(t time.Time) error {
	s.readDue = t
	return s.Conn.SetReadDeadline(t)
}

// SetWriteDeadline sets the deadline of writes.
func (s *stream) SetWriteDeadline(t time.Time) error {
	s.writeDue = t
	return s.Conn.SetWriteDeadline(t)
}

// again reports whether a write that has written n octets and failed with err has been too slow for the deadline, but is
// worth another one, and sets the next deadline. It is if something has moved. If nothing has, it is once, for a moment:
// the operating system does not tell of room until there is a good deal of it.
func (s *stream) again(n int64, err error) bool {
	if s.patience < 0 || !errors.Is(err, os.ErrDeadlineExceeded) || n == 0 && s.stalled {
		s.stalled = false
		return false
	}
	s.stalled = n == 0
	patience := s.patience
	if s.stalled {
		patience /= 8
	}
	s.SetWriteDeadline(time.Now().Add(patience))
	return true
}

// isSocket reports whether Conn is a socket itself, which can go on writing after a deadline has passed: TLS cannot.
func (s *stream) isSocket() bool {
	_, ok := s.Conn.(syscall.Conn)
	return ok
}

// pieceSize is how much is written at once to a Conn that cannot go on after a deadline, so that each piece has its own.
const pieceSize = 16 << 10

// Write writes all of b.
func (s *stream) Write(b []byte) (written int, err error) {
	for whole := s.isSocket(); ; {
		piece := b[written:]
		if !whole && len(piece) > pieceSize {
			piece = piece[:pieceSize]
		}
		n, err := s.Conn.Write(piece)
		written += n
		switch {
		case err == nil && written < len(b):
			if s.patience >= 0 { // else the deadline is the handler's
				s.writeWithin(s.patience)
			}
		case !whole || !s.again(int64(n), err):
			return written, err
		}
	}
}

func (s *stream) writeAll(pieces net.Buffers) error {
	if !s.isSocket() {
		for _, piece := range pieces {
			if _, err := s.Write(piece); err != nil {
				return err
			}
		}
		return nil
	}
	s.vector = pieces
	defer func() { s.vector = nil }()
	for {
		n, err := s.vector.WriteTo(s.Conn)
		if !s.again(n, err) {
			return err
		}
	}
}

func (s *stream) sendFile(part *files.Part) (sent int64, err error) {
	if !s.isSocket() {
		return io.Copy(struct{ io.Writer }{s}, part)
	}
	from, limited := part.Stream().(*io.LimitedReader)
	if !limited {
		return io.Copy(struct{ io.Writer }{s}, part)
	}
	for {
		before := from.N
		n, err := io.Copy(s.Conn, from)
		sent += n
		if before-from.N != n { // read, but not written: package net has copied rather than used sendfile
			return sent, errors.Join(io.ErrShortWrite, err)
		}
		if !s.again(n, err) {
			return sent, err
		}
	}
}

// CloseWrite ends the sending side, if Conn can do that.
func (s *stream) CloseWrite() error {
	if half, ok := s.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return errors.ErrUnsupported
}

func (s *stream) resetOnClose() {
	if conn, ok := s.Conn.(interface{ SetLinger(seconds int) error }); ok {
		conn.SetLinger(0)
	}
}

func (s *stream) pending() bool { return waiting(s.Conn) }

func (s *stream) tls() any {
	if secure, ok := s.Conn.(interface{ TLS() any }); ok {
		return secure.TLS()
	}
	return nil
}

func (s *stream) serves(r *message.Request) bool {
	choosy, ok := s.Conn.(interface{ Serves(host string) bool })
	return !ok || choosy.Serves(r.Host())
}

// abort closes what is underneath, where that differs: TLS would wait for the client to take its last words.
func (s *stream) abort() {
	if conn, ok := s.Conn.(interface{ NetConn() net.Conn }); ok {
		conn.NetConn().Close()
		return
	}
	s.Conn.Close()
}
