//go:build linux

package load

import (
	"bytes"
	"cmp"
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
	Patience    time.Duration // how much longer the first answer may take, Patience if it is 0
}

// Patience is how long after the time of a load is over its first answer is waited for. A machine that is slow, or busy
// with something else, still gets a result.
const Patience = 30 * time.Second

// Result is what was measured.
type Result struct {
	Requests       float64 // that have been answered; where a Load has a Length, what has come of an answer counts as well
	Content        int     // of all answers, in bytes
	Elapsed        time.Duration
	CPU            time.Duration // of the server
	RSS            int64         // of the server at the end, in bytes
	P50, P99, P999 time.Duration // of whole answers, 0 if there was none
}

// Run runs the load. It is an error if the connection breaks, if an answer has another status than the load's, or if nothing
// that counts comes in o.Length and o.Patience.
func Run(load Load, o Options) (result Result, err error) {
	addr, err := netip.ParseAddrPort(o.Addr)
	if err != nil {
		return result, err
	}
	load = load.pipelined()
	o.Connections = load.Connections(o.Connections)
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
	run := func(length time.Duration) error {
		return each(loops, func(l *loop) error { return l.run(length, cmp.Or(o.Patience, Patience)) })
	}
	if err := run(o.Length / 10); err != nil {
		return result, err
	}
	begin := time.Now()
	before, err := process.CPU(o.PID)
	if err != nil {
		return result, err
	}
	if err := run(o.Length); err != nil {
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
		result.Requests += float64(l.requests)
		result.Content += l.content
		latency.Merge(&l.latency)
	}
	if load.Length > 0 {
		result.Requests = float64(result.Content) / float64(load.Length)
	}
	result.P50, result.P99, result.P999 = latency.Percentile(50), latency.Percentile(99), latency.Percentile(99.9)
	return result, err
}

// Connections returns how many connections the load is run with if n are asked for.
func (l Load) Connections(n int) int {
	if l.Most > 0 {
		return min(n, l.Most)
	}
	return n
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
