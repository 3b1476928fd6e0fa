package forwarded

import (
	"net/netip"
	"strings"

	"github.com/microroute/microroute/internal/ascii"
)

// parseNode parses the name of a node (RFC 7239 section 6): an address, an IPv6 one in brackets, perhaps a port behind it;
// "unknown"; or a name that the proxy has given it, such as "_gateway". The address of the last two is the zero AddrPort, as
// is that of what is malformed: then ok is false. X-Forwarded-For has IPv6 addresses without brackets, too. IPv4 addresses
// are in their own form; a zone, which means something on the proxy's machine only, is left out.
func parseNode(s string) (address netip.AddrPort, ok bool) {
	name, portText := cutPort(s)
	port, ok := parsePort(portText)
	if !ok || isObscure(name) {
		return netip.AddrPort{}, ok
	}
	name, bracketed := strings.CutPrefix(name, "[")
	if bracketed {
		name, ok = strings.CutSuffix(name, "]")
	}
	name, _, zoned := strings.Cut(name, "%")
	a, err := netip.ParseAddr(name)
	if !ok || err != nil || a.Is4() && (bracketed || zoned) {
		return netip.AddrPort{}, false
	}
	return netip.AddrPortFrom(a.Unmap(), port), true
}

// cutPort splits a node before its port, which is "0" if there is none. The colons of an address are in brackets, or there
// are more than one.
func cutPort(s string) (name, port string) {
	colon := strings.LastIndexByte(s, ':')
	bare := !strings.HasPrefix(s, "[") && strings.Count(s, ":") > 1
	if bare || colon <= strings.LastIndexByte(s, ']') {
		return s, "0"
	}
	return s[:colon], s[colon+1:]
}

// parsePort parses a node-port: a number, or the proxy's word for one, which is port 0.
func parsePort(s string) (uint16, bool) {
	if isObfuscated(s) {
		return 0, true
	}
	n, ok := ascii.Uint(s)
	return uint16(n), ok && n <= 65535
}

// isObscure reports whether a nodename does not tell the address.
func isObscure(name string) bool { return ascii.EqualFold(name, "unknown") || isObfuscated(name) }

// isObfuscated reports whether s is an underscore and letters, digits, dots, underscores and hyphens (obfnode, RFC 7239
// section 6.3).
func isObfuscated(s string) bool {
	if len(s) < 2 || s[0] != '_' {
		return false
	}
	for i := range len(s) {
		c := ascii.Lower(s[i])
		if (c < 'a' || c > 'z') && !ascii.IsDigit(c) && strings.IndexByte("._-", c) < 0 {
			return false
		}
	}
	return true
}

// knownScheme returns the scheme of what a proxy calls so, "" if it is another. Some speak of WebSockets' own.
func knownScheme(s string) string {
	switch {
	case ascii.EqualFold(s, "https") || ascii.EqualFold(s, "wss"):
		return "https"
	case ascii.EqualFold(s, "http") || ascii.EqualFold(s, "ws"):
		return "http"
	}
	return ""
}

// validHost returns s if it is a host and perhaps a port as they stand in a Host field (RFC 9110 section 7.2), without
// escapes, which no name of a host has; else "".
func validHost(s string) string {
	name, port := s, "0"
	if i := strings.LastIndexByte(s, ':'); i > strings.LastIndexByte(s, ']') {
		name, port = s[:i], s[i+1:]
	}
	if n, ok := ascii.Uint(port); !ok || n > 65535 {
		return ""
	}
	if address, bracketed := strings.CutPrefix(name, "["); bracketed {
		address, closed := strings.CutSuffix(address, "]")
		a, err := netip.ParseAddr(address)
		if !closed || err != nil || !a.Is6() || a.Zone() != "" {
			return ""
		}
		return s
	}
	if name == "" || ascii.HostLen(name) < len(name) {
		return ""
	}
	return s
}
