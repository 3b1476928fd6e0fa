package proxyprotocol

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"net"
	"net/netip"
)

// signature is how version 2 begins (section 2.2).
const signature = "\r\n\r\n\x00\r\nQUIT\n"

const (
	fixedLength = 16  // of the signature, the command, the family and the length of what follows
	unixLength  = 108 // of an address of the family unix

	// maxLength is how many octets a header may have: enough for the certificate of a client.
	maxLength = 16 << 10
)

// The octet behind the signature: the version, 2, and the command.
const (
	commandLocal = 0x20
	commandProxy = 0x21
)

// The upper half of the next octet is the family. The lower one is the transport: unspecified, stream or datagram.
const (
	familyUnspecified = iota
	familyIPv4
	familyIPv6
	familyUnix
)

// missingV2 returns for how many octets a header goes on that begins like this.
func missingV2(b []byte) (int, error) {
	if len(b) < fixedLength {
		return fixedLength - len(b), nil
	}
	length := fixedLength + int(binary.BigEndian.Uint16(b[14:]))
	family, transport := b[13]>>4, b[13]&15
	switch {
	case b[12] != commandLocal && b[12] != commandProxy:
		return 0, malformed("version and command %#02x", b[12])
	case length > maxLength:
		return 0, malformed("%d octets", length)
	case b[12] == commandLocal: // the family does not count
	case family > familyUnix || transport > 2:
		return 0, malformed("family and transport %#02x", b[13])
	case length < fixedLength+addressLength(b[13]):
		return 0, malformed("%d octets with family and transport %#02x", length, b[13])
	}
	return length - len(b), nil
}

// addressLength returns how many octets both addresses have, with their ports; 0 if there are none that mean anything.
func addressLength(family byte) int {
	if transport := family & 15; transport == 0 {
		return 0
	}
	switch family >> 4 {
	case familyIPv4:
		return 2*net.IPv4len + 4
	case familyIPv6:
		return 2*net.IPv6len + 4
	case familyUnix:
		return 2 * unixLength
	}
	return 0
}

// parseV2 parses a header whose first 16 octets missingV2 has found in order. That of a LOCAL connection is ignored, and that
// of an unspecified family, too, whose values nobody could find: how long its addresses are is not said.
func parseV2(b []byte) (*Header, error) {
	h := &Header{Version: 2}
	length := addressLength(b[13])
	if b[12] == commandLocal || length == 0 {
		return h, nil
	}
	addresses, values := b[fixedLength:fixedLength+length], b[fixedLength+length:]
	switch b[13] >> 4 {
	case familyIPv4:
		h.setIP(addresses, net.IPv4len)
	case familyIPv6:
		h.setIP(addresses, net.IPv6len)
	case familyUnix:
		h.Source, h.Destination = unixAddr(addresses[:unixLength]), unixAddr(addresses[unixLength:])
	}
	if err := checkValues(values, b); err != nil {
		return nil, err
	}
	if len(values) > 0 {
		h.values = values
	}
	return h, nil
}

// setIP takes addresses of that many octets each, and their ports. A datagram's become a *net.TCPAddr, too: the proxy has
// made a stream of what came over QUIC.
func (h *Header) setIP(b []byte, length int) {
	source, _ := netip.AddrFromSlice(b[:length])
	destination, _ := netip.AddrFromSlice(b[length : 2*length])
	ports := b[2*length:]
	h.Source = tcpAddr(source, binary.BigEndian.Uint16(ports))
	h.Destination = tcpAddr(destination, binary.BigEndian.Uint16(ports[2:]))
}

// unixAddr returns the address of a socket: a path up to the first NUL or, if that comes first, an abstract name, which has
// an @ in its place in Go.
func unixAddr(b []byte) *net.UnixAddr {
	name, _, _ := bytes.Cut(b, []byte{0})
	if abstract := bytes.TrimRight(b, "\x00"); len(abstract) > 0 && len(name) == 0 {
		name = append([]byte{'@'}, abstract[1:]...)
	}
	return &net.UnixAddr{Name: string(name), Net: "unix"}
}

// checkValues reports whether values, the last part of a header, are well-formed, and whether its checksum, if it has one,
// is right (section 2.2.3).
func checkValues(values, header []byte) error {
	for len(values) > 0 {
		kind, value, rest, ok := cutValue(values)
		switch {
		case !ok:
			return malformed("a value that is cut off")
		case kind == typeTLS && !isTLS(value):
			return malformed("the value about TLS")
		case kind == typeCRC32C && !isSum(value, header, len(header)-len(rest)-len(value)):
			return malformed("the checksum is wrong")
		}
		values = rest
	}
	return nil
}

// isTLS reports whether a value is one about TLS: the fixed part, and well-formed values within.
func isTLS(value []byte) bool {
	if len(value) < tlsFixed {
		return false
	}
	for within := value[tlsFixed:]; len(within) > 0; {
		_, _, rest, ok := cutValue(within)
		if !ok {
			return false
		}
		within = rest
	}
	return true
}

// isSum reports whether a value is the CRC-32C of the header, in which it stands at the offset at and counts as zeros.
func isSum(value, header []byte, at int) bool {
	const size = 4
	if len(value) != size {
		return false
	}
	table := crc32.MakeTable(crc32.Castagnoli)
	sum := crc32.Update(0, table, header[:at])
	sum = crc32.Update(sum, table, make([]byte, size))
	sum = crc32.Update(sum, table, header[at+size:])
	return binary.BigEndian.Uint32(value) == sum
}
