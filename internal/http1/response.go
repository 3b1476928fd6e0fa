package http1

import (
	"strconv"

	"github.com/microroute/microroute/internal/ascii"
	"github.com/microroute/microroute/message"
)

// Framing is how the end of a response's content is marked (RFC 9112 section 6.3).
type Framing uint8

// The ways to mark the end of content.
const (
	NoContent  Framing = iota // there is none and nothing is said about it: 1xx, 204, 304, or a HEAD of unknown length
	ByLength                  // Content-Length
	Chunked                   // Transfer-Encoding: chunked
	UntilClose                // the connection ends
)

// Sender is what the sending side of a connection adds to a response's head.
type Sender struct {
	Framing    Framing
	Connection string // the connection option that is sent in place of the Header's, "" for none
	Date       []byte // sent unless the Header has a Date (RFC 9110 section 6.6.1); nil sends none
}

// AppendHead appends the status line and the fields of r to b. The Content-Length and Transfer-Encoding of r's Header are
// never sent: the framing says what is true. No name, value or reason can end its line: names that are no tokens are left
// out with their values, and control characters become spaces (RFC 9110 section 5.5). A Trailer that can follow, behind
// chunks, is announced in place of the Header's own announcement (section 6.6.2).
func AppendHead(b []byte, r *message.Response, s Sender) []byte {
	b = appendStatusLine(b, r)
	announce := s.Framing == Chunked && r.Trailer != nil && r.Trailer.Len() > 0
	hasType, hasDate := r.ContentType == "", s.Date == nil
	for name, value := range r.Header.All() {
		switch len(name) {
		case len("Trailer"):
			if announce && ascii.EqualFold(name, "Trailer") {
				continue
			}
		case len("Date"):
			hasDate = hasDate || ascii.EqualFold(name, "Date")
		case len("Connection"):
			if s.Connection != "" && ascii.EqualFold(name, "Connection") {
				continue
			}
		case len("Content-Type"):
			hasType = hasType || ascii.EqualFold(name, "Content-Type")
		case len("Content-Length"):
			if ascii.EqualFold(name, "Content-Length") {
				continue
			}
		case len("Transfer-Encoding"):
			if ascii.EqualFold(name, "Transfer-Encoding") {
				continue
			}
		}
		b = AppendField(b, name, value)
	}
	if !hasDate {
		b = append(b, "Date: "...)
		b = append(b, s.Date...)
		b = append(b, "\r\n"...)
	}
	if !hasType {
		b = append(b, "Content-Type: "...)
		b = AppendText(b, r.ContentType)
		b = append(b, "\r\n"...)
	}
	switch s.Framing {
	case ByLength:
		b = append(b, "Content-Length: "...)
		b = strconv.AppendInt(b, r.ContentLength, 10)
		b = append(b, "\r\n"...)
	case Chunked:
		b = append(b, "Transfer-Encoding: chunked\r\n"...)
	}
	if announce {
		b = appendAnnouncement(b, r.Trailer)
	}
	if s.Connection != "" {
		b = AppendField(b, "Connection", s.Connection)
	}
	return append(b, "\r\n"...)
}

// appendStatusLine appends the status line of r (RFC 9112 section 4). The space behind the code is there even without a
// reason.
func appendStatusLine(b []byte, r *message.Response) []byte {
	if r.Status == message.StatusOK && r.Reason == "OK" {
		return append(b, "HTTP/1.1 200 OK\r\n"...)
	}
	b = append(b, "HTTP/1.1 "...)
	b = strconv.AppendInt(b, int64(r.Status), 10)
	b = append(b, ' ')
	b = AppendText(b, r.Reason)
	return append(b, "\r\n"...)
}

// AppendField appends a field line, or nothing if name is no token.
func AppendField(b []byte, name, value string) []byte {
	if !ascii.IsToken(name) {
		return b
	}
	b = append(b, name...)
	b = append(b, ": "...)
	b = AppendText(b, value)
	return append(b, "\r\n"...)
}

// appendAnnouncement appends the Trailer field: the names in trailer that may be there.
func appendAnnouncement(b []byte, trailer *message.Header) []byte {
	start, lead := len(b), "Trailer: "
	for i := range trailer.Len() {
		if name, _ := trailer.At(i); ascii.IsToken(name) && message.TrailerAllowed(name) {
			b = append(b, lead...)
			b = append(b, name...)
			lead = ", "
		}
	}
	if len(b) > start {
		b = append(b, "\r\n"...)
	}
	return b
}

// AppendText appends s with spaces in place of control characters.
func AppendText(b []byte, s string) []byte {
	for {
		n := ascii.ValueLen(s)
		b = append(b, s[:n]...)
		if n == len(s) {
			return b
		}
		b = append(b, ' ')
		s = s[n+1:]
	}
}

// LastChunk ends chunked content that has no trailer fields.
const LastChunk = "0\r\n\r\n"

// AppendLastChunk appends the end of chunked content with the fields of trailer, which may be nil (RFC 9112 section
// 7.1.2). It leaves out those that may not be there (see message.TrailerAllowed), those whose names are no tokens, and
// those without a value: they were announced, but have come to nothing.
func AppendLastChunk(b []byte, trailer *message.Header) []byte {
	if trailer == nil || trailer.Len() == 0 {
		return append(b, LastChunk...)
	}
	b = append(b, "0\r\n"...)
	for i := range trailer.Len() {
		if name, value := trailer.At(i); value != "" && message.TrailerAllowed(name) {
			b = AppendField(b, name, value)
		}
	}
	return append(b, "\r\n"...)
}

// AppendChunkSize appends the line that precedes a chunk of n octets; CRLF follows the data (RFC 9112 section 7.1).
func AppendChunkSize(b []byte, n int) []byte {
	b = strconv.AppendUint(b, uint64(n), 16)
	return append(b, "\r\n"...)
}
