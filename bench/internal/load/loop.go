//go:build linux

package load

import (
	"fmt"
	"syscall"
	"time"
)

// loop is one thread of the client and its connections.
type loop struct {
	epoll    int
	conns    []conn
	paused   []pause // all pauses of a load are equally long, so the first ends first
	buffer   []byte
	load     *Load
	requests int // that have been answered in this run
	content  int // of answers that has come in this run, in bytes
	latency  Histogram
}

// pause says when a connection goes on.
type pause struct {
	conn *conn
	end  time.Time
}

// open opens connections. Their first steps differ, so that steps of all kinds are under way from the beginning.
func open(load *Load, addr syscall.Sockaddr, connections int) (l *loop, err error) {
	l = &loop{load: load, conns: make([]conn, 0, connections), buffer: make([]byte, 256<<10)}
	if l.epoll, err = syscall.EpollCreate1(syscall.EPOLL_CLOEXEC); err != nil {
		return nil, err
	}
	for i := range connections {
		fd, err := connect(addr, l.epoll, i)
		if err != nil {
			l.close()
			return nil, fmt.Errorf("load: connection %d: %w", i, err)
		}
		l.conns = append(l.conns, conn{
			fd: fd, load: load, step: i % len(load.Steps), answer: answer{partial: load.Partial},
		})
	}
	return l, nil
}

func (l *loop) close() {
	for i := range l.conns {
		syscall.Close(l.conns[i].fd)
	}
	syscall.Close(l.epoll)
}

// begin has every connection begin its first step.
func (l *loop) begin() error {
	now := time.Now()
	for i := range l.conns {
		c := &l.conns[i]
		wait, err := c.begin(now)
		if err != nil {
			return err
		}
		l.pause(c, now, wait)
	}
	return nil
}

func (l *loop) pause(c *conn, now time.Time, wait time.Duration) {
	if wait > 0 {
		l.paused = append(l.paused, pause{c, now.Add(wait)})
	}
}

// run keeps the connections busy for length, and after it until something that counts has come, but no longer than patience.
func (l *loop) run(length, patience time.Duration) error {
	events := make([]syscall.EpollEvent, 256)
	l.requests, l.content, l.latency = 0, 0, Histogram{}
	begin := time.Now()
	end := begin.Add(length)
	for now := begin; now.Before(end) || !l.hasResult(); now = time.Now() {
		if now.Sub(begin) > length+patience {
			return fmt.Errorf("load: no answer within %v", length+patience)
		}
		if err := l.resume(now); err != nil {
			return err
		}
		wake := end
		if now.After(end) {
			wake = begin.Add(length + patience)
		}
		if len(l.paused) > 0 && l.paused[0].end.Before(wake) {
			wake = l.paused[0].end
		}
		n, err := syscall.EpollWait(l.epoll, events, int(wake.Sub(now)/time.Millisecond)+1)
		if err != nil && err != syscall.EINTR {
			return err
		}
		for _, event := range events[:max(n, 0)] {
			if err := l.turn(&l.conns[event.Fd]); err != nil {
				return err
			}
		}
	}
	return nil
}

// hasResult reports whether something that counts has come in this run.
func (l *loop) hasResult() bool { return l.latency.total > 0 || l.load.Length > 0 && l.content > 0 }

// resume lets connections whose pause is over go on.
func (l *loop) resume(now time.Time) error {
	for len(l.paused) > 0 && !l.paused[0].end.After(now) {
		c := l.paused[0].conn
		l.paused = l.paused[1:]
		wait, err := c.next(now)
		if err != nil {
			return err
		}
		l.pause(c, now, wait)
	}
	return nil
}

// turn writes and reads what one connection can.
func (l *loop) turn(c *conn) error {
	if err := c.write(); err != nil {
		return err
	}
	for more := true; more; {
		var answers int
		var err error
		before := c.answer.content
		answers, more, err = c.read(l.buffer)
		l.content += c.answer.content - before
		if err != nil {
			return err
		}
		if answers == 0 {
			continue
		}
		if answers > c.waiting {
			return fmt.Errorf("load: %d answers, waiting for %d", answers, c.waiting)
		}
		now := time.Now()
		l.count(c, answers, now.Sub(c.sent))
		if c.waiting -= answers; c.waiting == 0 {
			wait, err := c.next(now)
			if err != nil {
				return err
			}
			l.pause(c, now, wait)
		}
	}
	return nil
}

func (l *loop) count(c *conn, answers int, latency time.Duration) {
	l.requests += answers
	if !c.load.Steps[c.step].Aside {
		for range answers {
			l.latency.Add(latency)
		}
	}
}
