package microroute

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"time"

	"github.com/microroute/microroute/message"
)

// errOver is the answer of an exchange that is over.
var errOver = errors.New("microroute: the exchange is over")

// detached is the Exchange of a Context that outlives its own.
type detached struct {
	tls     any
	trailer message.Header
}

func (detached) Head() *message.Request                      { return &message.Request{} }
func (detached) RemoteAddr() netip.AddrPort                  { return netip.AddrPort{} }
func (detached) LocalAddr() net.Addr                         { return nil }
func (detached) Misdirected() bool                           { return false }
func (detached) SetReadDeadline(time.Time) error             { return errOver }
func (detached) SetWriteDeadline(time.Time) error            { return errOver }
func (d detached) TLS() any                                  { return d.tls }
func (detached) Context() context.Context                    { return context.Background() }
func (detached) Draining() <-chan struct{}                   { return nil }
func (detached) Read([]byte) (int, error)                    { return 0, errOver }
func (detached) Limit(int64)                                 {}
func (d detached) Trailer() *message.Header                  { return &d.trailer }
func (detached) Inform(int, *message.Header) error           { return errOver }
func (detached) Begin(*message.Response, []byte, bool) error { return errOver }
func (detached) Flush() error                                { return errOver }
func (detached) Write([]byte) (int, error)                   { return 0, errOver }
func (detached) End() error                                  { return errOver }
func (detached) Break()                                      {}
func (detached) Close() error                                { return nil }
func (detached) Client() (net.Conn, error)                   { return nil, errOver }
func (detached) Hijack() (net.Conn, error)                   { return nil, errOver }
func (detached) Taken() bool                                 { return false }
