package microroute

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"sync"
	"time"

	"github.com/microroute/microroute/internal/ascii"
	"github.com/microroute/microroute/internal/files"
	"github.com/microroute/microroute/message"
)

// SendFile makes a local file the body, sent when the handler has returned; what that returns is ignored. The path is the
// program's own, so it may lead anywhere: a path made from a request belongs into the static root, where it is checked.
//
// The media type is that of the suffix, unless MIMEType or a Content-Type is set. A response of Status 200 has validators
// and honours the request's conditions and ranges, so it may become 206, 304, 412 or 416. A missing file and a directory
// are answered with 404. The error says so, too; it may be returned or ignored.
func (r *Response) SendFile(path string) error {
	return r.sendOpened(func() (*files.File, error) { return r.c.app.fileCache().Open(path) })
}

// SendFileFS is SendFile for a file of fsys: an embed.FS, say. The name is as fs.FS has it, with slashes and none before it.
func (r *Response) SendFileFS(fsys fs.FS, name string) error {
	return r.sendOpened(func() (*files.File, error) { return r.c.app.fileCache().OpenFS(fsys, name) })
}

// Attachment asks the client to save the body, as a file with this name (RFC 6266). Characters of any language are kept; of a
// path, nothing that could lead the client elsewhere. "" proposes no name. Before SendFile it is for the file only, and not for
// a page such as 404 that takes its place.
func (r *Response) Attachment(name string) {
	r.c.live()
	r.Header.Set("Content-Disposition", message.ContentDisposition("attachment", name))
}

// fileCache is the files that an App keeps in memory.
type fileCache struct {
	once  sync.Once
	cache *files.Cache // nil if it keeps none
}

func (a *App) fileCache() *files.Cache {
	a.files.once.Do(func() {
		if limit := a.config.FileCache; limit > 0 {
			a.files.cache = files.NewCache(limit)
		}
	})
	return a.files.cache
}

// sendOpened makes the file that open opens the body.
func (r *Response) sendOpened(open func() (*files.File, error)) error {
	r.c.live()
	if err := r.undecided(); err != nil {
		return err
	}
	file, err := open()
	if err != nil {
		return r.sendNoFile(err)
	}
	r.sendFile(file, "")
	return nil
}

// sendNoFile answers for a file that cannot be opened.
func (r *Response) sendNoFile(err error) error {
	e := &Error{Status: message.StatusInternalServerError, Err: err}
	if errors.Is(err, fs.ErrNotExist) {
		e.Status = message.StatusNotFound
	}
	switch {
	case r.headerSent:
	case r.c.failure != nil: // the file was to be the page for that
		r.content, r.decided = textContent(r.c.errorPage(r.c.failure)), true
	default:
		r.reset()
		r.Status, r.page, r.decided = e.Status, e, true
	}
	return e
}

// sendFile makes file the body, or the part of it that the request asks for. The Cache-Control field, if there is one, is for
// the file, and goes with it if something else is answered.
func (r *Response) sendFile(file *files.File, cacheControl string) {
	r.decided = true
	if file.Varies() {
		addVary(&r.Header, "Accept-Encoding")
	}
	if r.headerSent || r.Status != message.StatusOK {
		r.setFile(file, 0, file.Size, cacheControl)
		return
	}
	part := file.Select(r.c.Request.Method, r.c.Request.Header, time.Now())
	switch part.Status {
	case message.StatusOK:
		r.setFile(file, 0, file.Size, cacheControl)
	case message.StatusPartialContent:
		r.setFile(file, part.Offset, part.Length, cacheControl)
		r.Header.Del("Content-Length") // if the handler has set it, then for the whole
		if part.Ranges != nil {
			r.setRanges(file, part.Ranges)
		}
	case message.StatusNotModified:
		r.refuseFile(file)
		r.content.isFile = true
		r.setCacheControl(cacheControl)
	default:
		r.refuseFile(file)
		r.page = &Error{Status: part.Status}
	}
	r.Status = part.Status
	part.SetFields(&r.Header)
}

// setFile makes length octets of file from offset on the body.
func (r *Response) setFile(file *files.File, offset, length int64, cacheControl string) {
	r.content = fileContent(file, offset, length)
	r.content.isFile = true
	r.content.mimeType = message.TypeBySuffix(r.c.app.MIMETypes, file.Name())
	if file.Coding != "" {
		r.Header.Set("Content-Encoding", file.Coding)
	}
	r.setCacheControl(cacheControl)
}

// setCacheControl sets the field, unless the program has.
func (r *Response) setCacheControl(value string) {
	if value != "" && !r.Header.Has("Cache-Control") {
		r.Header.Set("Cache-Control", value)
		r.content.cacheControl = true
	}
}

// refuseFile closes a file that will not be sent, and takes back what the handler has prepared for it: its type, say, or
// its name as an attachment.
func (r *Response) refuseFile(file *files.File) {
	file.Close()
	r.reset()
	r.decided = true
}

// setRanges makes several parts of the file the body (RFC 9110 section 15.3.7.2).
func (r *Response) setRanges(file *files.File, ranges []message.Range) {
	mimeType := r.Header.Get("Content-Type")
	if mimeType == "" {
		mimeType = message.WithCharset(r.mimeType())
	}
	parts := file.ByteRanges(ranges, mimeType)
	r.Header.Set("Content-Type", parts.MIMEType()) // it goes before a MIMEType that is set later
	r.content.octets, r.content.length = nil, parts.Len()
	r.content.stream = streamOf(file, func(w io.Writer) error {
		_, err := parts.WriteTo(w)
		return err
	})
}

// fileContent is length octets of file from offset on.
func fileContent(file *files.File, offset, length int64) content {
	if data := file.Data(); data != nil {
		return content{octets: data[offset : offset+length]}
	}
	return content{length: length, stream: streamOf(file, func(w io.Writer) error {
		n, err := io.Copy(w, file.Part(offset, length))
		if err == nil && n < length {
			err = io.ErrUnexpectedEOF
		}
		return err
	})}
}

// streamOf returns a stream that ends with closing the file.
func streamOf(file *files.File, send func(io.Writer) error) func(io.Writer) error {
	return func(w io.Writer) error {
		defer file.Close()
		if w == nil {
			return nil
		}
		err := send(w)
		if err == io.ErrUnexpectedEOF {
			err = fmt.Errorf("microroute: %s has shrunk while it was being sent: %w", file.Name(), err)
		}
		return err
	}
}

// addVary adds a field's name to those that the response depends on (RFC 9110 section 12.5.5).
func addVary(h *Header, name string) {
	for _, line := range h.Values("Vary") {
		for member := range strings.SplitSeq(line, ",") {
			if member = ascii.TrimOWS(member); member == "*" || ascii.EqualFold(member, name) {
				return
			}
		}
	}
	h.Add("Vary", name)
}
