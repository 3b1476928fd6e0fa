package forwarded

import (
	"net/netip"
	"strings"

	"github.com/microroute/microroute/internal/ascii"
)

// element is what one proxy tells of how it has got the request: a forwarded-element of RFC 7239. What it does not tell is "".
type element struct {
	node    string         // from whom
	address netip.AddrPort // of node, the zero AddrPort if it is not known
	scheme  string
	host    string
}

// parseElement parses a forwarded-element (RFC 7239 section 4), such as
//
//	for="[2001:db8::17]:4711";proto=https;host=shop.test
//
// It is the zero element if that is malformed, or has one of these parameters twice.
func parseElement(s string) (e element) {
	for {
		s = ascii.TrimOWS(s)
		switch {
		case s == "":
			return e
		case s[0] == ';':
			s = s[1:]
			continue
		}
		name := s[:ascii.TokenLen(s)]
		value, rest, ok := cutValue(s[len(name):])
		rest = ascii.TrimOWS(rest)
		if name == "" || !ok || rest != "" && rest[0] != ';' {
			return element{}
		}
		if parameter := e.parameter(name); parameter != nil {
			if *parameter != "" || value == "" {
				return element{}
			}
			*parameter = value
		}
		s = rest
	}
}

// parameter returns where the value of a parameter goes, nil if it is of no interest.
func (e *element) parameter(name string) *string {
	switch {
	case ascii.EqualFold(name, "for"):
		return &e.node
	case ascii.EqualFold(name, "proto"):
		return &e.scheme
	case ascii.EqualFold(name, "host"):
		return &e.host
	}
	return nil
}

// cutValue splits an equals sign and a value off the start of s: a token or a quoted-string, whose text it returns.
func cutValue(s string) (value, rest string, ok bool) {
	s, ok = strings.CutPrefix(s, "=")
	if !ok {
		return "", "", false
	}
	if strings.HasPrefix(s, `"`) {
		return cutQuoted(s[1:])
	}
	n := ascii.TokenLen(s)
	return s[:n], s[n:], n > 0
}

// cutQuoted splits the rest of a quoted-string off the start of s and returns its text (RFC 9110 section 5.6.4).
func cutQuoted(s string) (text, rest string, ok bool) {
	escapes := false
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '"':
			text = s[:i]
			if escapes {
				text = unescape(text)
			}
			return text, s[i+1:], true
		case '\\':
			escapes = true
			i++
		}
	}
	return "", "", false
}

// unescape returns the text of a quoted-string, each of whose backslashes stands for what is behind it.
func unescape(s string) string {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' {
			i++
		}
		b = append(b, s[i])
	}
	return string(b)
}
