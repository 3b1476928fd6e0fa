package nethttp

import (
	"errors"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/microroute/microroute"
)

// body is a request's content as net/http has it. Any goroutine may read it while the exchange lasts.
type body struct {
	c       *microroute.Context // nil if there is no content
	in      io.Reader
	trailer http.Header

	reading sync.Mutex
	closing sync.Mutex
	closed  atomic.Bool
}

func (b *body) begin(c *microroute.Context, r *http.Request) {
	b.c, b.in, b.trailer = c, c.Request.Body(), r.Trailer
}

// setLimit is Request.SetBodyLimit, while there is a Request.
func (b *body) setLimit(n int64) {
	b.closing.Lock()
	defer b.closing.Unlock()
	if b.c != nil && !b.closed.Load() {
		b.c.Request.SetBodyLimit(n)
	}
}

// Read reads content. At its end the Trailer of the Request is there.
func (b *body) Read(p []byte) (int, error) {
	b.reading.Lock()
	defer b.reading.Unlock()
	if b.closed.Load() {
		return 0, http.ErrBodyReadAfterClose
	}
	n, err := b.in.Read(p)
	if err == io.EOF {
		b.readTrailer()
	} else if err != nil {
		err = b.explain(err)
	}
	return n, err
}

func (b *body) readTrailer() {
	if b.trailer == nil {
		return
	}
	for name, value := range b.c.Request.Trailer().All() {
		b.trailer.Add(name, value)
	}
	b.trailer = nil // has all
}

// explain returns the error that net/http would have: the cause, rather than what to answer.
func (b *body) explain(err error) error {
	var answer *microroute.Error
	switch {
	case !errors.As(err, &answer):
		return err
	case answer.Status == http.StatusRequestEntityTooLarge:
		return &http.MaxBytesError{Limit: b.c.Request.BodyLimit()}
	case answer.Err != nil:
		return answer.Err
	}
	return err
}

// Close ends the reading, also that of another goroutine.
func (b *body) Close() error {
	b.end()
	return nil
}

// end returns when nobody reads any more. The exchange is not over before that.
func (b *body) end() {
	b.closing.Lock()
	defer b.closing.Unlock()
	if b.c == nil || b.closed.Swap(true) {
		return
	}
	if !b.reading.TryLock() {
		b.c.Request.SetReadDeadline(time.Unix(1, 0)) // long ago: wakes the one who waits for content
		b.reading.Lock()
	}
	b.reading.Unlock()
}
