//go:build linux

package restart_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Programs are restarted under load, and no request is lost: each is answered completely, by the process that has accepted
// its connection.
func TestRestartUnderLoad(t *testing.T) {
	for _, mode := range []struct {
		name string
		with settings
	}{
		{"event", settings{}},
		{"portable", settings{Portable: true}},
		{"TLS", settings{TLS: true}},
		{"unix", settings{Network: "unix", Address: "http"}},
		{"portable unix", settings{Network: "unix", Address: "http", Portable: true}},
	} {
		t.Run(mode.name, func(t *testing.T) { testUnderLoad(t, mode.with) })
	}
}

func testUnderLoad(t *testing.T, with settings) {
	g := begin(t, with)
	before := g.idleDescriptors()
	load := g.load()
	signals := []syscall.Signal{syscall.SIGUSR2, syscall.SIGHUP}
	restarts := many(10, 100)
	for i := range restarts {
		load.awaitAnswers(g.serving())
		g.restart(signals[i%len(signals)])
	}
	load.awaitAnswers(g.serving())
	load.end()

	if got := len(load.pids); got != restarts+1 {
		t.Errorf("%d processes have answered, want %d: %v", got, restarts+1, load.pids)
	}
	for _, pid := range g.generations() {
		if pid != g.serving() {
			g.awaitEnd(pid)
		}
	}
	g.wantDescriptors(g.serving(), before)
	g.stop()
	t.Log(load)
}

// load is clients that ask until it ends.
type load struct {
	t       *testing.T
	end     func() // waits for the clients
	ending  chan struct{}
	clients sync.WaitGroup

	mu      sync.Mutex
	answers map[string]int // of each kind of client
	pids    map[int]int    // answers of each process
	late    int            // requests that were lost because the client was too slow
	faults  int
}

// kind is what a client does with its connection, over and over.
type kind struct {
	name string
	keep bool // the connection
	ask  func(c *client, nonce string) (answer, string, error)
}

var kinds = []kind{
	{"keep-alive GET", true, func(c *client, nonce string) (answer, string, error) {
		a, err := c.ask("GET", "/wait/0", nonce)
		return a, nonce, err
	}},
	{"keep-alive POST", true, func(c *client, nonce string) (answer, string, error) {
		body := nonce + strings.Repeat("tea", 1000)
		a, err := c.ask("POST", "/echo", nonce, body)
		return a, body, err
	}},
	{"short POST", false, func(c *client, nonce string) (answer, string, error) {
		body := strings.Repeat("x", 100<<10) + nonce
		a, err := c.ask("POST", "/pass", nonce, body[:50<<10], body[50<<10:])
		return a, body, err
	}},
	{"short GET", false, func(c *client, nonce string) (answer, string, error) {
		a, err := c.ask("GET", "/wait/0", nonce)
		return a, nonce, err
	}},
	{"slow handler", true, func(c *client, nonce string) (answer, string, error) {
		a, err := c.ask("GET", "/wait/100", nonce)
		return a, nonce, err
	}},
	{"stream", false, func(c *client, nonce string) (answer, string, error) {
		a, err := c.ask("GET", "/pieces/10", nonce)
		return a, strings.Repeat(nonce+"\n", 10), err
	}},
}

// load begins to ask.
func (g *line) load() *load {
	l := &load{t: g.t, ending: make(chan struct{}), answers: map[string]int{}, pids: map[int]int{}}
	l.end = sync.OnceFunc(func() {
		close(l.ending)
		l.clients.Wait()
	})
	g.t.Cleanup(l.end)
	for _, k := range kinds {
		for range many(2, 8) {
			l.clients.Go(func() { l.run(k, g.client()) })
		}
	}
	if g.with.TLS {
		l.clients.Go(func() { l.runHTTP2(g) })
	}
	return l
}

func (l *load) run(k kind, c *client) {
	defer c.close()
	for i := 0; l.goesOn(); i++ {
		nonce := fmt.Sprintf("%s-%p-%d", strings.ReplaceAll(k.name, " ", "-"), c, i)
		a, want, err := k.ask(c, nonce)
		l.count(k.name, a, want, err)
		if !k.keep {
			c.close()
		}
		time.Sleep(rand.N(10 * time.Millisecond))
	}
}

// runHTTP2 asks over one connection until the server wants another one. Go's client does not try again what the server may
// have seen.
func (l *load) runHTTP2(g *line) {
	transport := &http.Transport{TLSClientConfig: g.tlsConfig(), ForceAttemptHTTP2: true}
	defer transport.CloseIdleConnections()
	c := &http.Client{Transport: transport, Timeout: soon}
	for i := 0; l.goesOn(); i++ {
		nonce := fmt.Sprint("HTTP2-", i)
		a, err := askHTTP2(c, "https://"+g.address()+"/pass", nonce)
		l.count("HTTP/2 POST", a, nonce, err)
		time.Sleep(rand.N(10 * time.Millisecond))
	}
}

func (l *load) goesOn() bool {
	select {
	case <-l.ending:
		return false
	default:
		return true
	}
}

func (l *load) count(name string, a answer, want string, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case errors.Is(err, errLate):
		l.late++
	case err != nil:
		l.faults++
		l.t.Errorf("%s: %v", name, err)
	case a.status != 200 || a.body != want:
		l.faults++
		l.t.Errorf("%s: got status %d and %d octets, want 200 and %d", name, a.status, len(a.body), len(want))
	default:
		l.answers[name]++
		l.pids[a.pid]++
	}
}

// awaitAnswers waits until clients of every kind have got another answer, some of them from the process that serves: those
// before it answer meanwhile what they had accepted.
func (l *load) awaitAnswers(serving int) {
	l.t.Helper()
	l.mu.Lock()
	before := maps.Clone(l.answers)
	l.mu.Unlock()
	eventually(l.t, "clients get answers", func() bool {
		l.mu.Lock()
		defer l.mu.Unlock()
		for _, k := range kinds {
			if l.answers[k.name] == before[k.name] {
				return false
			}
		}
		return l.pids[serving] > 0
	}, l.String)
}

func (l *load) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return fmt.Sprintf("answers: %v; lost because the client was late: %d; faults: %d", l.answers, l.late, l.faults)
}
