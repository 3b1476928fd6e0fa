package http1

import (
	"bytes"
	"io"

	"github.com/microroute/microroute/internal/ascii"
	"github.com/microroute/microroute/message"
)

// What is wrong with chunked content.
var (
	errChunkSize     = bad("malformed chunk size or extension")
	errChunkHuge     = &Error{message.StatusRequestEntityTooLarge, "chunk size exceeds 63 bits"}
	errChunkEnd      = bad("chunk does not end with CRLF")
	errChunkOverhead = bad("too many chunk extensions")
	errTrailerLong   = &Error{message.StatusRequestHeaderFieldsTooLarge, "trailer section is too long"}
)

const (
	maxChunkLine     = 4 << 10  // octets of one chunk's size and extensions
	maxChunkOverhead = 16 << 10 // octets by which a message's extensions may outweigh its data
	maxTrailer       = 16 << 10 // octets of a trailer section
)

// ChunkedDecoder takes the chunks off a message's content (RFC 9112 section 7.1). The zero value is at the start of
// the content, and once used it must not be copied.
//
// The content alternates between lines (a chunk's size, the empty line behind its data, the trailer fields) and data:
//
//	5;ext=1 CRLF   hello   CRLF   0 CRLF   X-Trailer: 1 CRLF   CRLF
//	atSize         inData  atEnd  atSize   inTrailer           done
type ChunkedDecoder struct {
	// Trailer is the fields behind the content, complete at its end. Those that may not be there are left out, see
	// message.TrailerAllowed. Its strings may be kept.
	Trailer message.Header

	state    chunkState
	left     int64  // octets of the current chunk that are still to come
	line     []byte // the start of a line whose end has not arrived
	overhead int64  // octets of extensions so far, less those of data
	section  int    // octets of the trailer section so far
}

type chunkState uint8

const (
	atSize chunkState = iota
	inData
	atEnd
	inTrailer
	done
)

// Decode moves content from src to dst and returns how much it wrote and how much it read. It returns io.EOF at the end
// of the message, perhaps together with the last of the content; an *Error if the chunks are malformed. It stops without
// either when dst is full or src is read, and is to be called again with more room or with what follows.
func (d *ChunkedDecoder) Decode(dst, src []byte) (written, read int, err error) {
	for {
		switch d.state {
		case done:
			return written, read, io.EOF
		case inData:
			n := min(int64(len(dst)-written), int64(len(src)-read), d.left)
			copy(dst[written:], src[read:read+int(n)])
			written, read = written+int(n), read+int(n)
			if d.Advance(n); d.state == inData {
				return written, read, nil
			}
		default:
			line, n, err := d.takeLine(src[read:])
			read += n
			if line == nil || err != nil {
				return written, read, err
			}
			if err := d.endLine(line); err != nil {
				return written, read, err
			}
		}
	}
}

// Left returns how many octets of plain data come next, so that they may be read past the decoder (see Advance).
func (d *ChunkedDecoder) Left() int64 { return d.left }

// Advance tells the decoder that n octets of the current chunk's data have been taken, at most Left.
func (d *ChunkedDecoder) Advance(n int64) {
	if d.left -= n; d.left == 0 && d.state == inData {
		d.state = atEnd
	}
}

// takeLine returns the next line of src without its CRLF, and how much of src it took; nil if the end of the line is
// not there yet.
func (d *ChunkedDecoder) takeLine(src []byte) (line []byte, n int, err error) {
	end := bytes.IndexByte(src, '\n')
	n = end + 1
	if end < 0 {
		n = len(src)
	}
	if len(d.line)+n > maxChunkLine {
		return nil, n, d.lineTooLong()
	}
	line = src[:n]
	if len(d.line) > 0 || end < 0 {
		d.line = append(d.line, line...)
		line = d.line
	}
	if end < 0 {
		return nil, n, d.checkPartial()
	}
	d.line = d.line[:0]
	if len(line) < 2 || line[len(line)-2] != '\r' {
		return nil, n, errBareLF
	}
	return line[:len(line)-2], n, nil
}

func (d *ChunkedDecoder) lineTooLong() error {
	switch d.state {
	case atSize:
		return errChunkOverhead
	case atEnd:
		return errChunkEnd
	}
	return errTrailerLong
}

// checkPartial refuses what stands where a chunk must end, without waiting for the end of the line.
func (d *ChunkedDecoder) checkPartial() error {
	if d.state == atEnd && (len(d.line) > 1 || len(d.line) == 1 && d.line[0] != '\r') {
		return errChunkEnd
	}
	return nil
}

func (d *ChunkedDecoder) endLine(line []byte) error {
	switch d.state {
	case atSize:
		return d.size(line)
	case atEnd:
		if len(line) != 0 {
			return errChunkEnd
		}
		d.state = atSize
		return nil
	}
	return d.trailerLine(line)
}

// size reads chunk-size [ chunk-ext ] (RFC 9112 section 7.1.1).
func (d *ChunkedDecoder) size(line []byte) error {
	i := 0
	d.left = 0
	for ; i < len(line); i++ {
		digit, ok := ascii.Hex(line[i])
		if !ok {
			break
		}
		if d.left > (1<<63-1)>>4 {
			return errChunkHuge
		}
		d.left = d.left<<4 | int64(digit)
	}
	if i == 0 {
		return errChunkSize
	}
	if err := d.extensions(line[i:]); err != nil {
		return err
	}
	d.overhead = max(0, d.overhead-d.left)
	d.state = inData
	if d.left == 0 {
		d.state = inTrailer
	}
	return nil
}

// extensions checks chunk extensions, which mean nothing to us: *( BWS ";" BWS name [ BWS "=" BWS value ] ).
func (d *ChunkedDecoder) extensions(s []byte) error {
	if d.overhead += int64(len(s)); d.overhead > maxChunkOverhead {
		return errChunkOverhead
	}
	for len(s) > 0 {
		if s = skipBlank(s); len(s) == 0 || s[0] != ';' {
			return errChunkSize
		}
		s = skipBlank(s[1:])
		name := ascii.TokenLen(s)
		if name == 0 {
			return errChunkSize
		}
		s = s[name:]
		if value := skipBlank(s); len(value) > 0 && value[0] == '=' {
			value = skipBlank(value[1:])
			n := valueLen(value)
			if n == 0 {
				return errChunkSize
			}
			s = value[n:]
		}
	}
	return nil
}

func skipBlank(s []byte) []byte {
	for len(s) > 0 && (s[0] == ' ' || s[0] == '\t') {
		s = s[1:]
	}
	return s
}

// valueLen returns the length of the token or quoted-string at the start of s (RFC 9110 section 5.6.4), 0 if neither is
// there.
func valueLen(s []byte) int {
	if len(s) == 0 || s[0] != '"' {
		return ascii.TokenLen(s)
	}
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return i + 1
		case s[i] == '\\':
			i++
		}
		if i == len(s) || ascii.ValueLen(s[i:i+1]) == 0 {
			return 0
		}
	}
	return 0
}

// trailerLine reads a line of the trailer section (RFC 9112 section 7.1.2).
func (d *ChunkedDecoder) trailerLine(line []byte) error {
	if len(line) == 0 {
		d.state = done
		return nil
	}
	if d.section += len(line) + 2; d.section > maxTrailer {
		return errTrailerLong
	}
	name := ascii.TokenLen(line)
	switch {
	case line[0] == ' ' || line[0] == '\t':
		return errFold
	case name == 0 || name == len(line) || line[name] != ':':
		return errFieldName
	case ascii.ValueLen(line) != len(line):
		return errFieldValue
	}
	text := string(line) // name and value in one copy
	if message.TrailerAllowed(text[:name]) {
		d.Trailer.Add(text[:name], ascii.TrimOWS(text[name+1:]))
	}
	return nil
}
