package engine

import (
	"time"

	"github.com/microroute/microroute/internal/http1"
)

// bufferSize is the size of the buffers that a connection has while it works: enough for nearly every head, and for the
// answers to a batch of small requests.
const bufferSize = 4 << 10

// work is what a connection needs while it has something to do, and gives back when it is idle.
type work struct {
	in     input
	out    []byte // written, but not yet sent
	parser http1.Parser
	x      Exchange

	headDue time.Time // when the head that has begun must be complete
	pieces  [3][]byte // what is being sent in one call
}

func newWork(limits Limits) *work {
	w := &work{in: input{buf: make([]byte, bufferSize)}, out: make([]byte, 0, bufferSize)}
	w.parser.Limits = http1.Limits{Target: limits.Target, Head: limits.Head, Fields: limits.Fields}
	w.parser.Reset()
	return w
}

// input is octets that have been read from the connection: buf[start:end] are still to be consumed. What lies before
// base belongs to the head of the current exchange and must stay where it is.
type input struct {
	buf              []byte
	base, start, end int
}

func (in *input) rest() []byte { return in.buf[in.start:in.end] }

func (in *input) empty() bool { return in.start == in.end }

// consume takes n octets away.
func (in *input) consume(n int) { in.start += n }

// room returns where the next octets go. There is always some: what has been consumed makes way, and if that is not
// enough, a larger buffer takes the old one's place. The old one keeps its octets for those who hold on to them.
func (in *input) room() []byte {
	const least = bufferSize / 8
	if in.empty() {
		in.start, in.end = in.base, in.base
	}
	if len(in.buf)-in.end < least && in.start > in.base {
		n := copy(in.buf[in.base:], in.rest())
		in.start, in.end = in.base, in.base+n
	}
	if len(in.buf)-in.end < least {
		buf := make([]byte, 2*len(in.buf))
		copy(buf, in.buf[:in.end])
		in.buf = buf
	}
	return in.buf[in.end:]
}

// added tells that n octets were put into room.
func (in *input) added(n int) { in.end += n }

// nextHead lets go of the current head; the next one begins with the rest.
func (in *input) nextHead() {
	in.base = 0
	if in.empty() {
		in.start, in.end = 0, 0
	}
}

// release makes w fit for another connection and puts it back. Grown buffers are left to the garbage collector.
func (s *Server) release(w *work) {
	if len(w.in.buf) != bufferSize {
		w.in.buf = make([]byte, bufferSize)
	}
	if cap(w.out) > 4*bufferSize {
		w.out = make([]byte, 0, bufferSize)
	}
	w.in.base, w.in.start, w.in.end = 0, 0, 0
	w.out = w.out[:0]
	w.parser.Reset()
	w.headDue = time.Time{}
	s.works.Put(w)
}

// startHead notes that a head has begun, if that is new.
func (w *work) startHead(within time.Duration) {
	if w.headDue.IsZero() && within >= 0 {
		w.headDue = time.Now().Add(within)
	}
}
