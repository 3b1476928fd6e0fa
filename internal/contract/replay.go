package contract

import (
	"cmp"
	"fmt"
	"net"
	"sync"
	"time"
)

// Replay says how to replay cases octet by octet. Its zero value but for Addr gives each request a connection of its own.
type Replay struct {
	Addr string // host and port of the server, unless there is Dial

	// Dial connects to the server where that takes more than TCP: TLS, say. It may be called from several goroutines.
	Dial func() (net.Conn, error)

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
	Connections int // how many the requests took, 0 if Messages does not know

	// Left are the requests that Messages cannot make, each with the reason. They are not among Requests.
	Left []Failure
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
	return runAll(cases, p.Workers, func(r *Report, one Case) { r.run(p.client(), one) })
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
	dial := p.Dial
	if dial == nil {
		dial = func() (net.Conn, error) { return net.DialTimeout("tcp", p.Addr, dialLimit) }
	}
	return &client{dial: dial, limit: cmp.Or(p.Limit, defaultLimit), keep: p.KeepAlive}
}

// The defaults of Limit and Workers.
const (
	defaultLimit   = 5 * time.Second
	defaultWorkers = 32
)

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
		r.add(one, i, texts)
	}
	r.Connections = c.dialed
}

// add counts a request, the one with this index, and what was wrong with its answer.
func (r *Report) add(one Case, index int, texts []string) {
	r.Requests++
	for _, text := range texts {
		r.Failures = append(r.Failures, Failure{one.ID, index + 1, text})
	}
}

// runAll has workers run cases, and returns when all are done.
func runAll(cases []Case, workers int, run func(*Report, Case)) Report {
	reports := make([]Report, len(cases))
	next := make(chan int)
	var working sync.WaitGroup
	for range cmp.Or(workers, defaultWorkers) {
		working.Go(func() {
			for i := range next {
				run(&reports[i], cases[i])
			}
		})
	}
	for i := range cases {
		next <- i
	}
	close(next)
	working.Wait()
	return merge(reports)
}

func merge(reports []Report) Report {
	var all Report
	for _, r := range reports {
		all.Failures = append(all.Failures, r.Failures...)
		all.Left = append(all.Left, r.Left...)
		all.Requests += r.Requests
		all.Connections += r.Connections
	}
	return all
}
