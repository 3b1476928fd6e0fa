package engine

import (
	"sync/atomic"
	"time"

	"github.com/microroute/microroute/message"
)

// dateCache keeps the Date of the current second.
type dateCache struct{ latest atomic.Pointer[stamp] }

type stamp struct {
	second int64
	text   []byte
}

// at returns the Date field's value for t. The slice is not to be changed.
func (d *dateCache) at(t time.Time) []byte {
	second := t.Unix()
	if s := d.latest.Load(); s != nil && s.second == second {
		return s.text
	}
	s := &stamp{second, message.AppendDate(nil, t)}
	d.latest.Store(s)
	return s.text
}
