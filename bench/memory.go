//go:build linux

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/microroute/microroute/bench/internal/load"
	"github.com/microroute/microroute/bench/internal/process"
	"github.com/microroute/microroute/bench/internal/report"
)

// memory measures the size of each program and the memory that it needs, and those of the smallest one with microroute.
func (p plan) memory(ctx context.Context, r *report.Report, dir string, round int) error {
	if p.Idle == 0 {
		return nil
	}
	for _, s := range append(p.Servers[:len(p.Servers):len(p.Servers)], hello) {
		m, err := p.memoryOf(ctx, dir, s)
		if err != nil {
			return fmt.Errorf("%s: memory: %w", s.Name, err)
		}
		r.Add(round, memoryLoad, s.Name, m)
	}
	return nil
}

// memoryLoad is the name under which a report has memory.
const memoryLoad = "memory"

func (p plan) memoryOf(ctx context.Context, dir string, s server) (report.Sample, error) {
	program, err := os.Stat(filepath.Join(dir, s.Program))
	if err != nil {
		return nil, err
	}
	started, err := s.start(ctx, dir, p.cpu(0))
	if err != nil {
		return nil, err
	}
	defer started.Stop()
	rss, err := process.RSS(started.PID)
	m := report.Sample{report.Size: float64(program.Size()), report.IdleRSS: float64(rss)}
	if err != nil || s == hello {
		return m, err
	}
	m[report.ConnInUse], m[report.ConnRSS], err = perConn(started, p.Idle)
	return m, err
}

// perConn returns the bytes that each of n idle connections adds to a server, in its own accounts and in the kernel's.
// Before, as many connections have come and gone: what the server keeps for the next ones is no cost of these.
func perConn(s *process.Server, n int) (inUse, rss float64, err error) {
	warm, err := idleConns(s.Addr, n)
	if err = errors.Join(err, closeAll(warm)); err != nil {
		return 0, 0, err
	}
	inUseBefore, rssBefore, err := use(s)
	if err != nil {
		return 0, 0, err
	}
	conns, err := idleConns(s.Addr, n)
	if err == nil {
		inUse, rss, err = use(s)
	}
	return (inUse - inUseBefore) / float64(n), (rss - rssBefore) / float64(n), errors.Join(err, closeAll(conns))
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
		c.SetDeadline(time.Now().Add(load.Patience))
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
		c.SetReadDeadline(time.Now().Add(load.Patience))
		_, err := c.Read(make([]byte, 1))
		if err != io.EOF {
			failed = errors.Join(failed, err)
		}
		c.Close()
	}
	return failed
}
