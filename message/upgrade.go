package message

import (
	"strings"

	"github.com/microroute/microroute/internal/ascii"
)

// Upgrade returns the protocol that h, the fields of a request, offers to change to and that is the one called protocol,
// as the client spells it; "" if there is none. The offer is a member of the Upgrade field, and counts only if the
// Connection field has the option upgrade (RFC 9110 section 7.8). Names are compared without regard to case. A protocol
// without a version, "websocket", is offered by every version of it; one with a version, "IRC/6.9", by that one only.
func Upgrade(h *Header, protocol string) string {
	if !hasMember(h, "Connection", func(option string) bool { return ascii.EqualFold(option, "upgrade") }) {
		return ""
	}
	offer := ""
	hasMember(h, "Upgrade", func(member string) bool {
		if !isProtocol(member, protocol) {
			return false
		}
		offer = member
		return true
	})
	return offer
}

// hasMember reports whether a field called name has a member in its list that fits.
func hasMember(h *Header, name string, fits func(member string) bool) bool {
	for n, value := range h.All() {
		if !ascii.EqualFold(n, name) {
			continue
		}
		for member := range elements(value) {
			if fits(member) {
				return true
			}
		}
	}
	return false
}

// isProtocol reports whether member is protocol-name ["/" protocol-version] and means protocol.
func isProtocol(member, protocol string) bool {
	name, version, versioned := strings.Cut(member, "/")
	if !ascii.IsToken(name) || versioned && !ascii.IsToken(version) {
		return false
	}
	return ascii.EqualFold(name, protocol) || ascii.EqualFold(member, protocol)
}
