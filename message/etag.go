package message

import "strings"

// ValidETag reports whether s is an entity tag as it stands in an ETag field: quotes, what is between them, and before
// them W/ if the tag is weak (RFC 9110 section 8.8.3).
//
//	"1a2b"     W/"1a2b"     ""
func ValidETag(s string) bool {
	_, rest, ok := cutETag(s)
	return ok && rest == ""
}

// cutETag splits the entity tag off the start of s. There are no escapes in it: a backslash is one, and a quote ends
// it.
func cutETag(s string) (tag, rest string, ok bool) {
	start := len(s) - len(strings.TrimPrefix(s, "W/")) // no w/: it is case-sensitive
	if start == len(s) || s[start] != '"' {
		return "", s, false
	}
	for i := start + 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return s[:i+1], s[i+1:], true
		case c <= ' ' || c == 0x7f:
			return "", s, false
		}
	}
	return "", s, false
}

// sameStrong is the strong comparison of RFC 9110 section 8.8.3.2: both the same and neither weak.
func sameStrong(a, b string) bool { return a == b && !strings.HasPrefix(a, "W/") }

// sameWeak is the weak comparison of RFC 9110 section 8.8.3.2: the same whether or not one is weak.
func sameWeak(a, b string) bool { return strings.TrimPrefix(a, "W/") == strings.TrimPrefix(b, "W/") }

// listsETag reports whether tag is, by the comparison same, a member of the list of entity tags that the lines of a
// field make together. One malformed member spoils the list: it then has no member at all.
func listsETag(lines []string, tag string, same func(a, b string) bool) bool {
	found := false
	for _, rest := range lines {
		for {
			rest = strings.TrimLeft(rest, " \t,")
			if rest == "" {
				break
			}
			member, after, ok := cutETag(rest)
			after = strings.TrimLeft(after, " \t")
			if !ok || after != "" && after[0] != ',' {
				return false
			}
			found = found || same(member, tag)
			rest = after
		}
	}
	return found
}
