package engine

import (
	"errors"
	"io"
	"net"
	"slices"

	"github.com/microroute/microroute/internal/ascii"
	"github.com/microroute/microroute/internal/files"
	"github.com/microroute/microroute/internal/http1"
	"github.com/microroute/microroute/message"
)

// Errors of sending a response.
var (
	// ErrHeadSent: the head has been sent already.
	ErrHeadSent = errors.New("engine: head already sent")
	// ErrNoHead: content was to be sent, but there is no head yet.
	ErrNoHead = errors.New("engine: no head sent yet")
	// ErrContentLength: the content is not as long as its Content-Length says.
	ErrContentLength = errors.New("engine: content differs from its Content-Length")
	// ErrEnded: the response is complete.
	ErrEnded = errors.New("engine: response already complete")
	// ErrTaken: the handler has written to the client's connection itself.
	ErrTaken = errors.New("engine: connection taken by the handler")
)

// Begin writes the head r and the first of the content, which may be all of it: then last is true. What is small waits to
// be sent with what follows: more content, the answers to further requests that have come in, or nothing, see Flush.
// r.ContentLength is -1 if the length is not known; the content is then framed as the client's version allows. The content
// of a response that cannot have any (HEAD, 1xx, 204, 304; RFC 9110 section 6.4.1) is counted, but not sent.
//
// r.Trailer must stay until the response is complete: End sends the fields it has then. If it has some now, they are
// announced, and the content goes in chunks although its length be known. An HTTP/1.0 client gets none of them, and none
// follow where there is no content.
func (x *Exchange) Begin(r *message.Response, content []byte, last bool) error {
	if err := x.hindrance(); err != nil {
		return err
	}
	if x.sent {
		return ErrHeadSent
	}
	c := x.conn
	x.begun()
	x.frame(r)
	x.decideToKeep(r)
	c.work.out = http1.AppendHead(c.work.out, r, http1.Sender{
		Framing:    x.framing,
		Connection: x.connectionOption(r),
		Date:       c.server.date.now(),
	})
	if err := x.put(content, false); err != nil {
		return err
	}
	if last {
		return x.End()
	}
	return nil
}

// begun takes note that the head is sent from now on, when whoever reads the content is not sending a 100 (Continue).
func (x *Exchange) begun() {
	if x.head.ExpectContinue {
		x.mu.Lock()
		defer x.mu.Unlock()
	}
	x.sent = true
}

// Flush sends what has been written.
func (x *Exchange) Flush() error {
	if err := x.sendable(); err != nil {
		return err
	}
	if err := x.conn.flush(); err != nil {
		return x.failed(err)
	}
	return nil
}

// frame chooses how the end of the content will be marked.
func (x *Exchange) frame(r *message.Response) {
	x.counted, x.due, x.trailer = r.ContentLength >= 0, r.ContentLength, r.Trailer
	x.mute = x.head.Method == message.MethodHead || !message.BodyAllowed(r.Status)
	trailing := r.Trailer != nil && r.Trailer.Len() > 0 && !x.mute && x.head.AtLeast11()
	switch {
	case r.Status < 200 || r.Status == message.StatusNoContent:
		x.framing, x.counted = http1.NoContent, false
	case x.counted && !trailing:
		x.framing = http1.ByLength
	case x.mute:
		x.framing = http1.NoContent
	case x.head.AtLeast11():
		x.framing = http1.Chunked
	default:
		x.framing = http1.UntilClose
	}
}

// decideToKeep settles whether the connection goes on after this answer, for the head says so (RFC 9112 section 9.3).
func (x *Exchange) decideToKeep(r *message.Response) {
	switch {
	case x.framing == http1.UntilClose, x.client != nil:
		x.keep = false
	case x.conn.server.draining.Load() && x.conn.lastInLine(): // others have been accepted, too
		x.keep = false
	case ascii.EqualFold(r.Header.Get("Connection"), "close"):
		x.keep = false
	case x.notWorthReading(x.left.Load()):
		x.keep = false
	}
}

// notWorthReading reports whether the connection cannot go on behind content of which left octets have not been read.
func (x *Exchange) notWorthReading(left int64) bool {
	return left == failed || left != 0 && (x.awaited.Load() || x.conn.server.limits.overDrain(left))
}

// connectionOption returns what the Connection field of r must say in place of what it says, "" if nothing. An Upgrade
// field always has its option (RFC 9110 section 7.8).
func (x *Exchange) connectionOption(r *message.Response) string {
	option := "close"
	switch {
	case x.keep && x.head.AtLeast11(), r.Status == message.StatusSwitchingProtocols:
		return ""
	case x.keep:
		option = "keep-alive"
	}
	if r.Header.Has("Upgrade") {
		option += ", upgrade"
	}
	return option
}

// Write sends more of the content at once. It returns when the octets are with the operating system.
func (x *Exchange) Write(p []byte) (int, error) {
	if err := x.sendable(); err != nil {
		return 0, err
	}
	if err := x.put(p, true); err != nil {
		return 0, err
	}
	return len(p), nil
}

// put adds content to the response and, if now is true or there is much of it, sends it.
func (x *Exchange) put(content []byte, now bool) error {
	c := x.conn
	if x.counted {
		if x.due -= int64(len(content)); x.due < 0 {
			return x.failed(ErrContentLength)
		}
	}
	tail := ""
	switch {
	case x.mute:
		content = nil
	case x.framing == http1.Chunked && len(content) > 0: // an empty chunk would be the last
		c.work.out = http1.AppendChunkSize(c.work.out, len(content))
		tail = "\r\n"
	}
	if !now && len(content) <= bufferSize {
		c.work.out = append(c.work.out, content...)
		c.work.out = append(c.work.out, tail...)
		return nil
	}
	if err := c.flushWith(content, tail); err != nil {
		return x.failed(err)
	}
	return nil
}

// ReadFrom sends all that r has. A file, or part of one, goes from the disk to the socket without a copy where the operating
// system can do that.
func (x *Exchange) ReadFrom(r io.Reader) (sent int64, err error) {
	if x.framing == http1.ByLength && !x.mute {
		if part, done := files.PartOf(r); part != nil && part.Len() <= x.due {
			sent, err = x.sendPart(part)
			done(sent)
			return sent, err
		}
	}
	return io.Copy(struct{ io.Writer }{x}, r)
}

func (x *Exchange) sendPart(part *files.Part) (sent int64, err error) {
	if err := x.sendable(); err != nil {
		return 0, err
	}
	if part.Len() <= smallFile {
		return x.sendSmall(part)
	}
	if err := x.Flush(); err != nil {
		return 0, err
	}
	x.conn.mayWrite()
	sent, err = x.conn.net.sendFile(part)
	if x.due -= sent; err != nil {
		return sent, x.failed(err)
	}
	return sent, nil
}

// smallFile is up to which length part of a file is sent in one piece with what is before and behind it: reading it costs less
// than a second call.
const smallFile = 16 << 10

// sendSmall adds the rest of part to what has been written, and sends that if it has become much.
func (x *Exchange) sendSmall(part *files.Part) (int64, error) {
	w := x.conn.work
	start, length := len(w.out), int(part.Len())
	w.out = slices.Grow(w.out, length)
	n, err := io.ReadFull(part, w.out[start:start+length])
	w.out = w.out[:start+n]
	x.due -= int64(n)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err = nil // the file has shrunk: what it lacks, End will miss
	}
	if err != nil || len(w.out) < smallFile {
		return int64(n), err
	}
	return int64(n), x.Flush()
}

// End completes the response, with its trailer fields. It may still wait to be sent, see Begin. An answer that is shorter
// than its Content-Length ends the connection.
func (x *Exchange) End() error {
	if err := x.sendable(); err != nil {
		return err
	}
	if x.counted && x.due > 0 && !x.mute {
		return x.failed(ErrContentLength)
	}
	if x.framing == http1.Chunked {
		x.conn.work.out = http1.AppendLastChunk(x.conn.work.out, x.trailer)
	}
	x.ended = true
	return nil
}

// Break gives the response up: the connection ends, so that a client which has seen the beginning can tell.
func (x *Exchange) Break() { x.keep = false }

// Close sends what is to be sent, completes the response if it has begun, and closes the connection to the client. If it
// has not begun, there is none. Closing twice is harmless.
func (x *Exchange) Close() error {
	x.takeOver()
	if x.closed || x.Taken() {
		return nil
	}
	if x.sent && !x.ended {
		if err := x.End(); err != nil {
			return err
		}
	}
	x.closed, x.keep = true, false
	if err := x.conn.flush(); err != nil {
		return x.failed(err)
	}
	x.conn.net.CloseWrite() // what cannot be closed by half is closed when the handler returns
	return nil
}

// sendable returns why no content can be sent, or nil.
func (x *Exchange) sendable() error {
	x.takeOver()
	return x.unsendable()
}

func (x *Exchange) unsendable() error {
	if !x.sent {
		return ErrNoHead
	}
	return x.hindrance()
}

// hindrance returns why nothing more can be sent, or nil.
func (x *Exchange) hindrance() error {
	switch {
	case x.sendErr != nil:
		return x.sendErr
	case x.Taken():
		return ErrTaken
	case x.closed:
		return net.ErrClosed
	case x.ended:
		return ErrEnded
	}
	return nil
}

// failed takes note that the response cannot be completed.
func (x *Exchange) failed(err error) error {
	x.sendErr, x.keep = err, false
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.cancel != nil && !errors.Is(err, ErrContentLength) {
		x.cancel()
	}
	return err
}
