package files

import (
	"time"

	"github.com/microroute/microroute/message"
)

// Selection is what answers a request for a file.
type Selection struct {
	Status int   // 200, 206, 304, 412 or 416
	Offset int64 // of the first octet to send
	Length int64 // octets to send, 0 unless Status is 200 or 206; the answer to HEAD declares them only

	// Ranges is what a 206 sends instead of one part, in the order of the request; nil unless there are several.
	Ranges []message.Range

	validators   message.Validators // those to send
	date         string             // that of the validators as it is sent, if it is known
	acceptRanges bool
	contentRange string
}

// maxRanges is how many ranges a request may ask for before they are ignored.
const maxRanges = 16

// Select decides what answers a request with this method and fields h for a file of size octets, by its preconditions
// first and then its range (RFC 9110 section 13.2.2). It is meant for a response that would be 200 without them. The
// zero Validators stand for a file without any; now is the time of the response.
//
// The answer to a method other than GET and HEAD is the whole file: the file is then the outcome of an action that has
// been performed already, not what the preconditions are about. It is also the whole file for ranges that are malformed, of
// another unit, or more than one would ask for in earnest (see message.ParseRange; at most 16), and for those of a HEAD.
func Select(method string, h *message.Header, v message.Validators, size int64, now time.Time) Selection {
	whole := Selection{Status: message.StatusOK, Length: size}
	if method != message.MethodGet && method != message.MethodHead {
		return whole
	}
	whole.validators, whole.acceptRanges = v, true
	switch v.Evaluate(method, h, now) {
	case message.NotModified:
		if v.ETag != "" {
			v.LastModified = time.Time{} // as section 15.4.5 recommends
		}
		return Selection{Status: message.StatusNotModified, validators: v}
	case message.PreconditionFailed:
		return Selection{Status: message.StatusPreconditionFailed}
	}
	if method == message.MethodHead || !h.Has("Range") || !v.AllowRange(h, now) {
		return whole
	}
	lines := h.Values("Range")
	if len(lines) > 1 { // malformed, for the field is no list
		return whole
	}
	ranges, err := message.ParseRange(lines[0], size, maxRanges)
	switch {
	case err == message.ErrRangeNotSatisfiable:
		return Selection{
			Status:       message.StatusRequestedRangeNotSatisfiable,
			acceptRanges: true,
			contentRange: string(message.AppendUnsatisfiedRange(nil, size)),
		}
	case err != nil:
		return whole
	}
	part := whole
	part.Status = message.StatusPartialContent
	if len(ranges) > 1 {
		part.Length, part.Ranges = 0, ranges
		return part
	}
	part.Offset, part.Length = ranges[0].Start, ranges[0].Length
	part.contentRange = string(message.AppendContentRange(nil, ranges[0], size))
	return part
}

// SetFields sets the fields of the response's header that the selection decides: with 200 and 206 ETag and
// Last-Modified, as far as there are validators, and Accept-Ranges; with 416 and a 206 of one part Content-Range; with 304 ETag, or
// Last-Modified if there is no tag. Content-Length and Content-Type are left to the caller.
func (s Selection) SetFields(h *message.Header) {
	if s.validators.ETag != "" {
		h.Set("ETag", s.validators.ETag)
	}
	if !s.validators.LastModified.IsZero() {
		if s.date == "" {
			s.date = string(message.AppendDate(nil, s.validators.LastModified))
		}
		h.Set("Last-Modified", s.date)
	}
	if s.acceptRanges {
		h.Set("Accept-Ranges", "bytes")
	}
	if s.contentRange != "" {
		h.Set("Content-Range", s.contentRange)
	}
}
