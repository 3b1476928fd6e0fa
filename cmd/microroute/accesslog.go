package main

import (
	"io"
	"net/netip"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/message"
)

// record is what is said of a request when it has been answered.
type record struct {
	began  time.Time
	took   time.Duration // from the request's head to the last octet handed to the operating system
	client netip.Addr    // the zero Addr if it has none
	method string
	target string // as it was sent
	status int    // 0 if there was no answer
	sent   int64  // octets of content, as they went out
	err    error  // why the answer is not complete
}

// logged returns a handler that has next answer, and logs each answer.
func (t *terminal) logged(next func(microroute.Exchange)) func(microroute.Exchange) {
	if t.record == nil {
		return next
	}
	return func(x microroute.Exchange) {
		head := x.Head()
		w := &watched{Exchange: x, record: record{
			began:  time.Now(),
			client: x.RemoteAddr().Addr(),
			method: head.Method,
			target: head.Target(),
		}}
		next(w)
		w.took = time.Since(w.began)
		t.record(w.record)
	}
}

// watched is an exchange of which a record is kept.
type watched struct {
	microroute.Exchange
	record
	mute bool // the content is not sent
}

// Begin notes the status.
func (w *watched) Begin(head *message.Response, content []byte, last bool) error {
	w.status = head.Status
	w.mute = w.method == message.MethodHead || !message.BodyAllowed(head.Status)
	return w.note(int64(len(content)), w.Exchange.Begin(head, content, last))
}

// Write notes how much has been sent.
func (w *watched) Write(p []byte) (int, error) {
	n, err := w.Exchange.Write(p)
	return n, w.note(int64(n), err)
}

// ReadFrom notes how much has been sent, and leaves a file the way that the exchange has for files.
func (w *watched) ReadFrom(r io.Reader) (int64, error) {
	direct, ok := w.Exchange.(io.ReaderFrom)
	if !ok {
		return io.Copy(struct{ io.Writer }{w}, r)
	}
	n, err := direct.ReadFrom(r)
	return n, w.note(n, err)
}

// Flush notes its failure.
func (w *watched) Flush() error { return w.note(0, w.Exchange.Flush()) }

// End notes its failure: the content may have been too short.
func (w *watched) End() error { return w.note(0, w.Exchange.End()) }

// note adds to what has been sent, and keeps the first error.
func (w *watched) note(sent int64, err error) error {
	if !w.mute {
		w.sent += sent
	}
	if w.err == nil {
		w.err = err
	}
	return err
}
