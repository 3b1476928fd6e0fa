package engine

import (
	"errors"
	"io"
	"net"
)

// ErrContentTooLarge: the request's content exceeds the limit that Limit has set.
var ErrContentTooLarge = errors.New("engine: content too large")

// Limit makes reading fail with ErrContentTooLarge if there are more than n octets of content left to read, as soon as
// that is known: before anything is read, if the request tells its length. A negative n is no limit.
func (x *Exchange) Limit(n int64) { x.allowed = n }

// Read reads the request's content. It returns io.EOF at its end, io.ErrUnexpectedEOF if the connection ends before, an
// *http1.Error if the chunks are malformed, and an error that is os.ErrDeadlineExceeded if the client is silent for the
// BodyTimeout. A client that waits for a 100 (Continue) gets it at the first Read.
func (x *Exchange) Read(p []byte) (n int, err error) {
	if x.contentErr != nil || len(p) == 0 {
		return 0, x.contentErr
	}
	if x.tooMuch(max(x.left.Load(), 0)) {
		return 0, x.contentFailed(ErrContentTooLarge)
	}
	if x.awaited.Load() {
		if err := x.sendContinue(); err != nil {
			return 0, x.contentFailed(err)
		}
	}
	if x.head.Chunked {
		n, err = x.readChunks(p)
	} else {
		n, err = x.readLength(p)
	}
	if x.tooMuch(int64(n)) {
		n, err = 0, ErrContentTooLarge
	} else if x.allowed >= 0 {
		x.allowed -= int64(n)
	}
	if err == io.EOF {
		x.contentErr = io.EOF
		x.left.Store(0)
		x.contentRead()
	} else if err != nil {
		err = x.contentFailed(err)
	}
	return n, err
}

// tooMuch reports whether n more octets of content are more than may be read.
func (x *Exchange) tooMuch(n int64) bool { return x.allowed >= 0 && n > x.allowed }

func (x *Exchange) contentFailed(err error) error {
	x.contentErr = err
	x.left.Store(failed)
	return err
}

// sendContinue tells the client to send the content (RFC 9110 section 15.2.1), unless it has begun to or the response has.
func (x *Exchange) sendContinue() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	c := x.conn
	if !x.awaited.Swap(false) || x.sent || !c.work.in.empty() {
		return nil
	}
	c.work.out = append(c.work.out, "HTTP/1.1 100 Continue\r\n\r\n"...)
	return c.flush()
}

// readLength reads content of known length (RFC 9112 section 6.2).
func (x *Exchange) readLength(p []byte) (n int, err error) {
	in := &x.conn.work.in
	left := x.left.Load()
	p = p[:min(int64(len(p)), left)]
	if in.empty() && len(p) >= bufferSize {
		n, err = x.receive(p)
	} else if err = x.want(); err == nil {
		n = copy(p, in.rest())
		in.consume(n)
	}
	if left -= int64(n); left == 0 {
		return n, io.EOF
	}
	x.left.Store(left)
	return n, err
}

// readChunks reads content in chunks (RFC 9112 section 7.1).
func (x *Exchange) readChunks(p []byte) (n int, err error) {
	in := &x.conn.work.in
	for {
		left := x.chunks.Left()
		if x.tooMuch(left) {
			return 0, ErrContentTooLarge
		}
		if in.empty() && left > 0 && len(p) >= bufferSize {
			n, err = x.receive(p[:min(int64(len(p)), left)])
			x.chunks.Advance(int64(n))
			return n, err
		}
		if err := x.want(); err != nil {
			return 0, err
		}
		var used int
		n, used, err = x.chunks.Decode(p, in.rest())
		in.consume(used)
		if n > 0 || err != nil {
			return n, err
		}
	}
}

// want waits until there is something in the input.
func (x *Exchange) want() error {
	if !x.conn.work.in.empty() {
		return nil
	}
	return premature(x.conn.fill(x.conn.server.limits.BodyTimeout))
}

// receive reads from the connection past the input.
func (x *Exchange) receive(p []byte) (int, error) {
	x.conn.mayRead(x.conn.server.limits.BodyTimeout)
	n, err := x.conn.net.Read(p)
	if n > 0 {
		err = nil
	}
	return n, premature(err)
}

// premature is io.ErrUnexpectedEOF for io.EOF.
func premature(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// drop reads what the handler has left of the content, if it is little and comes soon, so that the connection can go on.
func (x *Exchange) drop() verdict {
	if x.contentErr == io.EOF {
		return more
	}
	c := x.conn
	if c.flush() != nil {
		return closes
	}
	if x.contentErr != nil || x.awaited.Load() {
		return lingers
	}
	c.net.SetReadDeadline(after(c.server.limits.DrainTimeout))
	var scrap [512]byte
	for dropped := int64(0); !c.server.limits.overDrain(dropped); {
		n, err := x.dropSome(scrap[:])
		if err == io.EOF {
			return more
		}
		if err != nil {
			if errors.Is(err, net.ErrClosed) {
				return closes
			}
			return lingers
		}
		dropped += int64(n)
	}
	return lingers
}

// dropSome is Read without a new deadline.
func (x *Exchange) dropSome(p []byte) (n int, err error) {
	in := &x.conn.work.in
	if in.empty() {
		n, err := x.conn.net.Read(in.room())
		if n == 0 {
			return 0, premature(err)
		}
		in.added(n)
	}
	if x.head.Chunked {
		n, used, err := x.chunks.Decode(p, in.rest())
		in.consume(used)
		return max(n, used), err
	}
	n = int(min(int64(len(in.rest())), x.left.Load()))
	in.consume(n)
	if x.left.Add(-int64(n)) == 0 {
		err = io.EOF
	}
	return n, err
}
