package http1

import (
	"bytes"

	"github.com/microroute/microroute/internal/ascii"
	"github.com/microroute/microroute/message"
)

// Limits bounds what a request's head may cost; see the engine for the defaults. A negative number lifts a limit.
type Limits struct {
	Target int // octets of the request target
	Head   int // octets of request line and fields
	Fields int // field lines
}

// Head is a request's head: the request, and what its connection must know about it.
type Head struct {
	message.Request
	KeepAlive      bool // the client wants to go on with this connection (RFC 9112 section 9.3)
	Chunked        bool // the content is in chunks (RFC 9112 section 7.1)
	ExpectContinue bool // the client waits for a 100 before it sends the content (RFC 9110 section 10.1.1)
}

func (h *Head) reset() {
	h.Request.Reset(nil)
	h.KeepAlive, h.Chunked, h.ExpectContinue = false, false, false
}

// maxMethod is the length of the longest method that is looked at; the longest registered one has 17 letters.
const maxMethod = 32

// maxEmptyLines is how many empty lines may precede a request line (RFC 9112 section 2.2 asks for at least one).
const maxEmptyLines = 4

// Parser reads request heads, one after the other. It may be given a head in pieces: what it has understood it does not
// read again, and however a head is cut, it is accepted or refused with the same status. Set the limits before use: the
// zero ones allow nothing.
type Parser struct {
	Limits Limits

	line   int // where the line being read starts
	search int // up to where the buffer was searched for its end
	empty  int // empty lines before the request line
	start  int // where the head starts, after empty lines
	fields int // field lines so far

	hosts        int
	lengths      int
	begun        bool // the request line has been read
	encoded      bool // there is a Transfer-Encoding
	unknown      bool // one with a coding that we do not know
	proto10      bool
	close, alive bool
}

// Reset makes p ready for the next head.
func (p *Parser) Reset() { *p = Parser{Limits: p.Limits} }

// Parse reads a head from the start of buf into h and returns its length, or 0 if it is not all there: then Parse is to
// be called again with the same octets and more, at whatever address. The strings of h are cut from buf. An error is an
// *Error.
func (p *Parser) Parse(buf []byte, h *Head) (int, error) {
	for {
		end := bytes.IndexByte(buf[p.search:], '\n')
		if end < 0 {
			p.search = len(buf)
			return 0, p.checkPartial(buf)
		}
		end += p.search
		if p.over(p.Limits.Head, end+1-p.start) {
			return 0, p.checkPartial(buf[:p.start+p.Limits.Head+1]) // as if the line's end had not come
		}
		if end == p.line || buf[end-1] != '\r' {
			if err := p.checkPartial(buf[:end]); err != nil {
				return 0, err
			}
			return 0, errBareLF
		}
		start, stop := p.line, end-1
		p.line, p.search = end+1, end+1
		switch {
		case !p.begun && start == stop:
			// Empty lines before the request line are ignored (RFC 9112 section 2.2).
			if p.empty++; p.empty > maxEmptyLines {
				return 0, errEmptyLines
			}
			p.start = p.line
		case !p.begun:
			h.reset()
			if err := p.requestLine(buf, start, stop, h); err != nil {
				return 0, err
			}
			p.begun = true
		case start == stop:
			if err := p.finish(h); err != nil {
				return 0, err
			}
			h.SetHead(buf[:p.line])
			return p.line, nil
		default:
			if err := p.field(buf, start, stop, h); err != nil {
				return 0, err
			}
		}
	}
}

// Started reports whether the head of a request has begun to arrive in buf, the octets given to Parse last.
func (p *Parser) Started(buf []byte) bool { return len(buf) > p.start }

// Head reports whether the request that has begun to arrive in buf, the octets given to Parse last, is a HEAD: then the
// answer to it has no content, even if it is refused (RFC 9110 section 9.3.2).
func (p *Parser) Head(buf []byte) bool {
	return len(buf) > p.start && bytes.HasPrefix(buf[p.start:], []byte("HEAD "))
}

func (p *Parser) over(limit, n int) bool { return limit >= 0 && n > limit }

// checkPartial refuses a line that cannot become good, so that nobody waits for the rest of garbage.
func (p *Parser) checkPartial(buf []byte) error {
	long := p.over(p.Limits.Head, len(buf)-p.start)
	if p.begun {
		if long {
			return errHeadLong
		}
		return nil
	}
	_, _, err := p.cutRequestLine(bytes.TrimSuffix(buf[p.line:], []byte{'\r'}))
	if err == nil && long {
		err = errTargetLong
	}
	return err
}

// field reads the field line buf[start:end] (RFC 9112 section 5).
func (p *Parser) field(buf []byte, start, end int, h *Head) error {
	line := buf[start:end]
	name := ascii.TokenLen(line)
	switch {
	case line[0] == ' ' || line[0] == '\t':
		return errFold // section 5.2
	case name == 0 || name == len(line) || line[name] != ':':
		return errFieldName // no white space before the colon (section 5.1)
	case ascii.ValueLen(line[name+1:]) != end-start-name-1:
		return errFieldValue // RFC 9110 section 5.5
	}
	if p.fields++; p.over(p.Limits.Fields, p.fields) {
		return errFields
	}
	from, to := start+name+1, end
	for from < to && (buf[from] == ' ' || buf[from] == '\t') {
		from++
	}
	for from < to && (buf[to-1] == ' ' || buf[to-1] == '\t') {
		to--
	}
	h.AddField(start, start+name, from, to)
	return p.known(line[:name], buf[from:to], h)
}

// known takes note of the fields that frame the message or steer the connection.
func (p *Parser) known(name, value []byte, h *Head) error {
	switch len(name) {
	case len("Host"):
		if ascii.EqualFold(name, "Host") {
			if p.hosts++; p.hosts > 1 {
				return errHostTwice // RFC 9112 section 3.2
			}
			if !validHost(value) {
				return errHost
			}
		}
	case len("Expect"):
		// An HTTP/1.0 expectation is ignored (RFC 9110 section 10.1.1).
		if ascii.EqualFold(name, "Expect") && !p.proto10 {
			return expect(value, h)
		}
	case len("Connection"):
		if ascii.EqualFold(name, "Connection") {
			p.connection(value)
		}
	case len("Content-Length"):
		if ascii.EqualFold(name, "Content-Length") {
			return p.contentLength(value, h)
		}
	case len("Transfer-Encoding"):
		if ascii.EqualFold(name, "Transfer-Encoding") {
			return p.transferEncoding(value, h)
		}
	}
	return nil
}

// expect reads an Expect field, a list of which we know one member (RFC 9110 section 10.1.1).
func expect(value []byte, h *Head) error {
	for len(value) > 0 {
		var member []byte
		member, value, _ = bytes.Cut(value, []byte{','})
		switch member = ascii.TrimOWS(member); {
		case ascii.EqualFold(member, "100-continue"):
			h.ExpectContinue = true
		case len(member) > 0:
			return errExpectation
		}
	}
	return nil
}

// connection reads the options of a Connection field (RFC 9110 section 7.6.1).
func (p *Parser) connection(value []byte) {
	for len(value) > 0 {
		var option []byte
		option, value, _ = bytes.Cut(value, []byte{','})
		option = ascii.TrimOWS(option)
		p.close = p.close || ascii.EqualFold(option, "close")
		p.alive = p.alive || ascii.EqualFold(option, "keep-alive")
	}
}

// contentLength reads a Content-Length field: digits, once (RFC 9112 section 6.3; a list of equal numbers may be refused).
func (p *Parser) contentLength(value []byte, h *Head) error {
	if p.lengths++; p.lengths > 1 {
		return errLengthTwice
	}
	n, ok := ascii.Uint(value)
	if !ok {
		for _, c := range value {
			if !ascii.IsDigit(c) {
				return errLength
			}
		}
		if len(value) == 0 {
			return errLength
		}
		return errLengthHuge
	}
	h.ContentLength = n
	return nil
}

// transferEncoding reads a Transfer-Encoding field: the codings in the order in which they were applied. We know one, which
// must be the last and is applied once (RFC 9112 sections 6.1 and 7).
func (p *Parser) transferEncoding(value []byte, h *Head) error {
	for more := true; more; {
		var coding []byte
		coding, value, more = bytes.Cut(value, []byte{','})
		switch coding = ascii.TrimOWS(coding); {
		case h.Chunked:
			return errEncoding
		case ascii.EqualFold(coding, "chunked"):
			p.encoded, h.Chunked, h.ContentLength = true, true, -1
		case ascii.EqualFold(coding, "identity") || !ascii.IsToken(coding):
			return errEncoding
		default:
			p.encoded, p.unknown = true, true
		}
	}
	return nil
}

// finish checks what only the whole head can tell.
func (p *Parser) finish(h *Head) error {
	switch {
	case p.hosts == 0 && !p.proto10:
		return errHostMissing // RFC 9112 section 3.2
	case p.encoded && p.proto10:
		return errEncodingIn10 // RFC 9112 section 6.1
	case p.encoded && p.lengths > 0:
		return errLengthAndTE // RFC 9112 section 6.3
	case p.unknown:
		return errEncodingOther // RFC 9112 section 6.1
	}
	h.KeepAlive = !p.close && (p.alive || !p.proto10)
	return nil
}
