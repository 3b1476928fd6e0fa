package message

import (
	"strings"

	"github.com/microroute/microroute/internal/ascii"
)

// DecodePath decodes the escapes of a path, %2F included. A malformed escape stands for itself; a '+' is a '+'
// (RFC 3986 section 2.1).
func DecodePath(s string) string { return decode(s, false) }

// DecodeQuery decodes one name or value of a query: escapes, and '+' as a space (the form encoding of the URL standard).
// A malformed escape stands for itself.
func DecodeQuery(s string) string { return decode(s, true) }

func decode(s string, plus bool) string {
	first := strings.IndexByte(s, '%')
	if plus {
		if i := strings.IndexByte(s, '+'); i >= 0 && (first < 0 || i < first) {
			first = i
		}
	}
	if first < 0 {
		return s
	}
	b := make([]byte, first, len(s))
	copy(b, s)
	for i := first; i < len(s); i++ {
		c := s[i]
		if c == '+' && plus {
			c = ' '
		} else if v, ok := escape(s[i:]); ok {
			c = v
			i += 2
		}
		b = append(b, c)
	}
	return string(b)
}

// escape returns the octet that the pct-encoded triplet at the start of s stands for (RFC 3986 section 2.1).
func escape(s string) (byte, bool) {
	if len(s) < 3 || s[0] != '%' {
		return 0, false
	}
	high, ok1 := ascii.Hex(s[1])
	low, ok2 := ascii.Hex(s[2])
	return high<<4 | low, ok1 && ok2
}

// EncodePath encodes what may not stand in a path as it is: controls, spaces, quotes, angle brackets, octets beyond
// ASCII, '?', '#', '%' and so on. A slash stays a slash (RFC 3986 section 3.3).
func EncodePath(s string) string { return encode(s, "!$&'()*+,-./:;=@_~") }

// EncodeReference encodes what may not stand in a URI reference at all and leaves its delimiters and escapes as they are,
// so that any text becomes safe for a Location field without changing a reference that is valid already.
func EncodeReference(s string) string { return encode(s, "!$&'()*+,-./:;=@_~?#[]%") }

func encode(s, safe string) string {
	const digits = "0123456789ABCDEF"
	clean := 0
	for clean < len(s) && keeps(s[clean], safe) {
		clean++
	}
	if clean == len(s) {
		return s
	}
	b := make([]byte, clean, len(s)+16)
	copy(b, s)
	for i := clean; i < len(s); i++ {
		if c := s[i]; keeps(c, safe) {
			b = append(b, c)
		} else {
			b = append(b, '%', digits[c>>4], digits[c&15])
		}
	}
	return string(b)
}

func keeps(c byte, safe string) bool {
	return ascii.IsDigit(c) || 'a' <= ascii.Lower(c) && ascii.Lower(c) <= 'z' || strings.IndexByte(safe, c) >= 0
}
