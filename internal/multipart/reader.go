// Package multipart reads forms with files (multipart/form-data, RFC 7578): part after part as they arrive, in constant
// memory. How much of a part is kept, and where, is left to those who read it.
//
//	form, err := multipart.NewReader(body, boundary, 1000)
//	for err == nil {
//		var part *multipart.Part
//		if part, err = form.Next(); err == nil {
//			_, err = io.Copy(file, part)
//		}
//	}
//	if err != io.EOF {
//		return err
//	}
//
// It takes what RFC 2046 section 5.1 calls a multipart: lines end with CRLF, a preamble and an epilogue are skipped. What
// has two readings is refused rather than read in one of them.
package multipart

import (
	"bytes"
	"errors"
	"io"
)

const (
	maxBoundary = 70       // octets, RFC 2046 section 5.1.1
	maxHead     = 8 << 10  // octets of a part's fields
	bufferSize  = 16 << 10 // octets; more than maxHead
)

// What is wrong with a form.
var (
	ErrBoundary     = errors.New("multipart: a boundary has 1 to 70 printable characters and does not end with a space")
	ErrTooManyParts = errors.New("multipart: too many parts")
	ErrLineEnd      = errors.New("multipart: a boundary ends with LF alone")
	ErrHead         = errors.New("multipart: malformed head of a part")
	ErrHeadTooLong  = errors.New("multipart: the head of a part is too long")
	ErrDisposition  = errors.New("multipart: a part without a Content-Disposition: form-data with a name")
	ErrEncoding     = errors.New("multipart: a part with a Content-Transfer-Encoding")
)

// ErrPassed is returned by a Part that is read after the next one has been asked for.
var ErrPassed = errors.New("multipart: the form has been read beyond this part")

// Reader reads the parts of a form. It may not be shared.
type Reader struct {
	source   io.Reader
	ended    error // what source has ended with
	buffer   []byte
	unread   []byte // of buffer
	splitter splitter
	next     piece // what unread begins with
	blank    bool  // unread begins with the empty line behind a part's head

	part     *Part // the current one
	parts    int   // so far
	maxParts int
	err      error // of Next
}

// NewReader returns a Reader for the form that source has; boundary is the parameter of its media type. More than maxParts
// parts are an error. It reads no more from source than a buffer of 16 KB ahead.
func NewReader(source io.Reader, boundary string, maxParts int) (*Reader, error) {
	if !validBoundary(boundary) {
		return nil, ErrBoundary
	}
	r := &Reader{source: source, maxParts: maxParts, buffer: make([]byte, bufferSize), splitter: newSplitter(boundary)}
	r.unread = append(r.buffer[:0], crlf...) // the first delimiter needs none before it
	return r, nil
}

// validBoundary is more liberal than RFC 2046 section 5.1.1: clients use other printable characters, too.
func validBoundary(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return 0 < len(s) && len(s) <= maxBoundary && s[len(s)-1] != ' '
}

// Next returns the next part, skipping what is left of the one before. After the last it returns io.EOF, and
// io.ErrUnexpectedEOF if source ends before the form does. Other errors are those of this package and of source. An error
// stays: Next returns it again.
func (r *Reader) Next() (*Part, error) {
	if r.err != nil {
		return nil, r.err
	}
	if r.part, r.err = r.readHead(); r.err != nil {
		return nil, r.err
	}
	return r.part, nil
}

func (r *Reader) readHead() (*Part, error) {
	for r.next.line == 0 { // the rest of a part, or the preamble
		r.skip(r.next.content)
		if err := r.look(); err != nil {
			return nil, err
		}
	}
	r.skip(r.next.content)
	line := r.unread[:r.next.line]
	switch {
	case bytes.HasSuffix(line, crlf[1:]) && !bytes.HasSuffix(line, crlf):
		return nil, ErrLineEnd
	case r.next.last:
		return nil, io.EOF
	case r.parts == r.maxParts:
		return nil, ErrTooManyParts
	}
	r.parts++
	r.unread = r.unread[len(line)-len(crlf):]
	r.next = piece{}
	head, err := r.takeHead()
	if err != nil {
		return nil, err
	}
	part := &Part{reader: r}
	return part, part.parse(unfold(head))
}

// takeHead takes the fields of a part off unread, which begins with the CRLF before them. Each ends with CRLF.
func (r *Reader) takeHead() ([]byte, error) {
	for from := 0; ; {
		if i := bytes.Index(r.unread[from:], emptyLine); i >= 0 && from+i <= maxHead {
			end := from + i + len(crlf)
			head := r.unread[len(crlf):end]
			r.unread, r.blank = r.unread[end:], true
			return head, nil
		}
		if len(r.unread) > maxHead {
			return nil, ErrHeadTooLong
		}
		from = max(0, len(r.unread)-len(emptyLine)+1)
		if err := r.fill(); err != nil {
			return nil, err
		}
	}
}

// look finds out what is next: content, or else a delimiter line.
func (r *Reader) look() error {
	for r.next.content == 0 && r.next.line == 0 {
		r.next = r.splitter.split(r.unread, r.ended == io.EOF)
		switch {
		case r.next.content == 0 && r.next.line == 0:
			if err := r.fill(); err != nil {
				return err
			}
		case r.blank: // its CRLF belongs to the head, unless a delimiter begins with it
			r.blank = false
			r.skip(min(r.next.content, len(crlf)))
		}
	}
	return nil
}

// largeRead is how many octets must be wanted for them to be read where they are wanted. Buffered, they are copied once more,
// but fewer would take many reads of source.
const largeRead = 4 << 10

// readInto reads content from source into b when nothing is unread. What follows the content is buffered.
func (r *Reader) readInto(b []byte) int {
	n, err := r.source.Read(b[:min(len(b), len(r.buffer))])
	r.ended = err
	r.next = r.splitter.split(b[:n], err == io.EOF)
	r.unread = append(r.buffer[:0], b[r.next.content:n]...)
	content := r.next.content
	r.next.content = 0
	return content
}

// skip takes content off unread.
func (r *Reader) skip(content int) {
	r.unread = r.unread[content:]
	r.next.content -= content
}

// fill reads more of source. That source ends is an error only when it is asked again: the end may be what was missed.
func (r *Reader) fill() error {
	switch {
	case r.ended == io.EOF:
		return io.ErrUnexpectedEOF
	case r.ended != nil:
		return r.ended
	case len(r.unread) == len(r.buffer): // a delimiter line of nothing but padding
		return ErrHeadTooLong
	case cap(r.unread) < len(r.buffer):
		r.unread = r.buffer[:copy(r.buffer, r.unread)]
	}
	for range maxEmptyReads {
		n, err := r.source.Read(r.unread[len(r.unread):cap(r.unread)])
		r.unread, r.ended = r.unread[:len(r.unread)+n], err
		if n > 0 || err != nil {
			return nil
		}
	}
	return io.ErrNoProgress
}

// maxEmptyReads is how often source may return neither octets nor an error.
const maxEmptyReads = 100
