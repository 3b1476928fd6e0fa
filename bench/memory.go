//go:build linux

package main

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/microroute/microroute/bench/internal/process"
	"github.com/microroute/microroute/bench/internal/report"
)

// measureMemory returns what a server that has just been started uses, and what each of n idle connections adds to it.
// Before, as many connections have come and gone: what the server keeps for the next ones is no cost of these.
func measureMemory(s *process.Server, n int) (m report.Memory, err error) {
	idle, err := process.RSS(s.PID)
	if err != nil {
		return m, err
	}
	warm, err := idleConns(s.Addr, n)
	if err = errors.Join(err, closeAll(warm)); err != nil {
		return m, err
	}
	inUse, rss, err := use(s)
	if err != nil {
		return m, err
	}
	conns, err := idleConns(s.Addr, n)
	if err == nil {
		m.InUse, m.PerConn, err = use(s)
	}
	m.Idle, m.InUse, m.PerConn = float64(idle), (m.InUse-inUse)/float64(n), (m.PerConn-rss)/float64(n)
	return m, errors.Join(err, closeAll(conns))
}

// use returns the memory of a server in bytes: what is in use after a garbage collection, and what is resident then.
func use(s *process.Server) (inUse, rss float64, err error) {
	a, err := s.InUse()
	if err != nil {
		return 0, 0, err
	}
	b, err := process.RSS(s.PID)
	return float64(a), float64(b), err
}

// idleConns returns n connections that have had one request each.
func idleConns(addr string, n int) (conns []*net.TCPConn, err error) {
	reader := bufio.NewReader(nil)
	for range n {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			return conns, err
		}
		conns = append(conns, c.(*net.TCPConn))
		c.SetDeadline(time.Now().Add(10 * time.Second))
		if _, err := io.WriteString(c, "GET /plaintext HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"); err != nil {
			return conns, err
		}
		reader.Reset(c)
		answer, err := http.ReadResponse(reader, nil)
		if err != nil {
			return conns, err
		}
		if _, err := io.Copy(io.Discard, answer.Body); err != nil {
			return conns, err
		}
	}
	return conns, nil
}

// closeAll closes the connections and waits until the server has done so, too.
func closeAll(conns []*net.TCPConn) (failed error) {
	for _, c := range conns {
		failed = errors.Join(failed, c.CloseWrite())
	}
	for _, c := range conns {
		_, err := c.Read(make([]byte, 1))
		if err != io.EOF {
			failed = errors.Join(failed, err)
		}
		c.Close()
	}
	return failed
}
