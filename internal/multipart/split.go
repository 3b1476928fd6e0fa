package multipart

import "bytes"

var (
	crlf      = []byte("\r\n")
	emptyLine = []byte("\r\n\r\n")
	hyphens   = []byte("--")
)

// splitter finds the lines between the parts. Such a line belongs to them with the CRLF before it, is nothing but the
// boundary and perhaps white space, and the last has two more hyphens (RFC 2046 section 5.1.1):
//
//	CRLF "--" boundary [ "--" ] *( SP / HTAB ) CRLF
//
// A line that only begins like that is content. One that ends with LF alone is taken for a delimiter line as well, to be
// refused later: there are those who accept it, and a form must not have parts that only some see.
type splitter struct {
	delimiter []byte // up to the boundary
}

func newSplitter(boundary string) splitter { return splitter{[]byte("\r\n--" + boundary)} }

// piece says what some octets begin with: content, then a delimiter line. Both lengths are 0 if more octets are needed to
// tell.
type piece struct {
	content int
	line    int  // octets of the delimiter line behind the content, 0 if there is none yet
	last    bool // it is the last
}

// split returns what b begins with. Ended means that nothing follows b.
func (s splitter) split(b []byte, ended bool) piece {
	for from := 0; ; {
		i := bytes.Index(b[from:], s.delimiter)
		if i < 0 {
			return piece{content: len(b) - s.beginning(b[from:])}
		}
		i += from
		from = i + len(s.delimiter)
		switch rest, last, known := lineEnd(b[from:], ended); {
		case !known:
			return piece{content: i}
		case rest >= 0:
			return piece{i, len(s.delimiter) + rest, last}
		}
	}
}

// beginning returns how many octets at the end of b may be the beginning of a delimiter.
func (s splitter) beginning(b []byte) int {
	b = b[max(0, len(b)-len(s.delimiter)+1):]
	if i := bytes.LastIndexByte(b, '\r'); i >= 0 && bytes.HasPrefix(s.delimiter, b[i:]) {
		return len(b) - i
	}
	return 0
}

// lineEnd returns the length of the rest of a delimiter line at the start of b, -1 if the line is none. It is not known as
// long as b might go on either way. The last line may end with the form.
func lineEnd(b []byte, ended bool) (length int, last, known bool) {
	if len(b) < len(hyphens) && bytes.HasPrefix(hyphens, b) {
		return 0, false, false
	}
	if bytes.HasPrefix(b, hyphens) {
		length, last = len(hyphens), true
	}
	for length < len(b) && (b[length] == ' ' || b[length] == '\t') {
		length++
	}
	switch rest := b[length:]; {
	case bytes.HasPrefix(rest, crlf):
		return length + len(crlf), last, true
	case bytes.HasPrefix(rest, crlf[1:]):
		return length + 1, last, true
	case len(rest) == 0 && last && ended:
		return length, last, true
	case bytes.HasPrefix(crlf, rest):
		return 0, false, false
	}
	return -1, false, true
}
