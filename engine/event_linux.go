package engine

import (
	"os"
	"syscall"
)

// eventConn is a connection that has a goroutine only while there is something to do.
type eventConn struct {
	conn
	socket socket
}

// serve does what there is to do, in a goroutine that the loop has started: it reads and answers until nothing is left to
// read. It ends by going back to the loop, or with the connection.
func (c *eventConn) serve() {
	v := closes
	defer func() {
		if v != more {
			c.end(v)
		}
	}()
	c.socket.readDue.Store(0)
	c.wake()
	for {
		if c.work == nil {
			c.work = c.server.works.Get().(*work)
		}
		n, errno := c.socket.tryRead(c.work.in.room())
		switch {
		case n > 0:
			c.work.in.added(n)
			v = interrupted
			if v = c.answer(); v != more {
				return
			}
			v = closes
		case errno != syscall.EAGAIN:
			return
		}
		// What a call has left behind is not told again, nor is the end of the stream if it was told with the last octets.
		if c.socket.exhausted && !c.socket.ended.Load() && c.goIdle() {
			v = more
			return
		}
		if errno == syscall.EAGAIN && c.socket.ended.Load() {
			return
		}
	}
}

// goIdle leaves the connection to the loop, without a buffer unless a request has begun. It fails if there is something
// to read; if it succeeds, c belongs to another goroutine.
func (c *eventConn) goIdle() bool {
	s := &c.socket
	c.mu.Lock() // until the wait has begun: hurry shortens it then, or not at all
	defer c.mu.Unlock()
	if c.headBegun() {
		c.work.startHead(c.server.limits.HeadTimeout)
		s.readWithin(-1)
		if !c.work.headDue.IsZero() {
			s.readBy.Store(s.loop.at(c.work.headDue))
		}
	} else {
		c.releaseWork()
		c.rest()
	}
	s.setDue(&s.readDue, s.readFor.Load(), s.readBy.Load())
	if s.reader.leave(idle) {
		return true
	}
	s.readDue.Store(0)
	c.idle = false
	return false
}

// checkDeadlines ends the waits of c that have lasted long enough, and puts c back for those that have not.
func (c *eventConn) checkDeadlines(now int64) {
	s := &c.socket
	next := s.checkDue(&s.reader, s.readDue.Load(), now)
	if write := s.checkDue(&s.writer, s.writeDue.Load(), now); next == 0 || write != 0 && write < next {
		next = write
	}
	if next != 0 {
		s.loop.schedule(&s.timer, next)
	}
}

// expire ends a connection that has been idle, or in the middle of a head, for too long.
func (c *eventConn) expire() {
	c.socket.reader.takeExpired()
	c.socket.readDue.Store(0)
	c.wake()
	v := closes
	if c.work != nil {
		v = c.refuse(errHeadTimeout)
	}
	c.end(v)
}

// accept takes a batch of the connections that wait at the listener fd, and shares them out among the loops. It reports
// whether more may wait.
func (e *eventEngine) accept(fd int) (more bool) {
	l := e.listener(fd)
	if l == nil {
		return false
	}
	defer l.users.Done()
	for range batch {
		if e.server.full() {
			l.pause(nil)
			return false
		}
		client, name, err := syscall.Accept4(fd, syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC)
		switch {
		case err == nil:
			e.open(client, name, l.mayPreface)
		case err == syscall.EAGAIN:
			return false
		case err != syscall.EINTR && err != syscall.ECONNABORTED:
			if temporary(err) {
				l.pause(err)
			}
			return false
		}
	}
	return true
}

// open makes a connection of an accepted socket and gives it to a loop.
func (e *eventEngine) open(fd int, name syscall.Sockaddr, mayPreface bool) {
	if fd >= maxDescriptor {
		syscall.Close(fd)
		return
	}
	l := e.loops[e.next.Add(1)%uint32(len(e.loops))]
	c := &eventConn{conn: conn{server: e.server, remote: addrPortOf(name), idle: true, mayPreface: mayPreface}}
	s := &c.socket
	s.loop, s.fd, s.generation = l, fd, int32(e.generation.Add(1)&0x7fffffff)
	s.timer.owner = c
	s.users.Store(1)
	s.reader.state.Store(idle)
	c.net = s
	e.sockets.Add(1) // before it is admitted, so that the loops stay
	if !e.server.admitNow(&c.conn) {
		syscall.Close(fd)
		e.discount()
		return
	}
	if c.remote.IsValid() { // not a unix socket
		tune(fd)
	}
	e.table.set(fd, c)
	s.setDue(&s.readDue, int64(e.server.limits.IdleTimeout), 0)
	if err := l.control(syscall.EPOLL_CTL_ADD, fd, interest&0xffffffff, s.generation); err != nil {
		e.server.logger.Error("connection not served", "error", os.NewSyscallError("epoll_ctl", err))
		c.end(closes)
	}
}
