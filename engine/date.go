package engine

import (
	"sync/atomic"
	"time"

	"github.com/microroute/microroute/message"
)

// dateCache keeps the Date of the current second. Reading the clock costs more than the rest of a small response's head:
// so it is read once a second, by a timer that runs as long as somebody asks.
type dateCache struct {
	text  atomic.Pointer[[]byte] // nil until somebody asks
	asked atomic.Bool            // since the timer has fired
}

// now returns the Date field's value for the present time. The slice is not to be changed.
func (d *dateCache) now() []byte {
	if !d.asked.Load() {
		d.asked.Store(true)
	}
	if text := d.text.Load(); text != nil {
		return *text
	}
	now := time.Now()
	text := message.AppendDate(nil, now)
	if d.text.CompareAndSwap(nil, &text) {
		time.AfterFunc(untilNext(now), d.renew)
	}
	return text
}

// renew sets the text of a new second, or none if nobody has asked for that of the last.
func (d *dateCache) renew() {
	if !d.asked.Swap(false) {
		d.text.Store(nil)
		return
	}
	now := time.Now()
	text := message.AppendDate(nil, now)
	d.text.Store(&text)
	time.AfterFunc(untilNext(now), d.renew)
}

// untilNext returns how long the second of now still lasts.
func untilNext(now time.Time) time.Duration {
	return time.Second - time.Duration(now.Nanosecond())
}
