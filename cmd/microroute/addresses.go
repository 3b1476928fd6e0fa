package main

import (
	"net"
	"net/netip"
	"slices"
	"strconv"
)

// urls returns where a server that listens on addr is found: from this machine, "" if only by its network address; and from
// others, none if they cannot reach it. The first of those is the most likely.
func urls(scheme string, addr net.Addr) (local string, network []string) {
	listening, err := netip.ParseAddrPort(addr.String())
	if err != nil {
		return scheme + "://" + addr.String() + "/", nil
	}
	of := func(host string) string {
		return scheme + "://" + net.JoinHostPort(host, strconv.Itoa(int(listening.Port()))) + "/"
	}
	switch ip := listening.Addr(); {
	case ip.IsUnspecified():
		for _, reachable := range localAddrs() {
			if !ip.Is4() || reachable.Is4() {
				network = append(network, of(reachable.String()))
			}
		}
		return of("localhost"), network
	case ip.IsLoopback():
		return of(ip.String()), nil
	default:
		return "", []string{of(ip.String())}
	}
}

// localAddrs returns the addresses by which others may reach this machine: not those that mean something on one link only.
// First comes the one that packets for the world come from, then IPv4, which is the shorter to type.
func localAddrs() (addrs []netip.Addr) {
	all, err := net.InterfaceAddrs()
	if err != nil {
		return nil // nothing to show, then
	}
	for _, one := range all {
		if prefix, err := netip.ParsePrefix(one.String()); err == nil && prefix.Addr().IsGlobalUnicast() {
			addrs = append(addrs, prefix.Addr())
		}
	}
	preferred := outward()
	rank := func(ip netip.Addr) int {
		switch {
		case ip == preferred:
			return 0
		case ip.Is4():
			return 1
		}
		return 2
	}
	slices.SortStableFunc(addrs, func(a, b netip.Addr) int { return rank(a) - rank(b) })
	return addrs
}

// outward returns the address that this machine would send from to a host far away; the zero Addr if it cannot. Nothing is
// sent: a datagram socket only looks up its route. The host is one of those for documentation (RFC 5737).
func outward() netip.Addr {
	conn, err := net.Dial("udp4", "192.0.2.1:9")
	if err != nil {
		return netip.Addr{}
	}
	defer conn.Close()
	addr, _ := netip.ParseAddrPort(conn.LocalAddr().String())
	return addr.Addr()
}
