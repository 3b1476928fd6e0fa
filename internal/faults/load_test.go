package faults_test

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// habit is how a client uses its connections.
type habit struct {
	batch   int // requests that it sends without waiting for answers
	rounds  int // batches on a connection, 0 for as many as the server allows
	content int // octets in each request; 0 for a few requests of every kind
}

var habits = []habit{
	{batch: 1},
	{batch: 1, rounds: 1},
	{batch: 8},
	{batch: 1, content: 100 << 10},
}

// load is clients of a server that may be asked to end.
type load struct {
	address string
	queue   bool        // who had connected before the end must be served, accepted or not
	ending  atomic.Bool // the server is being asked to end
	answers atomic.Int64
	behind  atomic.Int64 // requests that were sent behind what became the last of their connection
	late    atomic.Int64 // requests that were sent when an idle connection may have been closed

	mu   sync.Mutex
	made map[int]int // connections of each client port
	lost map[int]int // those that were reset before their first answer
}

func newLoad(address string, queue bool) *load {
	return &load{address: address, queue: queue, made: map[int]int{}, lost: map[int]int{}}
}

// keepVisiting visits the server until it has ended.
func (l *load) keepVisiting(h habit) error {
	for {
		c, err := connect(l.address)
		if err != nil && l.ending.Load() {
			return nil
		}
		if err == nil {
			err = l.visit(c, h)
		}
		if err != nil {
			return fmt.Errorf("%+v: %w", h, err)
		}
	}
}

// visit sends batches of requests until the client has had enough, or an answer says that it is the last. It returns an
// error if there is no answer, or not the right one. Only a connection that nobody has accepted may be reset instead, and
// one closed whose client got no processor for so long that it was idle.
func (l *load) visit(c *client, h habit) error {
	defer c.Close()
	early := !l.ending.Load()
	port := c.LocalAddr().(*net.TCPAddr).Port
	l.count(l.made, port)
	for round := 0; h.rounds == 0 || round < h.rounds; round++ {
		v := h.plan(fmt.Sprintf("nonce-%d-%d", port, round))
		lull := c.sendAll(v.pieces())
		last, err := l.read(c, v)
		switch {
		case err == errUnheard && round == 0 && !(early && l.queue):
			l.count(l.lost, port)
			return nil
		case err == errUnheard && l.ending.Load() && <-lull > grace:
			l.late.Add(1)
			return nil
		case last || err != nil:
			return err
		}
		<-lull
	}
	return nil
}

// grace is for how long at least an idle connection is open when the server is asked to end.
const grace = 200 * time.Millisecond

// errUnheard: a connection ends without an octet.
var errUnheard = errors.New("the connection ends instead of an answer")

// read reads the answers to a batch, until one is the last of its connection.
func (l *load) read(c *client, v *visit) (last bool, err error) {
	for _, want := range v.expected {
		r, content, err := c.read()
		switch {
		case r == nil && v.answered == 0:
			return false, errUnheard
		case err != nil || r.StatusCode != want.status || content != want.content:
			return false, fmt.Errorf("answer %d: %s %.100q, %w, want %d %.100q", v.answered, statusOf(r), content, err, want.status, want.content)
		}
		l.answers.Add(1)
		v.answered++
		if r.Close {
			l.behind.Add(int64(len(v.expected) - v.answered))
			return true, nil
		}
	}
	return false, nil
}

// plan plans a batch.
func (h habit) plan(nonce string) *visit {
	v := &visit{Rand: rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())), goes: true}
	for i := range h.batch {
		n := fmt.Sprint(nonce, "-", i)
		if content := strings.Repeat(n, h.content/len(n)); content != "" {
			v.add(post("/echo/"+n, len(content))+content, 200, n+content)
		} else {
			v.addRequest(n)
		}
	}
	return v
}

// sendAll sends the pieces beside what the caller does, as long as the server takes them. When that has ended, it tells
// how long before the first of them the client had sent nothing.
func (c *client) sendAll(pieces []string) (lull <-chan time.Duration) {
	sent := make(chan time.Duration, 1)
	go func() {
		var silent time.Duration
		for i, piece := range pieces {
			if _, err := io.WriteString(c, piece); err != nil {
				break
			}
			if i == 0 {
				silent = time.Since(c.spoke)
			}
			c.spoke = time.Now()
		}
		sent <- silent
	}()
	return sent
}

func (l *load) count(ports map[int]int, port int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	ports[port]++
}
