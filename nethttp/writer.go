package nethttp

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"sync"
	"unsafe"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/internal/ascii"
	"github.com/microroute/microroute/message"
)

// errOver is what those get who go on when the handler has returned.
var errOver = errors.New("nethttp: the handler has returned")

// bufferSize is how much content is held back. What is no more, and not flushed, goes with its length.
const bufferSize = 4 << 10

// writer is the http.ResponseWriter of an exchange. What it is told becomes the Response of its Context. As net/http's it is used
// by one goroutine at a time; that calls come too late does no harm.
type writer struct {
	c      *microroute.Context
	fields fieldMap

	mu       sync.Mutex
	status   int    // 0 before WriteHeader
	length   int64  // that the handler has declared, -1 for none
	written  int64  // of the content
	buffer   []byte // the end of it, which has not been sent
	sniffs   bool   // the content says what it is
	muted    bool   // the status allows no content
	scoped   bool   // finish will be called
	hijacked bool
	over     bool

	ending sync.Mutex
	ended  bool // over, for those who do not wait for a Write
}

var (
	_ http.Flusher    = (*writer)(nil)
	_ http.Hijacker   = (*writer)(nil)
	_ io.ReaderFrom   = (*writer)(nil)
	_ io.StringWriter = (*writer)(nil)
)

func (w *writer) begin(c *microroute.Context) {
	w.c, w.length = c, -1
	w.fields.c = c
	c.Response.OnSend(w.fields.settleLate)
}

// end gives back what the exchange has needed.
func (w *writer) end() {
	w.ending.Lock()
	w.ended = true
	w.ending.Unlock()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.over = true
	if w.buffer != nil {
		buffers.Put((*[bufferSize]byte)(w.buffer[:bufferSize]))
		w.buffer = nil
	}
}

var buffers = sync.Pool{New: func() any { return new([bufferSize]byte) }}

// Header returns the fields that will be sent. They begin with those of the Response.
func (w *writer) Header() http.Header { return w.fields.header() }

// WriteHeader settles status and header, or sends an interim response at once if status is 100 to 199 but not 101. A second
// status is logged as a mistake. It panics if status has not three digits.
func (w *writer) WriteHeader(status int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.over:
		return
	case w.hijacked || w.status != 0:
		w.superfluous()
		return
	case status < 100 || status > 999:
		panic(fmt.Sprintf("nethttp: invalid status %d", status))
	case status < 200 && status != http.StatusSwitchingProtocols:
		header := w.fields.added()
		w.c.Response.Inform(status, &header)
		return
	}
	w.writeHeader(status)
}

// superfluous tells the programmer of a status that nobody gets.
func (w *writer) superfluous() {
	caller := "unknown"
	if _, file, line, ok := runtime.Caller(2); ok {
		caller = fmt.Sprintf("%s:%d", file, line)
	}
	w.c.Logger().Warn("superfluous WriteHeader", "caller", caller)
}

func (w *writer) writeHeader(status int) {
	r := w.c.Response
	w.status, w.muted = status, !message.BodyAllowed(status)
	if w.hold() == microroute.ErrDecided { // by somebody else, whose answer counts
		w.fields.told = true
		return
	}
	r.Status = status
	w.fields.settle()
	if status == http.StatusNotModified {
		r.Header.Del("Content-Type")
	}
	w.length = -1
	if declared := r.Header.Get("Content-Length"); declared != "" {
		n, ok := ascii.Uint(declared)
		if !ok {
			w.c.Logger().Warn("invalid Content-Length", "value", declared)
			r.Header.Del("Content-Length")
		} else {
			w.length = n
		}
	}
	if r.MIMEType == "" && !r.Header.Has("Content-Type") {
		r.MIMEType = "-" // there may be no content
		w.sniffs = !w.fields.untyped() && r.Header.Get("Content-Encoding") == ""
	}
}

// implied is WriteHeader for handlers that do not care.
func (w *writer) implied() {
	if w.status == 0 {
		w.writeHeader(w.c.Response.Status)
	}
}

// Write adds to the content, after WriteHeader with the Response's status if there was none.
func (w *writer) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.write(p)
}

// WriteString is Write for a string.
func (w *writer) WriteString(s string) (int, error) {
	return w.Write(unsafe.Slice(unsafe.StringData(s), len(s))) // which is neither changed nor kept
}

func (w *writer) write(p []byte) (n int, err error) {
	if err := w.writable(int64(len(p))); err != nil || len(p) == 0 {
		return 0, err
	}
	w.written += int64(len(p))
	for len(w.buffer)+len(p) > bufferSize {
		if len(w.buffer) == 0 {
			if err := w.send(p); err != nil {
				return n, err
			}
			return n + len(p), nil
		}
		fill := copy(w.buffer[len(w.buffer):bufferSize], p)
		w.buffer = w.buffer[:len(w.buffer)+fill]
		n, p = n+fill, p[fill:]
		if err := w.flush(); err != nil {
			return n, err
		}
	}
	if w.buffer == nil {
		w.buffer = buffers.Get().(*[bufferSize]byte)[:0]
	}
	w.buffer = append(w.buffer, p...)
	if w.c.Response.Sent() && !w.scoped {
		return n + len(p), w.flush()
	}
	return n + len(p), w.hold()
}

// writable returns why n octets more of content cannot be written, or nil.
func (w *writer) writable(n int64) error {
	switch {
	case w.over:
		return errOver
	case w.hijacked:
		return http.ErrHijacked
	}
	w.implied()
	switch {
	case n > 0 && w.muted:
		return http.ErrBodyNotAllowed
	case w.length >= 0 && w.written+n > w.length:
		return http.ErrContentLength
	}
	return nil
}

// hold makes the Response's what will be sent if nothing more comes.
func (w *writer) hold() error {
	r := w.c.Response
	if r.Sent() {
		return nil
	}
	w.sniff(w.buffer)
	return r.SetBody(w.buffer)
}

// sniffLen is as far as http.DetectContentType looks.
const sniffLen = 512

// sniff settles the media type by the first of the content.
func (w *writer) sniff(content []byte) {
	if w.sniffs && len(content) > 0 {
		w.c.Response.MIMEType = http.DetectContentType(content)
		w.sniffs = len(content) < sniffLen
	}
}

func (w *writer) send(content []byte) error {
	if !w.c.Response.Sent() {
		w.sniff(content)
	}
	return explain(w.c.Response.Send(content))
}

// flush sends what is held back, the header at least.
func (w *writer) flush() error {
	if len(w.buffer) == 0 {
		return w.c.Response.SendHeader()
	}
	err := w.send(w.buffer)
	w.buffer = w.buffer[:0]
	return err
}

// explain returns net/http's error for one of ours.
func explain(err error) error {
	if errors.Is(err, microroute.ErrContentLength) {
		return http.ErrContentLength
	}
	return err
}

// Flush is FlushError without its error.
func (w *writer) Flush() { w.FlushError() }

// FlushError sends what has been written, the header at least.
func (w *writer) FlushError() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.writable(0); err != nil {
		return err
	}
	return w.flush()
}

// ReadFrom writes what from has. Part of a file that is of the declared length goes from the disk to the socket without a copy
// where the operating system can do that.
func (w *writer) ReadFrom(from io.Reader) (n int64, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.writable(0); err != nil {
		return 0, err
	}
	if w.sniffs || w.length < 0 || w.muted || w.c.Request.Method == http.MethodHead {
		return io.Copy(unlocked{w}, from)
	}
	if len(w.buffer) > 0 {
		if err := w.flush(); err != nil {
			return 0, err
		}
	}
	n, err = w.c.Response.ReadFrom(from)
	w.written += n
	return n, explain(err)
}

// unlocked writes for one who has the lock already.
type unlocked struct{ w *writer }

func (u unlocked) Write(p []byte) (int, error) { return u.w.write(p) }

// finish is called when the handler has returned.
func (w *writer) finish() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.scoped = false
	if w.hijacked {
		return nil
	}
	w.implied()
	w.fields.tellTrailer()
	if w.c.Response.Sent() && len(w.buffer) > 0 {
		return w.flush()
	}
	if err := w.hold(); err != microroute.ErrDecided {
		return err
	}
	return nil
}
