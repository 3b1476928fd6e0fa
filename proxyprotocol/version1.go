package proxyprotocol

import (
	"bytes"
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// maxLine is how many octets the line of version 1 has at most, CRLF included (section 2.1).
const maxLine = 107

// missingV1 returns for how many octets at least a line goes on that begins like this. CR and LF end it together, and stand
// nowhere else.
func missingV1(line []byte) (int, error) {
	end := bytes.IndexAny(line, "\r\n")
	if end < 0 {
		return leastV1(line)
	}
	switch ending := string(line[end:]); {
	case ending == "\r\n":
		return 0, nil
	case ending == "\r" && len(line) < maxLine:
		return len("\n"), nil
	}
	return 0, malformed("CR and LF apart in %q", line)
}

// leastV1 returns for how many octets at least a line goes on that has not ended. For the sake of who reads the socket next
// it must not be one too many, and to read octet by octet would be slow, so it counts what cannot be left out. Of
//
//	PROXY TCP4 192.168.0.1 192.168.0.11 56
//
// a space, a digit and CRLF are still to come: 4 octets.
func leastV1(line []byte) (int, error) {
	switch {
	case len(line) > maxLine-len("\r\n"):
		return 0, malformed("no CRLF in %q", line)
	case len(line) < shortestLength:
		return shortestLength - len(line), nil
	case begins(line, unknown):
		return len("\r\n"), nil
	}
	spaces := 5 - bytes.Count(line, []byte(" "))
	if spaces < 0 {
		return 0, malformed("too many spaces in %q", line)
	}
	n := len(" x")*spaces + len("\r\n")
	if line[len(line)-1] == ' ' {
		n += len("x")
	}
	return n, nil
}

const unknown = "PROXY UNKNOWN"

// parseV1 parses a line.
func parseV1(line string) (*Header, error) {
	h := &Header{Version: 1}
	line = strings.TrimSuffix(line, "\r\n")
	if line == unknown || strings.HasPrefix(line, unknown+" ") {
		return h, nil
	}
	words := strings.Split(line, " ")
	if len(words) != 6 || words[1] != "TCP4" && words[1] != "TCP6" {
		return nil, malformed("%q", line)
	}
	is4 := words[1] == "TCP4"
	source, ok1 := addrV1(words[2], words[4], is4)
	destination, ok2 := addrV1(words[3], words[5], is4)
	if !ok1 || !ok2 {
		return nil, malformed("%q", line)
	}
	h.Source, h.Destination = source, destination
	return h, nil
}

// addrV1 returns an address, and false if it is not one of the family, or if it has leading zeros, which others might take
// for octal numbers.
func addrV1(address, port string, is4 bool) (*net.TCPAddr, bool) {
	a, err := netip.ParseAddr(address)
	if err != nil || a.Is4() != is4 || a.Zone() != "" {
		return nil, false
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || len(port) > 1 && port[0] == '0' {
		return nil, false
	}
	return tcpAddr(a, uint16(n)), true
}

// tcpAddr returns an address, IPv4 in its own form.
func tcpAddr(a netip.Addr, port uint16) *net.TCPAddr {
	return net.TCPAddrFromAddrPort(netip.AddrPortFrom(a.Unmap(), port))
}
