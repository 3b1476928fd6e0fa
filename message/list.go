package message

import (
	"iter"
	"strings"

	"github.com/microroute/microroute/internal/ascii"
)

// elements yields the members of a comma-separated list without the white space around them, leaving empty ones out
// (RFC 9110 section 5.6.1). A comma inside a quoted string separates nothing.
func elements(list string) iter.Seq[string] {
	return func(yield func(member string) bool) {
		for list != "" {
			end := memberEnd(list)
			if member := ascii.TrimOWS(list[:end]); member != "" && !yield(member) {
				return
			}
			list = list[min(end+1, len(list)):]
		}
	}
}

// memberEnd returns the offset of the first comma of list that is outside quotes, or its length.
func memberEnd(list string) int {
	quoted := false
	for i := 0; i < len(list); i++ {
		switch list[i] {
		case ',':
			if !quoted {
				return i
			}
		case '"':
			quoted = !quoted
		case '\\':
			if quoted {
				i++
			}
		}
	}
	return len(list)
}

// cutParameter splits one parameter off the start of s, which starts with the semicolon before it, perhaps after white
// space (RFC 9110 section 5.6.6). The value is a token, or a quoted string still in its quotes; a semicolon with
// nothing after it is a parameter without a name.
func cutParameter(s string) (name, value, rest string, ok bool) {
	s, ok = strings.CutPrefix(ascii.TrimOWS(s), ";")
	if !ok {
		return "", "", s, false
	}
	s = ascii.TrimOWS(s)
	end := ascii.TokenLen(s)
	if end == 0 {
		return "", "", s, s == "" || s[0] == ';'
	}
	name = s[:end]
	s, ok = strings.CutPrefix(s[end:], "=")
	if !ok {
		return "", "", s, false
	}
	if strings.HasPrefix(s, `"`) {
		end = quotedLen(s)
	} else {
		end = ascii.TokenLen(s)
	}
	return name, s[:end], s[end:], end > 0
}

// quotedLen returns the length of the quoted string at the start of s with its quotes, 0 if it is malformed or has no
// end (RFC 9110 section 5.6.4).
func quotedLen(s string) int {
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return i + 1
		case c == '\\':
			i++
			if i == len(s) || ascii.ValueLen(s[i:i+1]) == 0 {
				return 0
			}
		case ascii.ValueLen(s[i:i+1]) == 0:
			return 0
		}
	}
	return 0
}

// unquote returns what the value of a parameter stands for: a token itself, a quoted string without quotes and
// backslashes. It allocates only if there are backslashes.
func unquote(value string) string {
	if !strings.HasPrefix(value, `"`) {
		return value
	}
	value = value[1 : len(value)-1]
	if strings.IndexByte(value, '\\') < 0 {
		return value
	}
	b := make([]byte, 0, len(value))
	for i := 0; i < len(value); i++ {
		if value[i] == '\\' {
			i++
		}
		b = append(b, value[i])
	}
	return string(b)
}
