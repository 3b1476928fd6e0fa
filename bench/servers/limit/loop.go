//go:build linux

package main

import (
	"bytes"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

// loop serves the connections of one epoll instance, whose map belongs to its goroutine alone.
type loop struct {
	epoll   int
	answers map[string]answer
	conns   map[int32]*conn
}

// conn is a connection. The lock is for requests that block: their answers come from another goroutine.
type conn struct {
	sync.Mutex
	fd      int
	in      []byte // the beginning of a request
	out     []byte // what is to be written before the file
	taken   int    // how much of out the socket has taken
	file    int
	offset  int64
	left    int // of the file
	echo    int // what is still to come of the content for /echo
	blocked bool
}

func (l *loop) run() error {
	runtime.LockOSThread()
	l.conns = make(map[int32]*conn)
	events := make([]syscall.EpollEvent, 256)
	buffer := make([]byte, 64<<10)
	for {
		n, errno := wait(l.epoll, events)
		if errno != 0 && errno != syscall.EINTR {
			return errno
		}
		for _, event := range events[:n] {
			c := l.conns[event.Fd]
			if c == nil {
				c = &conn{fd: int(event.Fd)}
				l.conns[event.Fd] = c
			}
			if !c.turn(l.answers, buffer) {
				delete(l.conns, event.Fd)
				c.Lock()
				syscall.Close(c.fd)
				c.fd = -1
				c.Unlock()
			}
		}
	}
}

// wait waits for events without telling the scheduler: the thread is the loop's own.
func wait(epoll int, events []syscall.EpollEvent) (n int, errno syscall.Errno) {
	r, _, errno := syscall.RawSyscall6(syscall.SYS_EPOLL_PWAIT, uintptr(epoll), uintptr(unsafe.Pointer(&events[0])),
		uintptr(len(events)), ^uintptr(0), 0, 0)
	if errno != 0 {
		return 0, errno
	}
	return int(r), 0
}

// call reads or writes without telling the scheduler.
func call(number uintptr, fd int, p []byte) (n int, errno syscall.Errno) {
	r, _, errno := syscall.RawSyscall(number, uintptr(fd), uintptr(unsafe.Pointer(&p[0])), uintptr(len(p)))
	if errno != 0 {
		return 0, errno
	}
	return int(r), 0
}

// turn writes what can be written and answers what has come. It returns false when the connection has ended.
func (c *conn) turn(answers map[string]answer, buffer []byte) bool {
	c.Lock()
	defer c.Unlock()
	for {
		if !c.flush() {
			return false
		}
		n, errno := call(syscall.SYS_READ, c.fd, buffer)
		switch {
		case errno == syscall.EAGAIN:
			return true
		case n <= 0:
			return false
		}
		requests := buffer[:n]
		if len(c.in) > 0 {
			c.in = append(c.in, requests...)
			requests = c.in
		}
		c.in = append(c.in[:0], c.answer(answers, requests)...)
		if !c.flush() {
			return false
		}
		if n < len(buffer) {
			return true
		}
	}
}

// answer puts the answers to complete requests into out and returns what remains of them.
func (c *conn) answer(answers map[string]answer, requests []byte) (rest []byte) {
	for !c.blocked && c.left == 0 {
		if n := min(c.echo, len(requests)); n > 0 {
			c.out = append(c.out, requests[:n]...)
			c.echo -= n
			requests = requests[n:]
		}
		end := bytes.Index(requests, []byte("\r\n\r\n"))
		if end < 0 {
			break
		}
		fields, content := requests[:end], requests[end+4:]
		if bytes.HasPrefix(fields, []byte("POST /echo ")) {
			c.echo = contentLength(fields)
			c.out = strconv.AppendInt(append(c.out, answers[echo].octets...), int64(c.echo), 10)
			c.out = append(c.out, "\r\n\r\n"...)
			requests = content
			continue
		}
		requests = content[min(contentLength(fields), len(content)):]
		line := fields[:max(bytes.Index(fields, []byte(" HTTP/1.1")), 0)]
		a, found := answers[string(line)]
		if !found {
			c.out = append(c.out, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"...)
			continue
		}
		c.out = append(c.out, a.octets...)
		if len(a.later) > 0 {
			c.blocked = true
			time.AfterFunc(a.pause, func() { c.goOn(a) })
			continue
		}
		c.file, c.offset, c.left = a.file, 0, a.size
	}
	return requests
}

// goOn sends what comes first of a.later, and has the rest follow.
func (c *conn) goOn(a answer) {
	c.Lock()
	defer c.Unlock()
	if c.fd < 0 {
		return
	}
	c.out = append(c.out, a.later[0]...)
	if a.later = a.later[1:]; len(a.later) > 0 {
		time.AfterFunc(a.pause, func() { c.goOn(a) })
	}
	c.blocked = len(a.later) > 0
	c.flush()
}

// flush writes until the socket takes no more. It returns false if the connection has failed.
func (c *conn) flush() bool {
	for c.taken < len(c.out) {
		n, errno := call(syscall.SYS_WRITE, c.fd, c.out[c.taken:])
		if errno != 0 {
			return errno == syscall.EAGAIN
		}
		c.taken += n
	}
	c.out, c.taken = c.out[:0], 0
	for c.left > 0 {
		n, err := syscall.Sendfile(c.fd, c.file, &c.offset, c.left)
		if err != nil {
			return err == syscall.EAGAIN
		}
		c.left -= n
	}
	return true
}

// contentLength returns the length of a request's content, 0 if its head names none.
func contentLength(head []byte) int {
	_, rest, _ := bytes.Cut(head, []byte("\r\nContent-Length: "))
	digits, _, _ := bytes.Cut(rest, []byte("\r\n"))
	n, _ := strconv.Atoi(string(digits))
	return n
}
