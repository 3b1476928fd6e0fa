package microroute

import (
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// listen listens on an address as net.Listen does, but knows no names of hosts besides localhost, nor of services besides
// http and https. To look up others takes a resolver, a sixteenth of a small program, for something few servers do. Those
// that do give what net.Listen returns to StartOn.
func listen(network, address string) (net.Listener, error) {
	if path, ok := strings.CutPrefix(address, "unix:"); ok {
		network, address = "unix", path
	}
	if network == "unix" {
		return net.ListenUnix(network, &net.UnixAddr{Name: address, Net: network})
	}
	addr, err := tcpAddr(network, address)
	if err != nil {
		return nil, &net.OpError{Op: "listen", Net: network, Err: err}
	}
	return net.ListenTCP(network, addr)
}

func tcpAddr(network, address string) (*net.TCPAddr, error) {
	host, service, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	ip, ok := hostAddr(network, host)
	if !ok {
		return nil, &net.AddrError{Err: "not an IP address: use one, or StartOn with a listener", Addr: host}
	}
	port, ok := portNumber(service)
	if !ok {
		return nil, &net.AddrError{Err: "invalid port", Addr: service}
	}
	return net.TCPAddrFromAddrPort(netip.AddrPortFrom(ip, port)), nil
}

// hostAddr returns the address of a host; for "" the zero Addr, which stands for all of this machine's.
func hostAddr(network, host string) (ip netip.Addr, ok bool) {
	switch {
	case host == "":
		return netip.Addr{}, true
	case host == "localhost" && network == "tcp6":
		return netip.IPv6Loopback(), true
	case host == "localhost":
		return netip.AddrFrom4([4]byte{127, 0, 0, 1}), true
	}
	ip, err := netip.ParseAddr(host)
	return ip, err == nil
}

// portNumber returns the port of a service; for "" 0, which lets the operating system choose one.
func portNumber(service string) (port uint16, ok bool) {
	switch service {
	case "":
		return 0, true
	case "http":
		return 80, true
	case "https":
		return 443, true
	}
	n, err := strconv.ParseUint(service, 10, 16)
	return uint16(n), err == nil
}
