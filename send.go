package microroute

import (
	"encoding/json"
	"errors"
	"io"
	"net"
	"strings"
	"unsafe"

	"github.com/microroute/microroute/engine"
	"github.com/microroute/microroute/message"
)

// SendHeader sends the status line and the header, and the first of the body if there is content. Data can follow with
// Send, or as the result of the handler. The second SendHeader sends nothing. If the client cannot be reached, the error
// is a *TimeoutError.
func (r *Response) SendHeader(content ...string) error {
	r.c.live()
	if r.headerSent {
		return nil
	}
	if err := r.sendable(); err != nil {
		return err
	}
	text := join(content)
	r.dataSent = r.dataSent || len(content) > 0
	if err := r.sendHeader("send header", r.declaredLength(), octets(text), false); err != nil {
		return err
	}
	return transportError("send header", r.x.Flush())
}

// Send sends data of the body at once, and the header before it if that has not been sent. It may be called any number of
// times: a body whose length has not been declared goes in chunks, or ends with the connection for HTTP/1.0 clients. If
// the client cannot be reached, the error is a *TimeoutError. Send does not keep the data.
func (r *Response) Send(data []byte) error {
	r.c.live()
	if err := r.sendable(); err != nil {
		return err
	}
	r.dataSent = true
	if !r.headerSent {
		if err := r.sendHeader("send", r.declaredLength(), data, false); err != nil {
			return err
		}
		return transportError("send", r.x.Flush())
	}
	_, err := r.x.Write(data)
	return transportError("send", err)
}

// SendString is Send for a string.
func (r *Response) SendString(data string) error { return r.Send(octets(data)) }

// Write is Send as an io.Writer.
func (r *Response) Write(data []byte) (int, error) {
	if err := r.Send(data); err != nil {
		return 0, err
	}
	return len(data), nil
}

// SendJSON makes v, as JSON, the body. It is sent when the handler has returned.
func (r *Response) SendJSON(v any) error {
	r.c.live()
	if err := r.undecided(); err != nil {
		return err
	}
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	r.content, r.decided = content{octets: text, mimeType: typeJSON}, true
	return nil
}

// Render makes the page that Config.Renderer makes of the template called name and data the body. It is sent when the
// handler has returned, so that an error can still become an error page.
func (r *Response) Render(name string, data any) error {
	r.c.live()
	if err := r.undecided(); err != nil {
		return err
	}
	renderer := r.c.app.config.Renderer
	if renderer == nil {
		return errors.New("microroute: no renderer: set Config.Renderer")
	}
	var page strings.Builder
	if err := renderer.Render(&page, name, data); err != nil {
		return err
	}
	r.content, r.decided = textContent(page.String()), true
	return nil
}

// SetBody makes data the body, in place of what the handler returns. It is sent when that has returned, with its length; until
// then another SetBody, Send, Redirect, Abort or an error takes its place. data must stay as it is until the exchange is over:
// see Context.OnEnd. nil is an empty body; to a HEAD request it says nothing of the length that there would be.
func (r *Response) SetBody(data []byte) error {
	r.c.live()
	if r.dataSent || r.headerSent {
		return ErrHeaderSent
	}
	if err := r.sendable(); err != nil {
		return err
	}
	if r.content.stream != nil {
		r.dropContent()
	}
	r.content, r.held = content{octets: data}, true
	return nil
}

// ReadFrom sends all that from has, as data of the body, and returns how many octets that was. A file goes from the disk to the
// socket without a copy where the operating system can do that.
func (r *Response) ReadFrom(from io.Reader) (int64, error) {
	r.c.live()
	if err := r.sendable(); err != nil {
		return 0, err
	}
	r.dataSent = true
	if !r.headerSent {
		if err := r.sendHeader("send", r.declaredLength(), nil, false); err != nil {
			return 0, err
		}
	}
	return wire{r.x}.ReadFrom(from)
}

// sendable returns why no data can be sent, or nil.
func (r *Response) sendable() error {
	switch {
	case r.closed:
		return transportError("send", net.ErrClosed)
	case r.ended, r.decided:
		return ErrDecided
	}
	return nil
}

// undecided returns why the body cannot be decided any more, or nil.
func (r *Response) undecided() error {
	if r.dataSent {
		return ErrHeaderSent
	}
	return r.sendable()
}

// complete sends what is left to be sent when the handler has returned.
func (r *Response) complete() error {
	switch {
	case r.closed || r.ended || r.x.Taken():
		r.dropContent()
		return nil
	case r.headerSent && r.dataSent:
		r.ended = true
		r.reportLate()
		return transportError("send", r.x.End())
	case r.headerSent:
		r.reportLate()
		return r.content.follow(r)
	}
	return r.content.send(r)
}

// sendHeader sends the header with the first of the content, or all of it.
func (r *Response) sendHeader(op string, length int64, first []byte, last bool) error {
	for r.hooksRun < len(r.onSend) { // a hook may register another one, and may panic
		r.hooksRun++
		if r.onSend[r.hooksRun-1](); r.headerSent {
			return ErrHeaderSent // the hook has sent it
		}
	}
	r.headerSent, r.ended = true, last
	r.wire = message.Response{
		Status:        r.checkedStatus(),
		Reason:        r.Reason,
		Header:        &r.Header,
		ContentLength: length,
		Trailer:       &r.Trailer,
	}
	r.sentStatus = r.wire.Status
	if r.Reason == "" {
		r.wire.Reason = r.c.app.statusText(r.wire.Status)
	}
	if r.MIMEType != "-" && message.BodyAllowed(r.wire.Status) {
		r.wire.ContentType = message.WithCharset(r.mimeType())
	}
	r.freeze()
	return transportError(op, r.x.Begin(&r.wire, first, last))
}

func (r *Response) mimeType() string {
	switch {
	case r.MIMEType != "":
		return r.MIMEType
	case r.content.mimeType != "":
		return r.content.mimeType
	}
	return "text/html"
}

// checkedStatus returns the status to send: one that ends an exchange (RFC 9110 section 15).
func (r *Response) checkedStatus() int {
	if r.Status == message.StatusSwitchingProtocols || 200 <= r.Status && r.Status <= 999 {
		return r.Status
	}
	r.c.app.config.Logger.Error("a response cannot have this status", "status", r.Status, "path", r.c.Request.head.Path())
	return message.StatusInternalServerError
}

// freeze remembers what is being sent, so that a change that comes too late can be reported.
func (r *Response) freeze() {
	if r.c.app.config.Development {
		r.frozen = r.asFrozen()
	}
}

func (r *Response) asFrozen() frozen {
	var header strings.Builder
	for name, value := range r.Header.All() {
		header.WriteString(name + ": " + value + "\n")
	}
	return frozen{r.Status, r.MIMEType, header.String()}
}

// reportLate tells the programmer, in development, of changes that the client cannot see.
func (r *Response) reportLate() {
	if r.c.app.config.Development && r.frozen != r.asFrozen() {
		r.c.app.config.Logger.Warn("the response was changed after its header had been sent", "path", r.c.Request.head.Path())
	}
}

// reportTrailer tells the programmer of fields that nobody gets, for they may not follow the body.
func (r *Response) reportTrailer() {
	if r.Trailer.Len() == 0 {
		return
	}
	for name := range r.Trailer.All() {
		if !message.TrailerAllowed(name) {
			r.c.app.config.Logger.Error("a field cannot be in the trailer", "field", name, "path", r.c.Request.head.Path())
		}
	}
}

// transportError makes a TimeoutError of an error of the exchange, unless it was the program's.
func transportError(op string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, engine.ErrContentLength):
		return ErrContentLength
	}
	return &TimeoutError{op, err}
}

func isTimeout(err error) bool {
	_, timeout := errors.AsType[*TimeoutError](err)
	return timeout
}

// octets returns the bytes of s, which must not be changed.
func octets(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }

// join returns the only string, or all of them in one.
func join(content []string) string {
	if len(content) == 1 {
		return content[0]
	}
	return strings.Join(content, "")
}
