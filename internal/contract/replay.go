package contract

import (
	"cmp"
	"fmt"
	"sync"
	"time"
)

// Replay says how to replay cases. Its zero value but for Addr gives each request a connection of its own.
type Replay struct {
	Addr string // host and port of the server

	// KeepAlive sends all requests, those of consecutive cases too, over one connection for as long as the server
	// keeps it open. Then nothing runs in parallel.
	KeepAlive bool

	// Limit is how long to wait for a response, or for a close that the case asks for, by default 5 seconds.
	Limit time.Duration

	// Workers is how many cases run at a time, by default 32.
	Workers int
}

// Report is the outcome of a replay.
type Report struct {
	Failures    []Failure // in the order of the cases
	Requests    int
	Connections int // how many the requests took
}

// Failure is one broken expectation.
type Failure struct {
	Case    string
	Request int    // counted from 1
	Text    string // what came back, and what was wanted
}

// String gives a line such as "hdr-del: request 1: Server present".
func (f Failure) String() string {
	return fmt.Sprintf("%s: request %d: %s", f.Case, f.Request, f.Text)
}

// Run replays the cases and returns when all are done. It may be called from several goroutines.
func (p Replay) Run(cases []Case) Report {
	if p.KeepAlive {
		return p.runKept(cases)
	}
	reports := make([]Report, len(cases))
	next := make(chan int)
	var workers sync.WaitGroup
	for range cmp.Or(p.Workers, 32) {
		workers.Go(func() {
			for i := range next {
				reports[i].run(p.client(), cases[i])
			}
		})
	}
	for i := range cases {
		next <- i
	}
	close(next)
	workers.Wait()
	return merge(reports)
}

func (p Replay) runKept(cases []Case) Report {
	c := p.client()
	defer c.close()
	var report Report
	for _, one := range cases {
		report.run(c, one)
	}
	return report
}

func (p Replay) client() *client {
	return &client{addr: p.Addr, limit: cmp.Or(p.Limit, 5*time.Second), keep: p.KeepAlive}
}

// run replays one case and adds its outcome.
func (r *Report) run(c *client, one Case) {
	for i, request := range one.Requests {
		var texts []string
		a, err := c.ask(request.Raw, request.Expect.Closed)
		if err != nil {
			texts = []string{err.Error()}
		} else {
			texts = check(request.Expect, a, request.Raw)
		}
		for _, text := range texts {
			r.Failures = append(r.Failures, Failure{one.ID, i + 1, text})
		}
	}
	r.Requests += len(one.Requests)
	r.Connections = c.dialed
}

func merge(reports []Report) Report {
	var all Report
	for _, r := range reports {
		all.Failures = append(all.Failures, r.Failures...)
		all.Requests += r.Requests
		all.Connections += r.Connections
	}
	return all
}
