package microroute_test

import (
	"bytes"
	"context"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/internal/http1"
	"github.com/microroute/microroute/message"
)

// held is an Exchange that holds a request and takes the response: no goroutine, no network. It can be served again and
// again.
type held struct {
	octets  []byte // of the request's head
	parser  http1.Parser
	head    http1.Head
	content bytes.Reader

	status        int
	response      []byte // its content
	ended, broken bool
}

// hold returns an Exchange with the request whose head is made of these lines.
func hold(t testing.TB, head ...string) *held {
	t.Helper()
	x := &held{octets: []byte(lines(head...))}
	x.parser.Limits = http1.Limits{Target: -1, Head: -1, Fields: -1}
	if x.rewind(); x.head.Method == "" {
		t.Fatalf("no request: %q", x.octets)
	}
	return x
}

// rewind makes x as it was before it was served, at the cost that an engine has: the head is parsed.
func (x *held) rewind() {
	x.parser.Reset()
	if n, err := x.parser.Parse(x.octets, &x.head); n != len(x.octets) || err != nil {
		x.head.Method = ""
	}
	x.status, x.response, x.ended, x.broken = 0, x.response[:0], false, false
}

func (x *held) Head() *message.Request           { return &x.head.Request }
func (x *held) RemoteAddr() netip.AddrPort       { return netip.AddrPort{} }
func (x *held) LocalAddr() net.Addr              { return nil }
func (x *held) TLS() any                         { return nil }
func (x *held) Misdirected() bool                { return false }
func (x *held) SetReadDeadline(time.Time) error  { return nil }
func (x *held) SetWriteDeadline(time.Time) error { return nil }
func (x *held) Draining() <-chan struct{}        { return nil }
func (x *held) Context() context.Context         { return context.Background() }
func (x *held) Read(p []byte) (int, error)       { return x.content.Read(p) }
func (x *held) Limit(int64)                      {}
func (x *held) Trailer() *message.Header         { return &message.Header{} }
func (x *held) Flush() error                     { return nil }
func (x *held) Break()                           { x.broken = true }
func (x *held) Close() error                     { return x.End() }
func (x *held) Client() (net.Conn, error)        { return nil, microroute.ErrNoClient }
func (x *held) Hijack() (net.Conn, error)        { return nil, microroute.ErrNoClient }
func (x *held) Taken() bool                      { return false }

func (x *held) Begin(head *message.Response, content []byte, last bool) error {
	x.status, x.ended = head.Status, last
	x.response = append(x.response, content...)
	return nil
}

func (x *held) Write(p []byte) (int, error) {
	x.response = append(x.response, p...)
	return len(p), nil
}

func (x *held) End() error {
	x.ended = true
	return nil
}

func (x *held) Inform(int, *message.Header) error { return nil }

var _ microroute.Exchange = (*held)(nil)
