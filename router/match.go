package router

import (
	"slices"
	"strconv"
	"strings"
	"unsafe"
)

// A Match is where a look-up leaves the variables that it found in the path. The zero Match is ready for use; it is meant
// to be used again and again, by one goroutine at a time. Names and types of the variables are those of the rule, see
// [Rule.Variables].
//
// A Match keeps places, not copies. What its methods return is valid until the next look-up with it, or until the memory
// of the path changes.
type Match struct {
	path    string // as it was sent, without the trailing slash
	text    string // the same decoded
	ends    []int  // where the segments end in text: all of them, or one more than any rule has
	decoded []byte // the memory of text, if it is not that of path

	spans     []span // the first of them are the variables in text, the rest is scratch
	variables int
}

// Len returns the number of variables.
func (m *Match) Len() int { return m.variables }

// Var returns the decoded text of variable i, from 0 to Len()-1.
func (m *Match) Var(i int) string {
	v := m.spans[:m.variables][i]
	return m.text[v.begin:v.end]
}

// Clone returns the variables as a Match that needs the path no longer.
func (m *Match) Clone() Match {
	return Match{
		path: strings.Clone(m.path), text: strings.Clone(m.text),
		spans: slices.Clone(m.spans[:m.variables]), variables: m.variables,
	}
}

// Int returns the value of variable i, which must be of type [Int].
func (m *Match) Int(i int) int64 {
	value, _ := leadingInt(m.Var(i))
	return value
}

// Float returns the value of variable i, which must be of type [Float] or [Int]. It is rounded as
// [strconv.ParseFloat] does.
func (m *Match) Float(i int) float64 {
	value, _ := strconv.ParseFloat(m.Var(i), 64)
	return value
}

// Offset returns at which byte of the path variable i begins, where it is len(m.Var(i)) bytes long, or -1 if it has an
// escape there, so that its text is not in the path.
func (m *Match) Offset(i int) int {
	v := m.spans[:m.variables][i]
	if len(m.path) == len(m.text) {
		return v.begin
	}
	at := 0
	for range v.begin {
		if m.path[at] == '%' {
			at += 2
		}
		at++
	}
	if strings.IndexByte(m.path[at:at+v.end-v.begin], '%') >= 0 {
		return -1
	}
	return at
}

// split sets ends to the ends of the first segments of text, at most most of them.
func (m *Match) split(most int) {
	ends := m.ends[:0]
	text := m.text
	for i := 1; i < len(text) && len(ends) < most; i++ {
		if text[i] == '/' {
			ends = append(ends, i)
		}
	}
	if len(text) > 0 && len(ends) < most {
		ends = append(ends, len(text))
	}
	m.ends = ends
}

// decode sets text to path without its escapes, and ends as split does, by the slashes that path has unescaped. It
// reports whether the escapes are well formed and none of them is a NUL.
func (m *Match) decode(most int) bool {
	path := m.path
	m.decoded = slices.Grow(m.decoded[:0], len(path))
	m.ends = m.ends[:0]
	text := m.decoded
	for i := 0; i < len(path); i++ {
		c := path[i]
		switch {
		case c == '/' && i > 0 && len(m.ends) < most:
			m.ends = append(m.ends, len(text))
		case c == '%':
			if len(path)-i < 3 {
				return false
			}
			high, low := unhex(path[i+1]), unhex(path[i+2])
			if high|low > 15 || high|low == 0 {
				return false
			}
			c = high<<4 | low
			i += 2
		}
		text = append(text, c)
	}
	if len(m.ends) < most {
		m.ends = append(m.ends, len(text))
	}
	m.text = unsafe.String(unsafe.SliceData(text), len(text))
	return true
}

// unhex returns the value of a hexadecimal digit, or 255 for any other byte.
func unhex(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10
	}
	return 255
}
