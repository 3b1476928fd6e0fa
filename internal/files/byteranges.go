package files

import (
	"cmp"
	"io"
	"math/rand/v2"
	"slices"
	"strconv"

	"github.com/microroute/microroute/internal/ascii"
	"github.com/microroute/microroute/message"
)

// ByteRanges is several ranges of a file as one content of type multipart/byteranges (RFC 9110 section 14.6).
type ByteRanges struct {
	file     *File
	ranges   []message.Range
	heads    [][]byte // what is sent before each range
	end      []byte
	boundary string
}

// ByteRanges returns the ranges of a Selection, of which there are several, as the content of the response. The mimeType is
// that of the file; it ends before the first octet that no field can have.
func (f *File) ByteRanges(ranges []message.Range, mimeType string) *ByteRanges {
	b := &ByteRanges{file: f, ranges: ranges, boundary: newBoundary()}
	mimeType = mimeType[:ascii.ValueLen(mimeType)]
	for _, r := range ranges {
		head := append([]byte("\r\n--"), b.boundary...)
		head = append(append(head, "\r\nContent-Type: "...), mimeType...)
		head = message.AppendContentRange(append(head, "\r\nContent-Range: "...), r, f.Size)
		b.heads = append(b.heads, append(head, "\r\n\r\n"...))
	}
	b.heads[0] = b.heads[0][len("\r\n"):]
	b.end = append(append([]byte("\r\n--"), b.boundary...), "--\r\n"...)
	return b
}

// newBoundary returns a text that is in no file, unless by a chance of 1 to 2^128.
func newBoundary() string {
	return strconv.FormatUint(rand.Uint64(), 36) + strconv.FormatUint(rand.Uint64(), 36)
}

// MIMEType returns the media type of the content.
func (b *ByteRanges) MIMEType() string { return "multipart/byteranges; boundary=" + b.boundary }

// Len returns the length of the content in octets.
func (b *ByteRanges) Len() int64 {
	n := int64(len(b.end))
	for i, r := range b.ranges {
		n += int64(len(b.heads[i])) + r.Length
	}
	return n
}

const (
	// shortRange is up to which length a range is written in one piece with others: reading it costs less than a write.
	shortRange = 16 << 10
	// maxPiece is from which length on such a piece is written.
	maxPiece = 64 << 10
)

// WriteTo writes the content. The error is io.ErrUnexpectedEOF if the file has shrunk.
func (b *ByteRanges) WriteTo(w io.Writer) (written int64, err error) {
	var piece []byte
	flush := func() {
		var n int
		n, err = w.Write(piece)
		written, piece = written+int64(n), piece[:0]
	}
	for i, r := range b.ranges {
		piece = append(piece, b.heads[i]...)
		part := b.file.Part(r.Start, r.Length)
		if r.Length <= shortRange {
			n := len(piece)
			piece = slices.Grow(piece, int(r.Length))[:n+int(r.Length)]
			got, readErr := io.ReadFull(part, piece[n:])
			piece = piece[:n+got]
			if readErr == nil && len(piece) < maxPiece {
				continue
			}
			if flush(); err != nil || readErr != nil {
				return written, cmp.Or(err, shrunk(readErr))
			}
			continue
		}
		if flush(); err != nil {
			return written, err
		}
		sent, err := io.Copy(w, part)
		if written += sent; err != nil {
			return written, err
		}
		if sent < r.Length {
			return written, io.ErrUnexpectedEOF
		}
	}
	piece = append(piece, b.end...)
	flush()
	return written, err
}

// shrunk returns the error for a file of which reading a part has failed with err.
func shrunk(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
