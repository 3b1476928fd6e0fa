package message

import (
	"strings"
	"time"
)

// Validators say which state of a resource a response shows (RFC 9110 section 8.8). The zero Validators are those of a
// resource that exists and has none.
type Validators struct {
	ETag         string    // as in the ETag field, quotes included: `"1a2b"` or `W/"1a2b"`; "" for none
	LastModified time.Time // zero for none; fractions of a second do not count
	Absent       bool      // nothing is there yet, so that "If-None-Match: *" holds and "If-Match: *" does not
}

// Outcome is what a request's preconditions ask for.
type Outcome int

const (
	Proceed            Outcome = iota // perform the method
	NotModified                       // answer 304 with the fields that a 200 would have
	PreconditionFailed                // answer 412
)

// String returns the name of the constant.
func (o Outcome) String() string {
	switch o {
	case Proceed:
		return "Proceed"
	case NotModified:
		return "NotModified"
	case PreconditionFailed:
		return "PreconditionFailed"
	}
	return "Outcome(?)"
}

// Evaluate applies the preconditions among h, the fields of a request with this method, in the order of RFC 9110
// section 13.2.2. It is meant for requests that would succeed without them: an answer other than 2xx comes first
// (section 13.2.1). The dates in h are read as ParseDate does with now.
func (v Validators) Evaluate(method string, h *Header, now time.Time) Outcome {
	switch method {
	case MethodConnect, MethodOptions, MethodTrace: // select no representation (section 13.2.1)
		return Proceed
	}
	if h.Has("If-Match") {
		if !v.matches(h.Values("If-Match"), sameStrong) {
			return PreconditionFailed
		}
	} else if modified, ok := v.modifiedSince(h, "If-Unmodified-Since", now); ok && modified {
		return PreconditionFailed
	}

	reads := method == MethodGet || method == MethodHead
	if h.Has("If-None-Match") {
		switch {
		case !v.matches(h.Values("If-None-Match"), sameWeak):
			return Proceed
		case reads:
			return NotModified
		default:
			return PreconditionFailed
		}
	}
	if modified, ok := v.modifiedSince(h, "If-Modified-Since", now); reads && ok && !modified {
		return NotModified
	}
	return Proceed
}

// AllowRange evaluates If-Range among h, the fields of a GET request: if it is false, Range is to be ignored (RFC 9110
// section 13.1.5). Without If-Range it is true.
//
// A date allows the range only if it is exactly the time of the last modification and that second is over by now: until
// then a second change could hide behind the same date (section 8.8.2.2).
func (v Validators) AllowRange(h *Header, now time.Time) bool {
	if !h.Has("If-Range") {
		return true
	}
	lines := h.Values("If-Range")
	if len(lines) > 1 || v.Absent {
		return false
	}
	value := lines[0]
	if ValidETag(value) {
		return sameStrong(value, v.ETag)
	}
	date, ok := ParseDate(value, now)
	return ok && !v.LastModified.IsZero() && date.Unix() == v.LastModified.Unix() && now.Unix() > date.Unix()
}

// matches evaluates the value of If-Match or If-None-Match: "*", or a list of entity tags over all lines of the field
// (RFC 9110 sections 13.1.1 and 13.1.2).
func (v Validators) matches(lines []string, same func(a, b string) bool) bool {
	if v.Absent {
		return false
	}
	if len(lines) == 1 && strings.Trim(lines[0], " \t") == "*" {
		return true
	}
	return listsETag(lines, v.ETag, same)
}

// modifiedSince compares the last modification with the date in a field. The answer is not known, and the field to be
// ignored, if it occurs twice, is no HTTP-date, or the resource has no date of modification (RFC 9110 sections 13.1.3
// and 13.1.4).
func (v Validators) modifiedSince(h *Header, name string, now time.Time) (modified, known bool) {
	if v.Absent || v.LastModified.IsZero() || !h.Has(name) {
		return false, false
	}
	lines := h.Values(name)
	date, ok := ParseDate(lines[0], now)
	return v.LastModified.Unix() > date.Unix(), ok && len(lines) == 1
}
