package http1

import (
	"bytes"
	"strings"

	"github.com/microroute/microroute/internal/ascii"
	"github.com/microroute/microroute/message"
)

// requestLine reads buf[start:end] (RFC 9112 section 3): a method, a target and a version, with one space between them.
func (p *Parser) requestLine(buf []byte, start, end int, h *Head) error {
	line := buf[start:end]
	method, target, err := p.cutRequestLine(line)
	if err != nil {
		return err
	}
	if target == len(line) {
		return errRequestLine
	}
	if h.Proto, err = version(line[target+1:]); err != nil {
		return err
	}
	p.proto10 = h.Proto == "HTTP/1.0"
	if h.Method = message.KnownMethod(line[:method]); h.Method == "" {
		h.Method = string(line[:method])
	}
	t := message.Target{Start: start + method + 1, End: start + target}
	if !splitTarget(buf, &t, h.Method) {
		return errTarget
	}
	h.SetTarget(t)
	return nil
}

// cutRequestLine returns where the method and the target at the start of line end, len(line) if that is not there yet.
func (p *Parser) cutRequestLine(line []byte) (method, target int, err error) {
	method = ascii.TokenLen(line)
	switch {
	case method > maxMethod:
		return 0, 0, errMethod
	case method == len(line):
		return method, method, nil
	case method == 0 || line[method] != ' ':
		return 0, 0, errMethod
	}
	n := ascii.TargetLen(line[method+1:])
	target = method + 1 + n
	switch {
	case p.over(p.Limits.Target, n):
		return 0, 0, errTargetLong
	case target < len(line) && (n == 0 || line[target] != ' '):
		return 0, 0, errRequestLine
	}
	return method, target, nil
}

// version reads an HTTP version (RFC 9112 section 2.3). A minor version beyond 1 is treated as 1 (RFC 9110 section 2.5).
func version(v []byte) (string, error) {
	const like = "HTTP/1.1"
	if len(v) != len(like) || string(v[:5]) != "HTTP/" || v[6] != '.' || !ascii.IsDigit(v[5]) || !ascii.IsDigit(v[7]) {
		return "", errVersionText
	}
	switch {
	case v[5] != '1':
		return "", errVersion
	case v[7] == '0':
		return "HTTP/1.0", nil
	}
	return "HTTP/1.1", nil
}

// splitTarget finds the parts of buf[t.Start:t.End], which must have one of the four forms of RFC 9112 section 3.2.
func splitTarget(buf []byte, t *message.Target, method string) bool {
	target := buf[t.Start:t.End]
	path := t.Start
	switch {
	case method == message.MethodConnect: // authority-form
		t.AuthorityStart, t.AuthorityEnd = t.Start, t.End
		return validHost(target) && hasPort(target)
	case len(target) == 1 && target[0] == '*': // asterisk-form
		t.PathStart, t.PathEnd = t.Start, t.End
		return method == message.MethodOptions
	case target[0] != '/': // absolute-form
		scheme := schemeLen(target)
		if scheme == 0 {
			return false
		}
		t.AuthorityStart = t.Start + scheme
		n := bytes.IndexAny(target[scheme:], "/?#")
		if n < 0 {
			n = len(target) - scheme
		}
		t.AuthorityEnd = t.AuthorityStart + n
		if n == 0 || !validHost(buf[t.AuthorityStart:t.AuthorityEnd]) {
			return false
		}
		path = t.AuthorityEnd
	}
	t.PathStart, t.PathEnd = path, t.End
	t.QueryStart, t.QueryEnd = t.End, t.End
	if i := bytes.IndexByte(buf[path:t.End], '?'); i >= 0 {
		t.PathEnd, t.QueryStart = path+i, path+i+1
	}
	return validPath(buf[t.PathStart:t.PathEnd]) && bytes.IndexByte(buf[t.QueryStart:t.QueryEnd], '#') < 0
}

// schemeLen returns the length of "http://" or "https://" at the start of target, 0 if neither is there.
func schemeLen(target []byte) int {
	for _, scheme := range [...]string{"http://", "https://"} {
		if len(target) >= len(scheme) && ascii.EqualFold(target[:len(scheme)], scheme) {
			return len(scheme)
		}
	}
	return 0
}

// validPath reports whether the escapes of a path are complete and none of them is a NUL, and no fragment follows.
// Characters that a URI should have escaped, such as '|', are let through: browsers send them.
func validPath(path []byte) bool {
	if bytes.IndexByte(path, '#') >= 0 {
		return false
	}
	for {
		i := bytes.IndexByte(path, '%')
		if i < 0 {
			return true
		}
		if !validEscape(path[i:]) || path[i+1] == '0' && path[i+2] == '0' {
			return false
		}
		path = path[i+3:]
	}
}

// validEscape reports whether s begins with a pct-encoded triplet (RFC 3986 section 2.1).
func validEscape(s []byte) bool {
	if len(s) < 3 || s[0] != '%' {
		return false
	}
	_, ok1 := ascii.Hex(s[1])
	_, ok2 := ascii.Hex(s[2])
	return ok1 && ok2
}

// validHost reports whether s is a uri-host and an optional port (RFC 9110 section 7.2, RFC 3986 section 3.2.2). It may be
// empty.
func validHost(s []byte) bool {
	if len(s) > 0 && s[0] == '[' {
		end := bytes.IndexByte(s, ']')
		return end > 0 && (validIPv6(string(s[1:end])) || validIPvFuture(s[1:end])) && validPort(s[end+1:])
	}
	for i := 0; ; i += 3 {
		i += ascii.HostLen(s[i:])
		switch {
		case i == len(s):
			return true
		case s[i] == ':':
			return i > 0 && validPort(s[i:])
		case !validEscape(s[i:]) || s[i+1] == '0' && s[i+2] == '0':
			return false
		}
	}
}

// validPort reports whether s is empty, or a colon and the digits of a port. The digits may be missing.
func validPort(s []byte) bool {
	if len(s) < 2 {
		return len(s) == 0 || s[0] == ':'
	}
	port, ok := ascii.Uint(s[1:])
	return s[0] == ':' && ok && port <= 65535
}

// hasPort reports whether a valid host ends with a port that is not empty, as that of a CONNECT must (RFC 9110 section
// 9.3.6).
func hasPort(host []byte) bool {
	colon := bytes.LastIndexByte(host, ':')
	return colon > bytes.LastIndexByte(host, ']') && colon+1 < len(host)
}

// validIPvFuture reports whether s is an IPvFuture of RFC 3986: "v1.…".
func validIPvFuture(s []byte) bool {
	version, rest, dot := bytes.Cut(s, []byte{'.'})
	if !dot || len(version) < 2 || ascii.Lower(version[0]) != 'v' || len(rest) == 0 {
		return false
	}
	for _, c := range version[1:] {
		if _, ok := ascii.Hex(c); !ok {
			return false
		}
	}
	for {
		n := ascii.HostLen(rest)
		if n == len(rest) {
			return true
		}
		if rest[n] != ':' {
			return false
		}
		rest = rest[n+1:]
	}
}

// validIPv6 reports whether s is an IPv6 address: eight groups of hexadecimal digits, the last two perhaps as an IPv4
// address, one run of zero groups perhaps left out.
func validIPv6(s string) bool {
	groups := 0
	s, gap := strings.CutPrefix(s, "::")
	for more := s != ""; more; {
		var group string
		group, s, more = strings.Cut(s, ":")
		switch {
		case validGroup(group):
			groups++
		case !more && validIPv4(group):
			groups += 2
		default:
			return false
		}
		if strings.HasPrefix(s, ":") {
			if gap {
				return false
			}
			s, gap = s[1:], true
			more = s != ""
		}
	}
	return groups == 8 && !gap || groups < 8 && gap
}

// validGroup reports whether s is one to four hexadecimal digits.
func validGroup(s string) bool {
	for i := range len(s) {
		if _, ok := ascii.Hex(s[i]); !ok {
			return false
		}
	}
	return 1 <= len(s) && len(s) <= 4
}

// validIPv4 reports whether s is four numbers up to 255 without leading zeros.
func validIPv4(s string) bool {
	parts := 0
	for more := true; more; parts++ {
		var part string
		part, s, more = strings.Cut(s, ".")
		n, ok := ascii.Uint(part)
		if !ok || n > 255 || len(part) > 1 && part[0] == '0' {
			return false
		}
	}
	return parts == 4
}
