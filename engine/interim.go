package engine

import (
	"errors"

	"github.com/microroute/microroute/internal/http1"
	"github.com/microroute/microroute/message"
)

// ErrNotInterim: a status other than 100 and 102 to 199 ends an exchange.
var ErrNotInterim = errors.New("engine: not the status of an interim response")

// Inform sends an interim response at once (RFC 9110 section 15.2): status is 100 to 199, but not 101, which changes the
// protocol. It may be called any number of times until the head has been sent; then the error is ErrHeadSent. An HTTP/1.0
// client knows no such responses and gets none.
func (x *Exchange) Inform(status int, header *message.Header) error {
	switch {
	case status < 100 || status > 199 || status == message.StatusSwitchingProtocols:
		return ErrNotInterim
	case x.sent:
		return ErrHeadSent
	case x.hindrance() != nil:
		return x.hindrance()
	case !x.head.AtLeast11():
		return nil
	}
	if err := x.inform(status, header); err != nil {
		return x.failed(err)
	}
	return nil
}

func (x *Exchange) inform(status int, header *message.Header) error {
	if x.head.ExpectContinue { // whoever reads the content may be sending a 100 (Continue)
		x.mu.Lock()
		defer x.mu.Unlock()
		if status == message.StatusContinue {
			x.awaited.Store(false)
		}
	}
	c := x.conn
	c.work.out = http1.AppendHead(c.work.out, &message.Response{
		Status: status,
		Reason: message.StatusText(status),
		Header: header,
	}, http1.Sender{})
	return c.flush()
}
