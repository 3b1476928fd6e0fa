// Package ascii holds the few octet rules that every HTTP grammar shares: token and field-value characters, quoted strings and
// lists, comparison without regard to case, and numbers. It knows nothing of messages.
package ascii

const (
	token  = 1 << iota // tchar, RFC 9110 section 5.6.2
	value              // field-vchar, SP and HTAB, RFC 9110 section 5.5
	target             // what a request-target may hold: visible ASCII, RFC 3986 section 2
	digit
	hex
	host // unreserved or a sub-delim but the comma, RFC 3986 section 3.2.2
)

var class = classes()

func classes() (t [256]uint8) {
	for c := range t {
		switch {
		case '0' <= c && c <= '9':
			t[c] |= token | digit | hex | host
		case 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F':
			t[c] |= token | hex | host
		case 'g' <= c && c <= 'z' || 'G' <= c && c <= 'Z':
			t[c] |= token | host
		}
		if ' ' <= c && c != 0x7f || c == '\t' {
			t[c] |= value
		}
		if '!' <= c && c <= '~' {
			t[c] |= target
		}
	}
	for _, c := range "!#$%&'*+-.^_`|~" {
		t[c] |= token
	}
	for _, c := range "-._~!$&'()*+;=" {
		t[c] |= host
	}
	return t
}

// Text is what the functions of this package read: octets, as a string or as bytes.
type Text interface{ ~string | ~[]byte }

// IsTokenChar reports whether c may stand in a token (RFC 9110 section 5.6.2).
func IsTokenChar(c byte) bool { return class[c]&token != 0 }

// IsToken reports whether s is a token: one tchar or more (RFC 9110 section 5.6.2).
func IsToken[S Text](s S) bool { return len(s) > 0 && TokenLen(s) == len(s) }

// TokenLen returns how many octets at the start of s are token characters.
func TokenLen[S Text](s S) int { return span(s, token) }

// ValueLen returns how many octets at the start of s may stand in a field value: everything but the control characters
// other than HTAB (RFC 9110 section 5.5).
func ValueLen[S Text](s S) int {
	n := 0
	for n+8 <= len(s) && !hasControl(s[n:n+8]) {
		n += 8
	}
	return n + span(s[n:], value)
}

// hasControl reports whether one of the eight octets of s is a control character, all of them looked at in one word: what
// is below 0x20 borrows from its own high bit when that is subtracted, and so does DEL, turned to zero, when one is.
func hasControl[S Text](s S) bool {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	x := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
	del := x ^ 0x7f*ones
	return ((x-' '*ones)&^x|(del-ones)&^del)&highs != 0
}

// HostLen returns how many octets at the start of s may stand in a reg-name of a Host as they are: no comma, although the
// grammar has it, for it would be two fields that somebody has joined (RFC 3986 section 3.2.2).
func HostLen[S Text](s S) int { return span(s, host) }

// TargetLen returns how many octets at the start of s may stand in a request-target: the visible ones of ASCII.
func TargetLen[S Text](s S) int { return span(s, target) }

func span[S Text](s S, of uint8) int {
	for i := 0; i < len(s); i++ {
		if class[s[i]]&of == 0 {
			return i
		}
	}
	return len(s)
}

// IsDigit reports whether c is a decimal digit.
func IsDigit(c byte) bool { return class[c]&digit != 0 }

// Hex returns the value of the hexadecimal digit c, and false if it is none.
func Hex(c byte) (byte, bool) {
	if class[c]&hex == 0 {
		return 0, false
	}
	if c <= '9' {
		return c - '0', true
	}
	return c&^0x20 - 'A' + 10, true
}

// Lower returns c, or its small letter if it is a capital one.
func Lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c | 0x20
	}
	return c
}

// EqualFold reports whether a and b are the same but for the case of ASCII letters.
func EqualFold[A, B Text](a A, b B) bool {
	if len(a) != len(b) {
		return false
	}
	for i := 0; i < len(a); i++ {
		if a[i] != b[i] && Lower(a[i]) != Lower(b[i]) {
			return false
		}
	}
	return true
}

// Uint returns the value of s, which must be decimal digits only, and false if it is not or exceeds an int64.
func Uint[S Text](s S) (n int64, ok bool) {
	for i := 0; i < len(s); i++ {
		d := int64(s[i] - '0')
		if s[i] < '0' || s[i] > '9' || n > (1<<63-1-d)/10 {
			return 0, false
		}
		n = n*10 + d
	}
	return n, len(s) > 0
}

// TrimOWS returns s without the spaces and tabs at both ends (OWS, RFC 9110 section 5.6.3).
func TrimOWS[S Text](s S) S {
	for len(s) > 0 && (s[0] == ' ' || s[0] == '\t') {
		s = s[1:]
	}
	for len(s) > 0 && (s[len(s)-1] == ' ' || s[len(s)-1] == '\t') {
		s = s[:len(s)-1]
	}
	return s
}
