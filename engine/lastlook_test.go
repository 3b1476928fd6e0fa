package engine_test

import (
	"net"
	"os"
	"sync/atomic"
	"testing"

	"github.com/microroute/microroute/engine"
)

// late is a listener of connections that report the end of the time before what has come in time, once.
type late struct{ net.Listener }

func (l late) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	return &lateConn{Conn: c}, err
}

type lateConn struct {
	net.Conn
	reported atomic.Bool
}

func (c *lateConn) Read(p []byte) (int, error) {
	if !c.reported.Swap(true) {
		return 0, os.ErrDeadlineExceeded
	}
	return c.Conn.Read(p)
}

// A request that has come in time is answered, although the end of the time was noticed first.
func TestLastLook(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	waiting, err := net.Dial("tcp", l.Addr().String()) // in the queue, with its request
	if err != nil {
		t.Fatal(err)
	}
	defer waiting.Close()
	if _, err := waiting.Write([]byte(get("/in-time"))); err != nil {
		t.Fatal(err)
	}
	s := serve(t, mode{}, late{l}, engine.Limits{}, echo)
	c := s.adopt(waiting)
	c.want(200, "/in-time ")
}
