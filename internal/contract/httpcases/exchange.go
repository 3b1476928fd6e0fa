package httpcases

import (
	"bytes"
	"cmp"
	"net"
	"slices"
	"sync"
	"time"
)

const (
	// limit is how long the client waits for a write, and for the responses.
	limit = 4 * time.Second
	// dialLimit is generous, for a slow connection says nothing about the server's answers.
	dialLimit = 10 * time.Second
)

// exchange is one connection of a case: what was sent, and the responses as they come in.
type exchange struct {
	conn    net.Conn
	began   time.Time
	inbox   *inbox
	filling sync.WaitGroup

	methods  []string // of the requests, in order; GET behind the last
	received []byte   // as of the last update, like all below
	ended    error    // why no more will come, nil while more may
	final    []*response
	interim  []int
	parsed   int   // octets that the responses took
	fault    error // why what follows is no response
}

func begin(dial func() (net.Conn, error), methods ...string) (*exchange, error) {
	conn, err := dial()
	if err != nil {
		return nil, err
	}
	x := &exchange{conn: conn, began: time.Now(), inbox: newInbox(), methods: methods}
	x.filling.Go(func() { x.inbox.fill(conn) })
	return x, nil
}

func (x *exchange) close() {
	x.conn.Close()
	x.filling.Wait()
}

// send writes data. An error is not looked at: what the server made of the octets shows in what it sends.
func (x *exchange) send(data []byte) {
	x.conn.SetWriteDeadline(time.Now().Add(limit))
	x.conn.Write(data)
}

// sendSegments writes a case's segments with their pauses, and ends the client's side if the case says so.
func (x *exchange) sendSegments(c Case, validators map[string]string) {
	for _, s := range c.segments() {
		data := s.Raw.with(validators)
		for piece := range slices.Chunk(data, cmp.Or(c.Piece, len(data), 1)) {
			x.send(piece)
		}
		if s.Await == "await-100" {
			x.until(time.Second, func() bool { return len(x.interim) > 0 || len(x.final) > 0 })
		} else if s.PauseMS > 0 {
			x.until(time.Duration(s.PauseMS)*time.Millisecond, func() bool { return false })
		}
	}
	if c.HalfClose {
		x.conn.(interface{ CloseWrite() error }).CloseWrite()
	}
}

func (c Case) segments() []Segment {
	if len(c.Segments) > 0 {
		return c.Segments
	}
	return []Segment{{Raw: c.Raw}}
}

// methods returns the methods by which the answers are framed.
func (c Case) methods() []string {
	if len(c.Methods) > 0 {
		return c.Methods
	}
	var sent []byte
	for _, s := range c.segments() {
		sent = append(sent, s.Raw...)
	}
	method, _, _ := bytes.Cut(bytes.TrimLeft(sent, "\r\n"), []byte(" "))
	return []string{string(method)}
}

// until waits until done reports true, the connection has ended, something unreadable has come, or the time is up.
func (x *exchange) until(wait time.Duration, done func() bool) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		x.update()
		if done() || x.ended != nil || x.fault != nil {
			return
		}
		select {
		case <-x.inbox.arrived:
		case <-timer.C:
			x.update()
			return
		}
	}
}

// update parses what has come since the last time.
func (x *exchange) update() {
	x.received, x.ended = x.inbox.look()
	for x.fault == nil && x.parsed < len(x.received) {
		r, used, err := parse(x.received[x.parsed:], x.nextMethod(), x.ended != nil)
		if r == nil {
			x.fault = err
			return
		}
		x.parsed += used
		if r.status < 200 && r.status != 101 {
			x.interim = append(x.interim, r.status)
		} else {
			x.final = append(x.final, r)
		}
	}
}

func (x *exchange) nextMethod() string {
	if len(x.final) < len(x.methods) {
		return x.methods[len(x.final)]
	}
	return "GET"
}
