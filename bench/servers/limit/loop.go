//go:build linux

package main

import (
	"bytes"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/microroute/microroute/bench/internal/site"
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
	out     []byte // what the socket has not taken yet, before the file
	file    int
	offset  int64
	left    int // of the file
	blocked bool
}

func (l *loop) run() error {
	l.conns = make(map[int32]*conn)
	events := make([]syscall.EpollEvent, 256)
	buffer := make([]byte, 64<<10)
	for {
		n, err := syscall.EpollWait(l.epoll, events, -1)
		if err != nil && err != syscall.EINTR {
			return err
		}
		for _, event := range events[:max(n, 0)] {
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

// turn writes what can be written and answers what has come. It returns false when the connection has ended.
func (c *conn) turn(answers map[string]answer, buffer []byte) bool {
	c.Lock()
	defer c.Unlock()
	for {
		if !c.flush() {
			return false
		}
		n, err := syscall.Read(c.fd, buffer)
		switch {
		case err == syscall.EAGAIN:
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
		end := bytes.Index(requests, []byte("\r\n\r\n"))
		if end < 0 {
			break
		}
		fields, content := requests[:end], requests[end+4:]
		if bytes.HasPrefix(fields, []byte("POST /echo ")) {
			length := contentLength(fields)
			if len(content) < length {
				break
			}
			c.out = append(append(c.out, head("application/octet-stream", length)...), content[:length]...)
			requests = content[length:]
			continue
		}
		requests = content[min(contentLength(fields), len(content)):]
		line := fields[:max(bytes.Index(fields, []byte(" HTTP/1.1")), 0)]
		a, found := answers[string(line)]
		if !found {
			c.out = append(c.out, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"...)
			continue
		}
		if a.blocks {
			c.blocked = true
			time.AfterFunc(site.Blocking, func() { c.unblock(a.octets) })
			continue
		}
		c.out = append(c.out, a.octets...)
		c.file, c.offset, c.left = a.file, 0, a.size
	}
	return requests
}

func (c *conn) unblock(octets []byte) {
	c.Lock()
	defer c.Unlock()
	c.blocked = false
	c.out = append(c.out, octets...)
	if c.fd >= 0 {
		c.flush()
	}
}

// flush writes until the socket takes no more. It returns false if the connection has failed.
func (c *conn) flush() bool {
	for len(c.out) > 0 {
		n, err := syscall.Write(c.fd, c.out)
		if err != nil {
			return err == syscall.EAGAIN
		}
		c.out = c.out[n:]
	}
	for c.left > 0 {
		n, err := syscall.Sendfile(c.fd, c.file, &c.offset, c.left)
		if err != nil {
			return err == syscall.EAGAIN
		}
		c.left -= n
	}
	c.out = c.out[:0]
	return true
}

// contentLength returns the length of a request's content, 0 if its head names none.
func contentLength(head []byte) int {
	_, rest, _ := bytes.Cut(head, []byte("\r\nContent-Length: "))
	digits, _, _ := bytes.Cut(rest, []byte("\r\n"))
	n, _ := strconv.Atoi(string(digits))
	return n
}
