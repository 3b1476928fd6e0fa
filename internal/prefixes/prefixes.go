// Package prefixes holds a set of IP addresses, such as those of the proxies that a server believes. It knows nothing of
// proxies.
package prefixes

import (
	"fmt"
	"net/netip"
)

// Set is the addresses of some prefixes. It may be shared. The zero Set is empty.
type Set []netip.Prefix

// New returns the Set of the addresses with one of the prefixes. That of IPv4 addresses within IPv6 (::ffff:10.0.0.0/104) is
// taken for that of IPv4 addresses. It fails if a prefix is not valid, the zero Prefix for one.
func New(prefixes []netip.Prefix) (Set, error) {
	const mapped = 96 // bits before the IPv4 address
	var s Set
	for _, p := range prefixes {
		switch {
		case !p.IsValid():
			return nil, fmt.Errorf("%v is no prefix", p)
		case p.Addr().Is4In6() && p.Bits() >= mapped:
			p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-mapped)
		}
		s = append(s, p)
	}
	return s, nil
}

// Contains reports whether a, in whatever zone, is in the Set. IPv4 addresses within IPv6 are IPv4 addresses.
func (s Set) Contains(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	for _, p := range s {
		if p.Contains(a) {
			return true
		}
	}
	return false
}
