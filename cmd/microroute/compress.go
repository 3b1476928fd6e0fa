package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"sync"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/message"
)

// compressor compresses text on its way to clients that like it so. It stands between the App and the connection, so
// pages and errors are compressed as files are; of a file that is asked for in part, the part is sent as it is.
type compressor struct {
	writers sync.Pool // *gzip.Writer: each has close to a megabyte
}

func newCompressor() *compressor {
	return &compressor{sync.Pool{New: func() any {
		w, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // the network is near; the level is a valid one
		return w
	}}}
}

// wrap returns a handler that has next answer an exchange that compresses.
func (c *compressor) wrap(next func(microroute.Exchange)) func(microroute.Exchange) {
	return func(x microroute.Exchange) {
		z := &compressed{Exchange: x, compressor: c, request: x.Head()}
		fields := &z.request.Header
		z.welcome = message.PreferCoding(strings.Join(fields.Values("Accept-Encoding"), ","), "gzip") == "gzip"
		if z.welcome && fields.Has("If-None-Match") {
			z.known = strings.Join(fields.Values("If-None-Match"), ",")
			fields.Set("If-None-Match", strings.ReplaceAll(z.known, tagSuffix, `"`))
		}
		next(z)
		z.release()
	}
}

// compressed is an exchange whose content goes out compressed, if it is worth it.
type compressed struct {
	microroute.Exchange
	compressor *compressor
	request    *message.Request
	welcome    bool   // the client takes gzip
	known      string // what it has in store: its If-None-Match

	gzip *gzip.Writer // while the content is being compressed
}

// tagSuffix ends the entity tags of compressed answers: they differ from the plain ones octet by octet (RFC 9110
// section 8.8.3.3).
const tagSuffix = `~gzip"`

// minLength is how many octets are worth compressing: less fits into a packet as it is.
const minLength = 1 << 10

// Begin begins the answer, compressed or not.
func (z *compressed) Begin(head *message.Response, content []byte, last bool) error {
	if z.suits(head) {
		addVary(head.Header)
	}
	switch {
	case head.Status == message.StatusNotModified:
		if tag := tagged(head.Header.Get("ETag")); strings.Contains(z.known, tag) {
			head.Header.Set("ETag", tag)
		}
		return z.Exchange.Begin(head, content, last)
	case !z.worth(head):
		return z.Exchange.Begin(head, content, last)
	}
	head.Header.Set("Content-Encoding", "gzip")
	if tag := head.Header.Get("ETag"); tag != "" {
		head.Header.Set("ETag", tagged(tag))
	}
	head.Header.Del("Accept-Ranges") // they would be parts of something else
	head.Header.Del("Content-Length")
	head.ContentLength = -1
	switch {
	case z.request.Method == message.MethodHead:
		return z.Exchange.Begin(head, nil, last)
	case last:
		whole := z.whole(content)
		head.ContentLength = int64(len(whole))
		return z.Exchange.Begin(head, whole, true)
	}
	if err := z.Exchange.Begin(head, nil, false); err != nil {
		return err
	}
	z.gzip = z.compressor.writers.Get().(*gzip.Writer)
	z.gzip.Reset(z.Exchange)
	_, err := z.Write(content)
	return err
}

// suits reports whether an answer like this one may be compressed for one client and plain for another.
func (z *compressed) suits(head *message.Response) bool {
	switch head.Status {
	case message.StatusNotModified: // its type is not known; to say too much does no harm
		return true
	case message.StatusOK, message.StatusPartialContent:
		mediaType := head.Header.Get("Content-Type")
		if mediaType == "" {
			mediaType = head.ContentType
		}
		return isText(mediaType) && !head.Header.Has("Content-Encoding")
	}
	return false
}

// worth reports whether this answer is to be compressed.
func (z *compressed) worth(head *message.Response) bool {
	return z.welcome && z.suits(head) && head.Status == message.StatusOK &&
		(head.ContentLength < 0 || head.ContentLength >= minLength) &&
		!strings.Contains(head.Header.Get("Cache-Control"), "no-transform") // RFC 9111 section 5.2.2.6
}

// whole returns content, compressed.
func (z *compressed) whole(content []byte) []byte {
	var b bytes.Buffer
	w := z.compressor.writers.Get().(*gzip.Writer)
	w.Reset(&b)
	w.Write(content) // neither can fail in memory
	w.Close()
	z.compressor.writers.Put(w)
	return b.Bytes()
}

// Write sends more of the content, when there is enough of it to be worth compressing.
func (z *compressed) Write(p []byte) (int, error) {
	if z.gzip == nil {
		return z.Exchange.Write(p)
	}
	return z.gzip.Write(p)
}

// ReadFrom sends all that r has. A file that goes as it is goes the way that the exchange has for files.
func (z *compressed) ReadFrom(r io.Reader) (int64, error) {
	if direct, ok := z.Exchange.(io.ReaderFrom); ok && z.gzip == nil {
		return direct.ReadFrom(r)
	}
	return io.Copy(struct{ io.Writer }{z}, r)
}

// Flush sends what has been written.
func (z *compressed) Flush() error {
	if z.gzip != nil {
		if err := z.gzip.Flush(); err != nil {
			return err
		}
	}
	return z.Exchange.Flush()
}

// End completes the answer.
func (z *compressed) End() error {
	if z.gzip != nil {
		if err := z.gzip.Close(); err != nil {
			return err
		}
	}
	z.release()
	return z.Exchange.End()
}

// release gives the writer back.
func (z *compressed) release() {
	if z.gzip != nil {
		z.gzip.Reset(nil)
		z.compressor.writers.Put(z.gzip)
		z.gzip = nil
	}
}

// tagged returns the tag of what has this one before it is compressed.
func tagged(tag string) string { return strings.TrimSuffix(tag, `"`) + tagSuffix }

// addVary says that the answer depends on the codings that a client takes (RFC 9110 section 12.5.5).
func addVary(h *message.Header) {
	const name = "Accept-Encoding"
	switch vary := strings.Join(h.Values("Vary"), ", "); {
	case vary == "":
		h.Set("Vary", name)
	case !strings.Contains(strings.ToLower(vary), strings.ToLower(name)):
		h.Set("Vary", vary+", "+name)
	}
}

// isText reports whether content of a media type becomes much shorter.
func isText(mediaType string) bool {
	m, _ := message.ParseMediaType(mediaType)
	kind, subtype, _ := strings.Cut(m.Type, "/")
	switch subtype {
	case "json", "javascript", "xml", "wasm", "x-icon", "typescript":
		return true
	}
	return kind == "text" || strings.HasSuffix(subtype, "+xml") || strings.HasSuffix(subtype, "+json")
}
