package load

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// answer reads the answers of a connection as they come, in pieces of any size. Content is framed by Content-Length or
// is chunked; the client sends no HEAD.
type answer struct {
	partial bool // the status is to be 206, otherwise 200
	state   part
	line    []byte // what has come of the head, or of a line of the chunked coding
	left    int    // of the content or the chunk, in bytes
	content int    // what has come of the contents of all answers, in bytes
}

type part uint8

const (
	inHead part = iota
	inContent
	inSize  // the line before a chunk
	inChunk // and the line end after it
	inTrailer
)

var errFraming = errors.New("load: no answer that this client understands")

// read takes b, up to the end of the answer. It returns the rest, and whether the answer is complete.
func (a *answer) read(b []byte) (rest []byte, complete bool, err error) {
	for len(b) > 0 {
		switch a.state {
		case inHead:
			head, rest, found := a.upTo(b, "\r\n\r\n")
			if !found {
				return nil, false, nil
			}
			b = rest
			if err := a.parseHead(head); err != nil {
				return nil, false, err
			}
			a.line = a.line[:0]
		case inContent, inChunk:
			n := min(a.left, len(b))
			a.left -= n
			a.content += n
			b = b[n:]
			if a.left == 0 && a.state == inChunk {
				a.state = inSize
			}
		case inSize:
			size, rest, found := a.upTo(b, "\r\n")
			if !found {
				return nil, false, nil
			}
			b = rest
			n, err := strconv.ParseUint(string(size), 16, 31)
			if err != nil {
				return nil, false, fmt.Errorf("%w: size of a chunk: %w", errFraming, err)
			}
			a.line = a.line[:0]
			a.state, a.left = inChunk, int(n)+2
			if n == 0 {
				a.state = inTrailer
			}
		case inTrailer:
			line, rest, found := a.upTo(b, "\r\n")
			if !found {
				return nil, false, nil
			}
			b = rest
			last := len(line) == 0
			a.line = a.line[:0]
			if last {
				a.state, a.left = inContent, 0
			}
		}
		if a.state == inContent && a.left == 0 {
			a.state = inHead
			return b, true, nil
		}
	}
	return nil, false, nil
}

// upTo returns what comes before mark, of which parts may have come earlier, and what follows it.
func (a *answer) upTo(b []byte, mark string) (before, after []byte, found bool) {
	if len(a.line) == 0 {
		if before, after, found = bytes.Cut(b, []byte(mark)); found {
			return before, after, true
		}
	}
	kept := len(a.line)
	a.line = append(a.line, b...)
	before, _, found = bytes.Cut(a.line, []byte(mark))
	if !found {
		return nil, nil, false
	}
	return before, b[len(before)+len(mark)-kept:], true
}

// parseHead finds out how the content is framed. Any status but the right one is an error.
func (a *answer) parseHead(head []byte) error {
	status, fields, _ := bytes.Cut(head, []byte("\r\n"))
	right := "HTTP/1.1 200"
	if a.partial {
		right = "HTTP/1.1 206"
	}
	if !bytes.HasPrefix(status, []byte(right)) {
		return fmt.Errorf("load: status line %q", status)
	}
	a.state, a.left = inHead, 0
	for len(fields) > 0 {
		var field []byte
		field, fields, _ = bytes.Cut(fields, []byte("\r\n"))
		if value, found := cutName(field, "content-length:"); found {
			n, err := strconv.Atoi(string(value))
			if err != nil {
				return fmt.Errorf("%w: %q", errFraming, field)
			}
			a.state, a.left = inContent, n
		} else if _, found := cutName(field, "transfer-encoding:"); found {
			a.state = inSize
		}
	}
	if a.state == inHead {
		return fmt.Errorf("%w: neither Content-Length nor Transfer-Encoding", errFraming)
	}
	return nil
}

// cutName returns the value of a field that has this name, in lower case and with the colon.
func cutName(field []byte, name string) (value []byte, found bool) {
	if len(field) < len(name) || field[0]|0x20 != name[0] || !bytes.EqualFold(field[:len(name)], []byte(name)) {
		return nil, false
	}
	return bytes.TrimSpace(field[len(name):]), true
}
