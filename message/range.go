package message

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/microroute/microroute/internal/ascii"
)

// Range is a part of a representation.
type Range struct {
	Start  int64 // offset of its first byte
	Length int64 // in bytes, at least 1
}

var (
	// ErrRangeInvalid says that a Range field is to be ignored: the answer is the whole representation with 200.
	ErrRangeInvalid = errors.New("message: range: malformed, of another unit, or wasteful")

	// ErrRangeNotSatisfiable says that no range has a byte of the representation: the answer is 416.
	ErrRangeNotSatisfiable = errors.New("message: range: beyond the end of the representation")
)

// ParseRange reads the value of a Range field (RFC 9110 section 14.2) for a representation of size bytes. It returns
// the ranges that have bytes in it, in the order of the request and cut to its end.
//
// The error is ErrRangeInvalid, besides a malformed value or another unit than bytes, where a server may protect itself
// by ignoring the field (sections 14.2 and 17.15): for more than max ranges, for more than two that overlap, and for
// ranges that have more bytes together than the representation; also for an empty representation, that has no part to
// send. It is ErrRangeNotSatisfiable if all ranges lie beyond the end. Only GET has ranges; the method is the caller's
// business, as is If-Range (see Validators.AllowRange).
func ParseRange(value string, size int64, max int) ([]Range, error) {
	unit, set, ok := strings.Cut(value, "=")
	if !ok || !ascii.EqualFold(unit, "bytes") || size <= 0 || strings.TrimLeft(set, " \t") != set {
		return nil, ErrRangeInvalid
	}
	var ranges []Range
	specs := 0
	for spec := range elements(set) {
		r, ok := parseRangeSpec(spec, size)
		if specs++; !ok || specs > max {
			return nil, ErrRangeInvalid
		}
		if r.Length > 0 {
			ranges = append(ranges, r)
		}
	}
	switch {
	case specs == 0 || wasteful(ranges, size):
		return nil, ErrRangeInvalid
	case len(ranges) == 0:
		return nil, ErrRangeNotSatisfiable
	}
	return ranges, nil
}

// parseRangeSpec reads first-last, first- or -length (RFC 9110 section 14.1.2). A range without a byte in the
// representation has length 0.
func parseRangeSpec(spec string, size int64) (r Range, ok bool) {
	first, last, ok := strings.Cut(spec, "-")
	if !ok {
		return Range{}, false
	}
	if first == "" {
		length, ok := position(last)
		length = min(length, size)
		return Range{size - length, length}, ok
	}
	start, ok := position(first)
	end := size - 1
	if ok && last != "" {
		var lastPos int64
		lastPos, ok = position(last)
		ok = ok && start <= lastPos
		end = min(lastPos, end)
	}
	if start >= size {
		return Range{}, ok
	}
	return Range{start, end - start + 1}, ok
}

// position reads a number of digits only. One that exceeds an int64 is beyond any end, and so becomes the largest.
func position(s string) (n int64, ok bool) {
	if n, ok = ascii.Uint(s); ok {
		return n, true
	}
	return 1<<63 - 1, s != "" && strings.Trim(s, "0123456789") == ""
}

// wasteful reports whether more than two ranges overlap, or all of them together are longer than the representation.
func wasteful(ranges []Range, size int64) bool {
	left := size
	for _, r := range ranges {
		if left -= r.Length; left < 0 {
			return true
		}
	}
	if len(ranges) <= 2 {
		return false
	}
	sorted := slices.Clone(ranges)
	slices.SortFunc(sorted, func(a, b Range) int { return cmp.Compare(a.Start, b.Start) })
	overlaps, end := 0, int64(0)
	for _, r := range sorted {
		if r.Start < end {
			overlaps++
		}
		end = max(end, r.Start+r.Length)
	}
	return overlaps > 1
}

// AppendContentRange appends the value of the Content-Range field of a 206 response (RFC 9110 section 14.4):
// "bytes 500-999/1000", or "bytes 500-999/*" if size is negative, that is unknown.
func AppendContentRange(b []byte, r Range, size int64) []byte {
	b = append(b, "bytes "...)
	b = strconv.AppendInt(b, r.Start, 10)
	b = append(b, '-')
	b = strconv.AppendInt(b, r.Start+r.Length-1, 10)
	b = append(b, '/')
	if size < 0 {
		return append(b, '*')
	}
	return strconv.AppendInt(b, size, 10)
}

// AppendUnsatisfiedRange appends the value of the Content-Range field of a 416 response (RFC 9110 section 14.4):
// "bytes */1000".
func AppendUnsatisfiedRange(b []byte, size int64) []byte {
	return strconv.AppendInt(append(b, "bytes */"...), size, 10)
}
