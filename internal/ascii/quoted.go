package ascii

import "strings"

// MemberEnd returns the offset of the first comma of a list that is outside quotes, or its length (RFC 9110 section 5.6.1). A
// quote that is not closed has all that follows in it.
func MemberEnd(list string) int {
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

// WordLen returns the length of the token, or of the quoted string with its quotes, at the start of s: the value of a parameter
// (RFC 9110 section 5.6.6). It is 0 if there is neither, or if the quoted string is malformed or has no end.
func WordLen(s string) int {
	if strings.HasPrefix(s, `"`) {
		return quotedLen(s)
	}
	return TokenLen(s)
}

// quotedLen is WordLen for a quoted string (RFC 9110 section 5.6.4).
func quotedLen(s string) int {
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return i + 1
		case c == '\\':
			i++
			if i == len(s) || ValueLen(s[i:i+1]) == 0 {
				return 0
			}
		case ValueLen(s[i:i+1]) == 0:
			return 0
		}
	}
	return 0
}

// Unquote returns what a word stands for: a token itself, a quoted string without quotes and backslashes. It allocates only if
// there are backslashes.
func Unquote(word string) string {
	if !strings.HasPrefix(word, `"`) {
		return word
	}
	word = word[1 : len(word)-1]
	if strings.IndexByte(word, '\\') < 0 {
		return word
	}
	b := make([]byte, 0, len(word))
	for i := 0; i < len(word); i++ {
		if word[i] == '\\' {
			i++
		}
		b = append(b, word[i])
	}
	return string(b)
}
