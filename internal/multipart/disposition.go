package multipart

import (
	"strings"
	"unicode/utf8"

	"github.com/microroute/microroute/internal/ascii"
)

// parseDisposition reads the value of a Content-Disposition field (RFC 7578 section 4.2).
//
// Parameters with an asterisk (RFC 8187) are forbidden there, but there are clients that send file names twice, as
// filename and as filename*; the latter is then the right one, as in a response (RFC 6266 section 4.3).
func (p *Part) parseDisposition(value string) error {
	end := ascii.TokenLen(value)
	if !ascii.EqualFold(value[:end], "form-data") {
		return ErrDisposition
	}
	var name, extendedName, fileName, extendedFileName field
	for rest := value[end:]; rest != ""; {
		var parameter, value string
		var ok bool
		if parameter, value, rest, ok = cutParameter(rest); !ok {
			return ErrDisposition
		}
		switch {
		case ascii.EqualFold(parameter, "name"):
			ok = name.set(value)
		case ascii.EqualFold(parameter, "name*"):
			ok = extendedName.set(value)
		case ascii.EqualFold(parameter, "filename"):
			ok = fileName.set(value)
		case ascii.EqualFold(parameter, "filename*"):
			ok = extendedFileName.set(value)
		case strings.IndexByte(parameter, '*') >= 0: // a piece of a name (RFC 2231 section 3)
			ok = false
		}
		if !ok {
			return ErrDisposition
		}
	}
	if !name.extend(extendedName) || !fileName.extend(extendedFileName) || !name.given {
		return ErrDisposition
	}
	p.Name, p.FileName = name.value, fileName.value
	return nil
}

// extend replaces a parameter by its extended form, if that has been given. One that cannot be read is passed over, unless
// it is the only one.
func (f *field) extend(extended field) (ok bool) {
	if value, ok := decodeExtended(extended.value); ok {
		*f = field{value, true}
	}
	return f.given || !extended.given
}

// cutParameter splits one parameter off the start of s, which starts with the semicolon before it, perhaps after white
// space. A semicolon with nothing after it is a parameter without a name.
func cutParameter(s string) (name, value, rest string, ok bool) {
	s, ok = strings.CutPrefix(ascii.TrimOWS(s), ";")
	if !ok {
		return "", "", "", false
	}
	s = ascii.TrimOWS(s)
	end := ascii.TokenLen(s)
	if end == 0 {
		return "", "", s, s == "" || s[0] == ';'
	}
	name = s[:end]
	s, ok = strings.CutPrefix(s[end:], "=")
	if !ok {
		return "", "", "", false
	}
	if quoted, ok := strings.CutPrefix(s, `"`); ok {
		end := quotedLen(quoted)
		if end < 0 {
			return "", "", "", false
		}
		return name, unquote(quoted[:end]), quoted[end+1:], true
	}
	end = ascii.TokenLen(s)
	return name, s[:end], s[end:], end > 0
}

// quotedLen returns the offset of the quote that ends the quoted string s, -1 if there is none.
func quotedLen(s string) int {
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return i
		case isEscape(s[i:]):
			i++
		}
	}
	return -1
}

// isEscape reports whether s begins with an escaped quote or backslash. Before anything else a backslash stands for itself,
// though it would not in a quoted string elsewhere: browsers send it as it is.
func isEscape(s string) bool { return len(s) >= 2 && s[0] == '\\' && (s[1] == '"' || s[1] == '\\') }

// unquote returns what the inside of a quoted string stands for: also, the three octets that browsers send as %22, %0D and
// %0A, and only those, since a percent sign that is part of the name they leave alone (WHATWG HTML, multipart form data).
func unquote(s string) string {
	if strings.IndexByte(s, '\\') < 0 && strings.IndexByte(s, '%') < 0 {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case isEscape(s[i:]):
			i++
			b = append(b, s[i])
		case strings.HasPrefix(s[i:], "%22"), strings.HasPrefix(s[i:], "%0D"), strings.HasPrefix(s[i:], "%0A"):
			c, _ := unhex(s[i:])
			b = append(b, c)
			i += 2
		default:
			b = append(b, s[i])
		}
	}
	return string(b)
}

// decodeExtended returns what charset'language'value stands for, if it is well-formed UTF-8 (RFC 8187 section 3.2).
func decodeExtended(s string) (value string, ok bool) {
	charset, s, _ := strings.Cut(s, "'")
	_, s, ok = strings.Cut(s, "'")
	if !ok || !ascii.EqualFold(charset, "UTF-8") {
		return "", false
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '%' {
			if c, ok = unhex(s[i:]); !ok {
				return "", false
			}
			i += 2
		}
		b = append(b, c)
	}
	return string(b), utf8.Valid(b)
}

// unhex returns the octet that s begins with: a percent sign and two hexadecimal digits.
func unhex(s string) (c byte, ok bool) {
	if len(s) < 3 {
		return 0, false
	}
	high, ok := ascii.Hex(s[1])
	low, alsoOK := ascii.Hex(s[2])
	return high<<4 | low, ok && alsoOK
}
