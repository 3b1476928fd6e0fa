package microroute

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"iter"
	"reflect"

	"github.com/microroute/microroute/message"
)

// Component is a piece of a page that writes itself. The components of templ are Components.
type Component interface {
	Render(ctx context.Context, w io.Writer) error
}

// content is the body that is sent when the handler has returned: octets, or something that streams them.
type content struct {
	octets   []byte
	mimeType string                  // what it is by its nature, "" for text
	stream   func(w io.Writer) error // sends all of it; with a nil w, only lets go of what it has
	length   int64                   // of the stream, -1 if it is not known

	isFile       bool // the fields that describe it are the server's, see sendFile
	cacheControl bool // so is Cache-Control
}

func textContent(text string) content { return content{octets: octets(text)} }

// accepts reports whether the handler's result can become the body.
func (r *Response) accepts() bool { return !r.decided && !r.dataSent && !r.held }

func putString(c *Context, text string) error {
	if c.Response.accepts() {
		c.Response.content = textContent(text)
	}
	return nil
}

func putBytes(c *Context, data []byte) error {
	if c.Response.accepts() {
		c.Response.content = content{octets: data}
	}
	return nil
}

// putAny makes the body of a value whose type says how. What the handler has returned in vain is closed all the same.
func putAny(c *Context, v any) error {
	r := c.Response
	if !r.accepts() {
		if closer, ok := v.(io.Closer); ok {
			closer.Close()
		}
		return nil
	}
	switch v := v.(type) {
	case nil:
	case string:
		return putString(c, v)
	case []byte:
		return putBytes(c, v)
	case Component:
		var page bytes.Buffer
		if err := v.Render(c.request.x.Context(), &page); err != nil {
			return err
		}
		r.content = content{octets: page.Bytes()}
	case io.Reader:
		r.content = readerContent(v)
	case iter.Seq[string]:
		if v != nil {
			r.content = content{stream: stringPieces(v), length: -1}
		}
	case iter.Seq[[]byte]:
		if v != nil {
			r.content = content{stream: bytePieces(v), length: -1}
		}
	case func(func(string) bool):
		return putAny(c, iter.Seq[string](v))
	case func(func([]byte) bool):
		return putAny(c, iter.Seq[[]byte](v))
	default:
		return putOther(c, v)
	}
	return nil
}

// putOther makes the body of a value of the program's own types: text if it is one of strings or bytes, else JSON.
func putOther(c *Context, v any) error {
	if _, ok := v.(json.Marshaler); !ok {
		switch text := reflect.ValueOf(v); {
		case text.Kind() == reflect.String:
			return putString(c, text.String())
		case text.Kind() == reflect.Slice && text.Type().Elem().Kind() == reflect.Uint8:
			return putBytes(c, text.Bytes())
		}
	}
	return putJSON(c, v)
}

func putJSON(c *Context, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	c.Response.content = content{octets: text, mimeType: typeJSON}
	return nil
}

// readerContent streams what r has, and closes r if it can be closed.
func readerContent(r io.Reader) content {
	length := int64(-1)
	if sized, ok := r.(interface{ Len() int }); ok {
		length = int64(sized.Len())
	}
	return content{length: length, stream: func(w io.Writer) error {
		if closer, ok := r.(io.Closer); ok {
			defer closer.Close()
		}
		if w == nil {
			return nil
		}
		_, err := io.Copy(w, r)
		return err
	}}
}

func stringPieces(pieces iter.Seq[string]) func(io.Writer) error {
	return func(w io.Writer) error { return writePieces(w, pieces, octets) }
}

func bytePieces(pieces iter.Seq[[]byte]) func(io.Writer) error {
	return func(w io.Writer) error { return writePieces(w, pieces, func(p []byte) []byte { return p }) }
}

func writePieces[P any](w io.Writer, pieces iter.Seq[P], bytes func(P) []byte) error {
	if w == nil {
		return nil
	}
	write := w.Write
	if w, ok := w.(interface{ WriteSoon([]byte) (int, error) }); ok {
		write = w.WriteSoon
	}
	if _, err := write(nil); err != nil { // the header, for the first piece may be long in coming
		return err
	}
	for piece := range pieces {
		if _, err := write(bytes(piece)); err != nil {
			return err
		}
	}
	return nil
}

// send sends the header and the content.
func (b *content) send(r *Response) error {
	length := r.declaredLength()
	switch {
	case b.stream != nil && length < 0:
		length = b.length
	case length < 0 && r.Status != message.StatusNotModified && !r.leftOpen():
		length = int64(len(b.octets))
	}
	if b.stream == nil {
		return r.sendHeader("send", length, b.octets, true)
	}
	bodyless := r.c.Request.Method == message.MethodHead || !message.BodyAllowed(r.Status)
	if err := r.sendHeader("send", length, nil, bodyless); err != nil || bodyless {
		r.dropContent()
		return err
	}
	return b.follow(r)
}

// leftOpen reports whether SetBody has left the length of the body open.
func (r *Response) leftOpen() bool {
	return r.held && r.content.octets == nil && r.c.Request.Method == message.MethodHead
}

// follow sends the content behind a header that has been sent, and completes the response.
func (b *content) follow(r *Response) error {
	if stream := b.stream; stream != nil {
		b.stream = nil // it closes itself
		if err := stream(wire{r.x}); err != nil {
			return err
		}
	} else if len(b.octets) > 0 {
		if _, err := (wire{r.x}).Write(b.octets); err != nil {
			return err
		}
	}
	r.ended = true
	return transportError("send", r.x.End())
}

// wire is the sending side of an exchange as an io.Writer, with a file's way past user memory where there is one.
type wire struct{ x Exchange }

func (w wire) Write(p []byte) (int, error) {
	n, err := w.x.Write(p)
	return n, transportError("send", err)
}

// WriteSoon leaves it to the transport when p is sent, if that knows what is best.
func (w wire) WriteSoon(p []byte) (int, error) {
	soon, ok := w.x.(interface{ WriteSoon([]byte) (int, error) })
	if !ok {
		return w.Write(p)
	}
	n, err := soon.WriteSoon(p)
	return n, transportError("send", err)
}

func (w wire) ReadFrom(from io.Reader) (int64, error) {
	if direct, ok := w.x.(io.ReaderFrom); ok {
		n, err := direct.ReadFrom(from)
		return n, transportError("send", err)
	}
	return io.Copy(struct{ io.Writer }{w}, from)
}
