//go:build linux

package load

import (
	"errors"
	"io"
	"syscall"
	"time"
)

// conn is a connection that works through the steps of a load.
type conn struct {
	fd      int
	load    *Load
	step    int // the one that is under way
	out     []byte
	sent    time.Time
	waiting int // answers to come
	answer  answer
}

// edge is EPOLLET, whose constant is negative.
const edge = 1 << 31

// connect connects to addr and has epoll tell of the connection, as number.
func connect(addr syscall.Sockaddr, epoll, number int) (fd int, err error) {
	if fd, err = syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0); err != nil {
		return 0, err
	}
	event := syscall.EpollEvent{Events: syscall.EPOLLIN | syscall.EPOLLOUT | edge, Fd: int32(number)}
	err = errors.Join(
		syscall.SetsockoptInt(fd, syscall.IPPROTO_TCP, syscall.TCP_NODELAY, 1),
		syscall.Connect(fd, addr),
		syscall.SetNonblock(fd, true),
		syscall.EpollCtl(epoll, syscall.EPOLL_CTL_ADD, fd, &event),
	)
	if err != nil {
		syscall.Close(fd)
	}
	return fd, err
}

// begin begins the step. It returns the pause, if the step is one.
func (c *conn) begin(now time.Time) (pause time.Duration, err error) {
	step := &c.load.Steps[c.step]
	if step.Pause > 0 {
		return step.Pause, nil
	}
	c.out, c.sent, c.waiting = step.Request, now, c.load.Pipeline
	return 0, c.write()
}

// next goes on to the next step.
func (c *conn) next(now time.Time) (pause time.Duration, err error) {
	c.step = (c.step + 1) % len(c.load.Steps)
	return c.begin(now)
}

func (c *conn) write() error {
	for len(c.out) > 0 {
		n, err := syscall.Write(c.fd, c.out)
		if err == syscall.EAGAIN || err == syscall.EINTR {
			return nil
		}
		if err != nil {
			return err
		}
		c.out = c.out[n:]
	}
	return nil
}

// read reads what has come and returns how many answers have become complete. There is more if the buffer was full.
func (c *conn) read(buffer []byte) (answers int, more bool, err error) {
	n, err := syscall.Read(c.fd, buffer)
	switch {
	case err == syscall.EAGAIN || err == syscall.EINTR:
		return 0, false, nil
	case err != nil:
		return 0, false, err
	case n == 0:
		return 0, false, io.ErrUnexpectedEOF
	}
	for b := buffer[:n]; len(b) > 0; {
		var complete bool
		if b, complete, err = c.answer.read(b); err != nil {
			return answers, false, err
		}
		if complete {
			answers++
		}
	}
	return answers, n == len(buffer), nil
}
