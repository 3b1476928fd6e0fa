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
			end := ascii.MemberEnd(list)
			if member := ascii.TrimOWS(list[:end]); member != "" && !yield(member) {
				return
			}
			list = list[min(end+1, len(list)):]
		}
	}
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
	end = ascii.WordLen(s)
	return name, s[:end], s[end:], end > 0
}
