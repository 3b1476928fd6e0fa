package nethttp

import (
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"strconv"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/engine"
	"github.com/microroute/microroute/internal/ascii"
	"github.com/microroute/microroute/internal/files"
	"github.com/microroute/microroute/internal/http1"
	"github.com/microroute/microroute/message"
)

// Inform has net/http send an interim response. Where somebody else calls the handler, a test's recorder say, nothing is
// sent: it might take that for the response.
func (x *exchange) Inform(status int, header *message.Header) error {
	switch {
	case status < 100 || status > 199 || status == http.StatusSwitchingProtocols:
		return engine.ErrNotInterim
	case x.began:
		return engine.ErrHeadSent
	case x.client != nil:
		return http.ErrHijacked
	case x.closed:
		return net.ErrClosed
	case !x.r.ProtoAtLeast(1, 1) || x.conn == nil && x.r.Context().Value(http.ServerContextKey) == nil:
		return nil
	}
	fields := x.w.Header()
	others := fields.Clone() // those of net/http's middleware
	x.add(fields, header)
	x.w.WriteHeader(status)
	clear(fields)
	maps.Copy(fields, others)
	return nil
}

func (x *exchange) Begin(head *message.Response, content []byte, last bool) error {
	if x.client != nil {
		return x.switchProtocols(head)
	}
	x.began = true
	header := x.w.Header()
	x.add(header, head.Header)
	header.Del("Transfer-Encoding")
	header.Del("Content-Length")
	if !head.Header.Has("Content-Type") {
		header["Content-Type"] = nil // none, rather than net/http's guess
		if head.ContentType != "" {
			header.Set("Content-Type", oneLine(head.ContentType))
		}
	}
	if message.BodyAllowed(head.Status) {
		x.frame(head)
	}
	x.w.WriteHeader(head.Status)
	if len(content) > 0 {
		if _, err := x.write(content); err != nil {
			return err
		}
	}
	if last {
		return x.End()
	}
	x.rest()
	return nil
}

// add adds fields as the engine sends them: no name or value can end its line, and over HTTP/2 and HTTP/3 there are none that
// concern a connection (RFC 9113 section 8.2.2, RFC 9114 section 4.2). Not every server sees to that.
func (x *exchange) add(to http.Header, from *message.Header) {
	for name, value := range from.All() {
		if ascii.IsToken(name) && !(x.r.ProtoMajor >= 2 && ofConnection(name)) {
			to.Add(name, oneLine(value))
		}
	}
}

// ofConnection reports whether a field is about a connection of HTTP/1.
func ofConnection(name string) bool {
	for _, of := range [...]string{"Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "Upgrade"} {
		if ascii.EqualFold(name, of) {
			return true
		}
	}
	return false
}

// oneLine returns value as HTTP/1 would send it, see http1.AppendText.
func oneLine(value string) string {
	if ascii.ValueLen(value) == len(value) {
		return value
	}
	return string(http1.AppendText(nil, value))
}

// frame announces the trailer fields, and the length of the content. HTTP/1 has no place for both (RFC 9112 section 6.3);
// a length that is not told is kept all the same.
func (x *exchange) frame(head *message.Response) {
	header := x.w.Header()
	x.trailer = head.Trailer
	if x.announce() && x.r.ProtoMajor < 2 {
		x.counted, x.due = head.ContentLength >= 0, head.ContentLength
	} else if head.ContentLength >= 0 {
		header.Set("Content-Length", strconv.FormatInt(head.ContentLength, 10))
	}
}

// announce adds the Trailer field (RFC 9110 section 6.6.2), if there are fields to follow and the client can have them.
func (x *exchange) announce() bool {
	if x.trailer == nil || x.trailer.Len() == 0 || !x.r.ProtoAtLeast(1, 1) || x.r.Method == http.MethodHead {
		return false
	}
	header := x.w.Header()
	header.Del("Trailer")
	for name := range x.trailer.All() {
		if isTrailer(name) {
			header.Add("Trailer", name)
		}
	}
	return true
}

func isTrailer(name string) bool { return ascii.IsToken(name) && message.TrailerAllowed(name) }

// switchProtocols writes the last head of HTTP to the connection that net/http has given away.
func (x *exchange) switchProtocols(head *message.Response) error {
	if x.began || head.Status != http.StatusSwitchingProtocols {
		return http.ErrHijacked
	}
	x.began = true
	_, err := x.client.Write(http1.AppendHead(nil, head, http1.Sender{}))
	return err
}

// Flush sends what has been written, if that can be asked for: what a middleware puts around a writer may keep all to the end.
func (x *exchange) Flush() error {
	x.hurry()
	err := http.NewResponseController(x.w).Flush()
	x.rest()
	if errors.Is(err, http.ErrNotSupported) || x.r.Method == http.MethodHead { // of an answer to HEAD, HTTP/2 says that it is over
		return nil
	}
	return err
}

func (x *exchange) Write(p []byte) (int, error) {
	n, err := x.write(p)
	if err == nil {
		err = x.Flush()
	}
	return n, err
}

// piece is how many octets the client has to take within the WriteTimeout: net/http does not tell when it takes fewer.
const piece = 16 << 10

// write writes what net/http may keep for later, under a deadline that stays.
func (x *exchange) write(p []byte) (written int, err error) {
	if x.closed {
		return 0, net.ErrClosed
	}
	if x.counted {
		if x.due -= int64(len(p)); x.due < 0 {
			x.broken = true
			return 0, microroute.ErrContentLength
		}
	}
	if x.r.Method == http.MethodHead { // counted, but not sent
		return len(p), nil
	}
	for more := true; more && err == nil; more = written < len(p) {
		next := p[written:]
		if x.writing.limited() {
			next = next[:min(len(next), piece)]
		}
		x.hurry()
		var n int
		n, err = x.w.Write(next)
		written += n
	}
	switch err {
	case http.ErrBodyNotAllowed: // the same for 204 and 304
		return len(p), nil
	case http.ErrContentLength:
		x.broken = true
		return written, microroute.ErrContentLength
	}
	return written, err
}

func (x *exchange) hurry() { x.writing.renew(http.NewResponseController(x.w).SetWriteDeadline) }
func (x *exchange) rest()  { x.writing.rest(http.NewResponseController(x.w).SetWriteDeadline) }

// ReadFrom lets net/http use sendfile, unless the octets or the time must be counted.
func (x *exchange) ReadFrom(r io.Reader) (int64, error) {
	if part, ok := r.(*files.Part); ok {
		r = part.Stream()
	}
	if !x.counted && !x.writing.limited() {
		return io.Copy(x.w, r)
	}
	n, err := io.Copy(unflushed{x}, r)
	x.rest()
	return n, err
}

// unflushed writes content that need not be sent at once.
type unflushed struct{ x *exchange }

func (w unflushed) Write(p []byte) (int, error) { return w.x.write(p) }

// End leaves the trailer fields for net/http to send, and the rest of the content: under a deadline, too.
func (x *exchange) End() error {
	x.hurry()
	if x.counted && x.due > 0 {
		x.broken = true
		return microroute.ErrContentLength
	}
	if x.trailer == nil {
		return nil
	}
	header := x.w.Header()
	for name := range x.trailer.All() {
		header.Del(name) // of the head, which has been sent: net/http would repeat it
	}
	for name, value := range x.trailer.All() {
		if value != "" && isTrailer(name) {
			header.Add(http.TrailerPrefix+name, oneLine(value))
		}
	}
	return nil
}

func (x *exchange) Break() { x.broken = true }

func (x *exchange) Close() error {
	x.closed = true
	if !x.began {
		return nil
	}
	if err := x.End(); err != nil {
		return err
	}
	return x.Flush()
}
