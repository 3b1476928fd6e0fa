package microroute

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"github.com/microroute/microroute/internal/files"
	"github.com/microroute/microroute/message"
)

// SendFile makes a local file the body, sent when the handler has returned; what that returns is ignored. The path is the
// program's own, so it may lead anywhere: a path made from a request belongs into the static root, where it is checked.
//
// The media type is that of the suffix, unless MIMEType or a Content-Type is set. A response of Status 200 has validators
// and honours the request's conditions and range, so it may become 206, 304, 412 or 416. A missing file and a directory
// are answered with 404. The error says so, too; it may be returned or ignored.
func (r *Response) SendFile(path string) error {
	r.c.live()
	if err := r.undecided(); err != nil {
		return err
	}
	file, err := files.Open(path)
	if err != nil {
		return r.sendNoFile(err)
	}
	r.sendFile(file, path)
	return nil
}

// sendNoFile answers for a file that cannot be opened.
func (r *Response) sendNoFile(err error) error {
	e := &Error{Status: message.StatusInternalServerError, Err: err}
	if errors.Is(err, fs.ErrNotExist) {
		e.Status = message.StatusNotFound
	}
	if !r.headerSent {
		r.Status, r.page, r.decided = e.Status, e, true
	}
	return e
}

// sendFile makes file the body, or the part of it that the request asks for. The name is for its type.
func (r *Response) sendFile(file *files.File, name string) {
	r.decided = true
	r.content = content{
		mimeType: message.TypeBySuffix(r.c.app.MIMETypes, name),
		length:   file.Size,
		stream:   partOf(file, 0, file.Size),
	}
	if r.headerSent || r.Status != message.StatusOK {
		return
	}
	now := time.Now()
	part := files.Select(r.c.Request.Method, r.c.Request.Header, file.Validators(now), file.Size, now)
	part.SetFields(&r.Header)
	r.Status = part.Status
	switch part.Status {
	case message.StatusOK, message.StatusPartialContent:
		r.content.length = part.Length
		r.content.stream = partOf(file, part.Offset, part.Length)
	case message.StatusNotModified:
		r.dropContent()
	default:
		r.dropContent()
		r.page = &Error{Status: part.Status}
	}
}

// partOf streams length octets of file from offset on, and closes it.
func partOf(file *files.File, offset, length int64) func(io.Writer) error {
	return func(w io.Writer) error {
		defer file.Close()
		if w == nil {
			return nil
		}
		if _, err := file.Seek(offset, io.SeekStart); err != nil {
			return err
		}
		n, err := io.Copy(w, &io.LimitedReader{R: file.File, N: length})
		if err == nil && n < length {
			err = fmt.Errorf("microroute: %s has shrunk while it was being sent: %w", file.Name(), io.ErrUnexpectedEOF)
		}
		return err
	}
}
