package engine

import (
	"errors"
	"io"
	"net"
	"os"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"github.com/microroute/microroute/internal/files"
	"github.com/microroute/microroute/message"
)

// maxRaw is how many octets are moved in one call that the scheduler does not know of.
const maxRaw = 64 << 10

// socket is a non-blocking socket as the transport of a connection. What cannot be done at once waits for the loop.
type socket struct {
	loop       *loop
	fd         int
	generation int32        // tells this socket from earlier ones with the same descriptor
	users      atomic.Int32 // who are using fd; the last closes it. One is the connection itself
	closing    atomic.Bool
	ended      atomic.Bool // the client has ended its side, or the connection is broken
	exhausted  bool        // the last read has left nothing behind
	stalled    bool        // the last write has waited in vain

	reader, writer    waiter
	readFor, writeFor atomic.Int64 // nanoseconds that a call may wait, negative for any time
	readBy, writeBy   atomic.Int64 // until when, in the loop's time; 0 for any time
	readDue, writeDue atomic.Int64 // when the present wait ends; 0 if nobody waits
	timer             timed
	gone              atomic.Pointer[func()] // called when the client goes
}

// acquire makes fd stay open until release. It fails if the socket is closing.
func (s *socket) acquire() bool {
	for {
		n := s.users.Load()
		if n == 0 || s.closing.Load() {
			return false
		}
		if s.users.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

func (s *socket) release() {
	if s.users.Add(-1) == 0 {
		s.loop.forget(s)
		syscall.Close(s.fd)
	}
}

// Read reads what there is, or waits for it.
func (s *socket) Read(p []byte) (int, error) {
	if !s.acquire() {
		return 0, s.failed("read", net.ErrClosed)
	}
	defer s.release()
	if past(s.loop, s.readBy.Load()) {
		return 0, s.failed("read", os.ErrDeadlineExceeded)
	}
	for {
		n, errno := s.tryRead(p)
		switch {
		case n > 0:
			return n, nil
		case errno == 0:
			return 0, io.EOF
		case errno != syscall.EAGAIN:
			return 0, s.failed("read", os.NewSyscallError("read", errno))
		}
		if err := s.await(&s.reader, s.readFor.Load(), &s.readBy, &s.readDue); err != nil {
			return 0, s.failed("read", err)
		}
	}
}

// tryRead reads once, without waiting.
func (s *socket) tryRead(p []byte) (n int, errno syscall.Errno) {
	for {
		n, errno = readSocket(s.fd, p)
		if errno != syscall.EINTR {
			break
		}
	}
	if errno != 0 {
		n = 0
	}
	s.exhausted = n < min(len(p), maxRaw)
	return n, errno
}

// Write writes all of p, waiting for room as long as the client goes on taking.
func (s *socket) Write(p []byte) (written int, err error) {
	if !s.acquire() {
		return 0, s.failed("write", net.ErrClosed)
	}
	defer s.release()
	if past(s.loop, s.writeBy.Load()) {
		return 0, s.failed("write", os.ErrDeadlineExceeded)
	}
	for written < len(p) {
		n, errno := writeSocket(s.fd, p[written:])
		if errno == 0 {
			written, s.stalled = written+n, false
		} else if err := s.pause("write", errno); err != nil {
			return written, err
		}
	}
	return written, nil
}

// writeAll writes the pieces with as few calls as possible.
func (s *socket) writeAll(pieces net.Buffers) error {
	if !s.acquire() {
		return s.failed("write", net.ErrClosed)
	}
	defer s.release()
	for {
		var vector [4]syscall.Iovec
		count := 0
		for _, piece := range pieces[:min(len(pieces), len(vector))] {
			if len(piece) > 0 {
				vector[count].Base = unsafe.SliceData(piece)
				vector[count].SetLen(len(piece))
				count++
			}
		}
		if count == 0 {
			return nil
		}
		n, _, errno := syscall.Syscall(syscall.SYS_WRITEV, uintptr(s.fd), uintptr(unsafe.Pointer(&vector)), uintptr(count))
		if errno != 0 {
			if err := s.pause("writev", errno); err != nil {
				return err
			}
			continue
		}
		pieces, s.stalled = skip(pieces, int(n)), false
	}
}

// skip takes n octets off the front of pieces.
func skip(pieces net.Buffers, n int) net.Buffers {
	for len(pieces) > 0 && n >= len(pieces[0]) {
		n -= len(pieces[0])
		pieces = pieces[1:]
	}
	if n > 0 {
		pieces[0] = pieces[0][n:]
	}
	return pieces
}

// maxSendFile is how many octets the kernel is asked to send from a file at once.
const maxSendFile = 1 << 20

// sendFile sends a file with sendfile(2); what is no file, by reading and writing.
func (s *socket) sendFile(part *files.Part) (sent int64, err error) {
	from, offset, ok := part.Descriptor()
	if !ok {
		return io.Copy(struct{ io.Writer }{s}, part)
	}
	if !s.acquire() {
		return 0, s.failed("write", net.ErrClosed)
	}
	defer s.release()
	for part.Len() > 0 {
		n, err := syscall.Sendfile(s.fd, int(from), &offset, int(min(part.Len(), maxSendFile)))
		switch errno, _ := err.(syscall.Errno); {
		case n > 0:
			part.Skip(int64(n))
			sent, s.stalled = sent+int64(n), false
		case err == nil:
			return sent, nil // the file ends here
		case sent == 0 && (errno == syscall.EINVAL || errno == syscall.ENOSYS):
			return io.Copy(struct{ io.Writer }{s}, part)
		default:
			if err := s.pause("sendfile", errno); err != nil {
				return sent, err
			}
		}
	}
	return sent, nil
}

// pause waits until a write that has failed with errno can go on, or returns why it cannot.
func (s *socket) pause(call string, errno syscall.Errno) error {
	switch errno {
	case syscall.EINTR:
		return nil
	case syscall.EAGAIN:
		if s.stalled {
			s.stalled = false
			return s.failed("write", os.ErrDeadlineExceeded)
		}
		before := s.unsent()
		err := s.await(&s.writer, s.writeFor.Load(), &s.writeBy, &s.writeDue)
		if err == os.ErrDeadlineExceeded && !past(s.loop, s.writeBy.Load()) {
			// The system does not tell of room until a third of its buffer is free: the client may have taken less than that.
			s.stalled = s.unsent() >= before
			return nil
		}
		if err != nil {
			return s.failed("write", err)
		}
		return nil
	}
	return s.failed("write", os.NewSyscallError(call, errno))
}

// await parks until the loop finds the direction ready, for patience at most and until by at the latest.
func (s *socket) await(w *waiter, patience int64, by, due *atomic.Int64) error {
	end := by.Load()
	s.setDue(due, patience, end)
	if w.leave(parked) {
		// Before there was anybody to wake it may have been closed, or have got another deadline.
		if s.closing.Load() {
			w.signal()
		}
		for now := by.Load(); now != end; now = by.Load() {
			end = now
			s.setDue(due, patience, end)
		}
		<-w.wake
	}
	due.Store(0)
	switch {
	case s.closing.Load():
		return net.ErrClosed
	case w.takeExpired():
		return os.ErrDeadlineExceeded
	}
	return nil
}

func (s *socket) pending() bool { return s.count(syscall.TIOCINQ) > 0 }

// unsent returns how many octets the client has not taken yet (SIOCOUTQ, tcp(7)).
func (s *socket) unsent() int { return s.count(syscall.TIOCOUTQ) }

// count asks the system for a number of octets, 0 if it does not tell.
func (s *socket) count(what uintptr) int {
	var n int32
	syscall.Syscall(syscall.SYS_IOCTL, uintptr(s.fd), what, uintptr(unsafe.Pointer(&n)))
	return int(n)
}

// setDue sets the end of a wait that is about to begin.
func (s *socket) setDue(due *atomic.Int64, patience, by int64) {
	if patience >= 0 {
		if until := s.loop.now() + patience; by == 0 || until < by {
			by = until
		}
	}
	due.Store(by)
	if by != 0 {
		s.loop.schedule(&s.timer, by)
	}
}

// checkDue ends the wait of w if it is due. It returns when to look again, 0 for never.
func (s *socket) checkDue(w *waiter, due, now int64) (again int64) {
	if due == 0 || due > now {
		return due
	}
	if !s.expire(w) {
		return due // somebody is about to wait, or has just been woken
	}
	return 0
}

// expire ends the wait of w, whose deadline has passed. It reports whether there was one.
func (s *socket) expire(w *waiter) (found bool) {
	found, start := w.expire()
	if start {
		go s.owner().expire()
	}
	return found
}

func past(l *loop, by int64) bool { return by != 0 && l.now() >= by }

func (s *socket) readWithin(d time.Duration) {
	s.readFor.Store(int64(d))
	if s.readBy.Load() != 0 {
		s.readBy.Store(0)
	}
}

func (s *socket) writeWithin(d time.Duration) {
	s.writeFor.Store(int64(d))
	if s.writeBy.Load() != 0 {
		s.writeBy.Store(0)
	}
}

// SetDeadline sets the deadlines of both directions. They are kept to a tick of the loop's wheel, 67 ms.
func (s *socket) SetDeadline(t time.Time) error {
	return errors.Join(s.SetReadDeadline(t), s.SetWriteDeadline(t))
}

// SetReadDeadline sets the deadline of reads, those included that wait already; none if t is zero.
func (s *socket) SetReadDeadline(t time.Time) error {
	s.readFor.Store(-1)
	return s.setDeadline(t, &s.reader, &s.readBy, &s.readDue)
}

// SetWriteDeadline sets the deadline of writes, those included that wait already; none if t is zero.
func (s *socket) SetWriteDeadline(t time.Time) error {
	s.writeFor.Store(-1)
	return s.setDeadline(t, &s.writer, &s.writeBy, &s.writeDue)
}

func (s *socket) setDeadline(t time.Time, w *waiter, by, due *atomic.Int64) error {
	var until int64
	if !t.IsZero() {
		until = max(s.loop.at(t), 1)
	}
	by.Store(until)
	switch state := w.state.Load(); {
	case state != parked && state != idle:
	case until != 0 && past(s.loop, until):
		s.expire(w)
	default:
		due.Store(until)
		if until != 0 {
			s.loop.schedule(&s.timer, until)
		}
	}
	return nil
}

func (s *socket) owner() *eventConn { return s.timer.owner }

// CloseWrite ends the sending side.
func (s *socket) CloseWrite() error { return s.shutdown(syscall.SHUT_WR) }

func (s *socket) shutdown(how int) error {
	if !s.acquire() {
		return net.ErrClosed
	}
	defer s.release()
	return os.NewSyscallError("shutdown", syscall.Shutdown(s.fd, how))
}

// Close closes the socket. Calls that wait in it return, and the last of them closes the descriptor.
func (s *socket) Close() error {
	if s.closing.Swap(true) {
		return net.ErrClosed
	}
	if s.users.Load() > 1 {
		syscall.Shutdown(s.fd, syscall.SHUT_RDWR)
		s.reader.signal()
		s.writer.signal()
	}
	s.release()
	return nil
}

// abort ends the connection from outside; the one who serves it closes it.
func (s *socket) abort() { s.shutdown(syscall.SHUT_RDWR) }

func (s *socket) resetOnClose() {
	syscall.SetsockoptLinger(s.fd, syscall.SOL_SOCKET, syscall.SO_LINGER, &syscall.Linger{Onoff: 1})
}

// watch has the loop call gone when the client goes.
func (s *socket) watch(gone func()) {
	s.gone.Store(&gone)
	if s.ended.Load() {
		s.checkGone()
	}
}

func (s *socket) unwatch() []byte {
	s.gone.Store(nil)
	return nil
}

// checkGone tells who watches that the client has gone, unless it has sent something before that nobody has read yet.
func (s *socket) checkGone() {
	gone := s.gone.Load()
	if gone == nil || !s.acquire() {
		return
	}
	defer s.release()
	var next [1]byte
	if n, _, err := syscall.Recvfrom(s.fd, next[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT); n <= 0 && err != syscall.EAGAIN {
		(*gone)()
	}
}

func (s *socket) failed(op string, err error) error {
	return &net.OpError{Op: op, Net: s.RemoteAddr().Network(), Source: s.LocalAddr(), Addr: s.RemoteAddr(), Err: err}
}

func (s *socket) tls() any { return nil }

func (s *socket) serves(*message.Request) bool { return true }

// RemoteAddr returns the client's address.
func (s *socket) RemoteAddr() net.Addr {
	if remote := s.owner().remote; remote.IsValid() {
		return net.TCPAddrFromAddrPort(remote)
	}
	return &net.UnixAddr{Net: "unix"}
}

// LocalAddr returns the address that the client has connected to, one without a host or a path when the socket is closed.
func (s *socket) LocalAddr() net.Addr {
	var name syscall.Sockaddr
	if s.acquire() {
		defer s.release()
		name, _ = syscall.Getsockname(s.fd)
	}
	if local := addrPortOf(name); local.IsValid() {
		return net.TCPAddrFromAddrPort(local)
	}
	if s.isTCP() {
		return &net.TCPAddr{}
	}
	local := &net.UnixAddr{Net: "unix"}
	if unix, ok := name.(*syscall.SockaddrUnix); ok {
		local.Name = unix.Name
	}
	return local
}

// isTCP tells TCP from unix sockets, whose clients have no address.
func (s *socket) isTCP() bool { return s.owner().remote.IsValid() }
