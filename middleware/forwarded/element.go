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
	n := ascii.WordLen(s)
	return ascii.Unquote(s[:n]), s[n:], n > 0
}
