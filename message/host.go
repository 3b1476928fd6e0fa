package message

import "strings"

// Hostname returns a host without its port, the brackets of an IPv6 address and the dot at the end of a name: what two hosts
// are compared by, without regard to case (RFC 3986 section 3.2.2).
func Hostname(host string) string {
	if inside, ok := strings.CutPrefix(host, "["); ok {
		address, _, _ := strings.Cut(inside, "]")
		return address
	}
	name, _, _ := strings.Cut(host, ":")
	return strings.TrimSuffix(name, ".")
}
