package microroute

import (
	"net"
	"strconv"
	"time"

	"github.com/microroute/microroute/cookie"
	"github.com/microroute/microroute/internal/ascii"
	"github.com/microroute/microroute/message"
)

// Cookie is a cookie that a response sets (RFC 6265).
type Cookie = cookie.Cookie

// Response is what goes to the client. Status, Reason, MIMEType and Header may be changed until the header is sent: by
// SendHeader, by the first data, or when the handler has returned. Every Response starts clean.
//
// What the handler returns is the body, unless it has sent data, or has called Redirect, Abort, SendFile or Close, or has
// written to the Client.
type Response struct {
	// Header is the fields that will be sent. It begins with the Server field. Date, Content-Length, Transfer-Encoding
	// and Connection are added as they are needed; a Content-Length that the handler sets is kept and held to.
	Header Header
	// Status is the status code, 200 to begin with.
	Status int
	// Reason is the explanation of the status, which only HTTP/1 sends. Default: that of App.StatusTexts.
	Reason string
	// MIMEType is the media type of the body; text types get "; charset=utf-8". "" stands for text/html, or for what the
	// body calls for: the type of a file by its suffix, application/json for values. A Content-Type in Header goes before. "-"
	// sends none.
	MIMEType string
	// Trailer is the fields that follow the body (RFC 9110 section 6.5), such as a checksum of it, with the values they have
	// when it ends. Set them before the header is sent, to "" if there is nothing better yet: that announces them, and has
	// the body go in chunks even if its length is known. What is added later can only follow a body that goes in chunks
	// anyway. HTTP/1.0 clients get none, nor does what has no body (HEAD, 204, 304); nobody gets a field without a value, or
	// one that must come before the body (see message.TrailerAllowed): that is logged as a mistake.
	Trailer Header

	c *Context
	x Exchange

	headerSent bool
	dataSent   bool // some of the body has been sent by the handler
	decided    bool // what the handler returns does not matter any more
	closed     bool
	ended      bool
	sentStatus int
	held       bool // SetBody: what the handler returns does not matter, unless it fails
	aborted    *Error
	page       *Error // whose page is to become the content
	content    content
	onSend     []func()
	hooksRun   int // how many of onSend have been called
	wire       message.Response
	frozen     frozen
}

// frozen is what was sent of the fields that a handler may change too late.
type frozen struct {
	status   int
	mimeType string
	header   string
}

func (r *Response) begin(x Exchange) {
	r.x = x
	r.Status = message.StatusOK
	if server := r.c.app.config.Server; server != "" {
		r.Header.Add("Server", server)
	}
}

func (r *Response) end() {
	r.dropContent()
	r.Header.Clear()
	r.Trailer.Clear()
	clear(r.onSend)
	*r = Response{c: r.c, x: detached{}, Header: r.Header, Trailer: r.Trailer, onSend: r.onSend[:0]}
}

// reset takes back what a handler has prepared that has failed since. Fields that describe its content go; others stay,
// for they may be another's: middleware's, say.
func (r *Response) reset() {
	r.dropDescription()
	r.Status, r.Reason, r.MIMEType = message.StatusOK, "", ""
	r.dropContent()
	r.decided, r.held, r.page = false, false, nil
}

func (r *Response) dropDescription() {
	for _, name := range [...]string{"Content-Type", "Content-Length", "Content-Encoding", "Content-Range",
		"Content-Disposition", "Content-Language", "ETag", "Last-Modified", "Accept-Ranges", "Location"} {
		r.Header.Del(name)
	}
	if r.content.cacheControl {
		r.Header.Del("Cache-Control")
	}
}

// dropContent lets go of a body that will not be sent, and of the fields that were to follow it. Those that describe a file
// are not the handler's, so they go as well.
func (r *Response) dropContent() {
	r.Trailer.Clear()
	if r.content.stream != nil {
		r.content.stream(nil)
	}
	if r.content.isFile && !r.headerSent {
		r.dropDescription()
	}
	r.content = content{}
}

// giveUp ends a response that cannot be completed, so that the client can tell.
func (r *Response) giveUp() {
	r.dropContent()
	if r.headerSent && !r.ended {
		r.x.Break()
		r.ended = true
	}
}

// Sent reports whether the header has been sent.
func (r *Response) Sent() bool { return r.headerSent }

// OnSend has f called just before the header is sent, by whatever sends it: the last chance to change Status and Header.
// Functions are called once, in the order in which they were registered. They must not send anything.
func (r *Response) OnSend(f func()) {
	r.c.live()
	r.onSend = append(r.onSend, f)
}

// SetCookie adds a Set-Cookie field. A cookie that no browser would accept is an error, and is not set. If its value is the
// client's own, answer with an Error of Status 400 that wraps this one.
func (r *Response) SetCookie(c Cookie) error {
	r.c.live()
	value, err := c.Append(nil)
	if err != nil {
		return err
	}
	r.Header.Add("Set-Cookie", string(value))
	return nil
}

// Redirect sends the client to another location with status 302 (Found), or the code given: 301 for good, 303 to be
// fetched with GET, 307 and 308 to be asked in the same way. What the handler returns afterwards is ignored. Characters
// that a location cannot have are percent-encoded. It returns ErrHeaderSent if it is too late, ErrDecided after Abort.
func (r *Response) Redirect(location string, code ...int) error {
	r.c.live()
	status := message.StatusFound
	if len(code) > 0 {
		status = code[0]
	}
	switch {
	case r.headerSent || r.closed:
		return ErrHeaderSent
	case r.aborted != nil:
		return ErrDecided
	case status < 300 || status > 399:
		return &Error{Status: message.StatusInternalServerError, Err: errRedirectCode(status)}
	}
	r.Status, r.decided, r.page = status, true, nil
	r.dropContent()
	r.Header.Del("Content-Length")
	r.Header.Set("Location", message.EncodeReference(location))
	return nil
}

type errRedirectCode int

func (e errRedirectCode) Error() string {
	return "microroute: Redirect with status " + strconv.Itoa(int(e)) + ": it takes 300 to 399"
}

// Abort ends the exchange with this status, and the connection with it. The content, if any, is the body; without it the
// status gets its ErrorPage. Reason and MIMEType are used as they are set. What the handler returns afterwards is ignored;
// to leave middleware, too, return the error that Abort returns. If the header has been sent already, the response is
// broken off so that the client can tell.
func (r *Response) Abort(status int, content ...string) error {
	r.c.live()
	if r.aborted != nil {
		return r.aborted
	}
	e := &Error{Status: status}
	if r.closed {
		return e
	}
	r.aborted, r.decided = e, true
	if r.headerSent {
		r.giveUp()
		return e
	}
	r.Status, r.page = status, nil
	r.Header.Del("Content-Length")
	r.Header.Del("Location")
	r.Header.Set("Connection", "close")
	r.dropContent()
	if len(content) == 0 {
		r.page = e
	} else {
		r.content = textContent(join(content))
	}
	return e
}

// Close completes what has been sent and closes the connection with the client. If nothing has been sent, nothing will be.
// Closing twice is harmless.
func (r *Response) Close() error {
	r.c.live()
	if r.closed {
		return nil
	}
	r.closed, r.decided, r.ended = true, true, true
	err := r.x.Close()
	r.dropContent()
	return transportError("close", err)
}

// SetWriteDeadline sets until when the response may be sent, in place of Limits.WriteTimeout, which is about a client that takes
// nothing; the zero Time lets it take as long as it likes.
func (r *Response) SetWriteDeadline(t time.Time) error {
	r.c.live()
	return r.x.SetWriteDeadline(t)
}

// Client returns the connection that the request came on, for the handler to read and write itself. What has been read
// ahead comes first; it has no deadlines. Once the handler has written to it, nothing else is sent. When the handler
// returns, the connection is closed. Over HTTP/2 and HTTP/3 the error is ErrNoClient.
func (r *Response) Client() (net.Conn, error) {
	r.c.live()
	return r.x.Client()
}

// Hijack is Client for good: the connection belongs to the caller, who closes it, also after the handler has returned.
func (r *Response) Hijack() (net.Conn, error) {
	r.c.live()
	return r.x.Hijack()
}

// settled reports whether there is nothing left for a handler to do.
func (r *Response) settled() bool { return r.decided || r.headerSent || r.closed || r.x.Taken() }

// declaredLength returns the Content-Length that the handler has set, -1 if it has set none that is a number.
func (r *Response) declaredLength() int64 {
	if n, ok := ascii.Uint(r.Header.Get("Content-Length")); ok {
		return n
	}
	return -1
}
