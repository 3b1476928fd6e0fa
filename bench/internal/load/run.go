//go:build linux

package load

import (
	"bytes"
	"errors"
	"net/netip"
	"runtime"
	"sync"
	"syscall"
	"time"

	"github.com/microroute/microroute/bench/internal/process"
)

// Options is how a load is run.
type Options struct {
	Addr        string // of the server, IPv4
	PID         int    // of the server, to read its accounts
	Connections int
	Threads     int
	Length      time.Duration // a tenth of it goes before, to warm up
}

// Result is what was measured.
type Result struct {
	Requests       int
	Elapsed        time.Duration
	CPU            time.Duration // of the server
	RSS            int64         // of the server at the end, in bytes
	P50, P99, P999 time.Duration
}

// Run runs the load. An answer that is not complete, or has another status than 200, is an error.
func Run(load Load, o Options) (result Result, err error) {
	addr, err := netip.ParseAddrPort(o.Addr)
	if err != nil {
		return result, err
	}
	load = load.pipelined()
	if load.Most > 0 {
		o.Connections = min(o.Connections, load.Most)
	}
	to := &syscall.SockaddrInet4{Addr: addr.Addr().As4(), Port: int(addr.Port())}
	loops := make([]*loop, max(1, min(o.Threads, o.Connections)))
	for i := range loops {
		share := (o.Connections + i) / len(loops)
		if loops[i], err = open(&load, to, share); err != nil {
			return result, err
		}
		defer loops[i].close()
	}
	if err := each(loops, func(l *loop) error { return l.begin() }); err != nil {
		return result, err
	}
	if err := runFor(loops, o.Length/10); err != nil {
		return result, err
	}
	for _, l := range loops {
		l.counting = true
	}
	begin := time.Now()
	before, err := process.CPU(o.PID)
	if err != nil {
		return result, err
	}
	if err := runFor(loops, o.Length); err != nil {
		return result, err
	}
	after, err := process.CPU(o.PID)
	if err != nil {
		return result, err
	}
	result.Elapsed, result.CPU = time.Since(begin), after-before
	result.RSS, err = process.RSS(o.PID)
	var latency Histogram
	for _, l := range loops {
		result.Requests += l.requests
		latency.Merge(&l.latency)
	}
	result.P50, result.P99, result.P999 = latency.Percentile(50), latency.Percentile(99), latency.Percentile(99.9)
	return result, err
}

// pipelined returns the load with each request repeated as often as it is sent at once.
func (l Load) pipelined() Load {
	l.Pipeline = max(l.Pipeline, 1)
	steps := make([]Step, len(l.Steps))
	for i, step := range l.Steps {
		step.Request = bytes.Repeat(step.Request, l.Pipeline)
		steps[i] = step
	}
	l.Steps = steps
	return l
}

func runFor(loops []*loop, length time.Duration) error {
	end := time.Now().Add(length)
	return each(loops, func(l *loop) error { return l.run(end) })
}

// each calls f for all loops at the same time, each on a thread of its own.
func each(loops []*loop, f func(*loop) error) error {
	failed := make([]error, len(loops))
	var all sync.WaitGroup
	for i, l := range loops {
		all.Go(func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			failed[i] = f(l)
		})
	}
	all.Wait()
	return errors.Join(failed...)
}
