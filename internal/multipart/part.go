package multipart

import (
	"io"
	"strings"

	"github.com/microroute/microroute/internal/ascii"
)

// Part is a field or file of a form. Its strings may be kept.
type Part struct {
	Name        string // of the form's field
	FileName    string // as the client says, perhaps with directories; "" if the part is no file
	ContentType string // as the client says, "" if it does not
	reader      *Reader
}

// Read reads content, and returns io.EOF at its end. Errors are as those of Next, and ErrPassed.
func (p *Part) Read(b []byte) (int, error) {
	r := p.reader
	switch {
	case r.part != p:
		return 0, ErrPassed
	case len(b) == 0:
		return 0, nil
	case len(b) >= largeRead && len(r.unread) == 0 && r.ended == nil:
		if n := r.readInto(b); n > 0 {
			return n, nil
		}
	}
	if err := r.look(); err != nil {
		return 0, err
	}
	if r.next.content == 0 {
		return 0, io.EOF
	}
	n := copy(b, r.unread[:r.next.content])
	r.skip(n)
	return n, nil
}

// parse reads the fields of the part's head, each of which ends with CRLF. Others than these three have no meaning in a
// form (RFC 7578 section 4.8). None of them may come twice: some would believe the first, some the last.
func (p *Part) parse(head string) error {
	var disposition, contentType, encoding field
	for head != "" {
		var line string
		line, head, _ = strings.Cut(head, "\r\n")
		name, value, ok := strings.Cut(line, ":")
		if !ok || !ascii.IsToken(name) || ascii.ValueLen(value) < len(value) {
			return ErrHead
		}
		switch value = ascii.TrimOWS(value); {
		case ascii.EqualFold(name, "Content-Disposition"):
			ok = disposition.set(value)
		case ascii.EqualFold(name, "Content-Type"):
			ok = contentType.set(value)
		case ascii.EqualFold(name, "Content-Transfer-Encoding"):
			ok = encoding.set(value)
		}
		if !ok {
			return ErrHead
		}
	}
	if !isIdentity(encoding.value) {
		return ErrEncoding
	}
	p.ContentType = contentType.value
	return p.parseDisposition(disposition.value)
}

// unfold returns the fields of a head, those that go on in a line that begins with white space in one line: the CRLF become
// spaces (RFC 9112 section 5.2).
func unfold(head []byte) string {
	for i := 0; i+2 < len(head); i++ {
		if head[i] == '\r' && head[i+1] == '\n' && (head[i+2] == ' ' || head[i+2] == '\t') {
			head[i], head[i+1] = ' ', ' '
		}
	}
	return string(head)
}

// field is the value of a field or parameter that must not come twice.
type field struct {
	value string
	given bool
}

func (f *field) set(value string) (ok bool) {
	ok = !f.given
	*f = field{value, true}
	return ok
}

// isIdentity reports whether a Content-Transfer-Encoding leaves the content as it is (RFC 2045 section 6.2). Forms know no
// others since RFC 7578 (section 4.7), and to take encoded content for plain would corrupt it.
func isIdentity(encoding string) bool {
	return encoding == "" || ascii.EqualFold(encoding, "binary") || ascii.EqualFold(encoding, "8bit") || ascii.EqualFold(encoding, "7bit")
}
