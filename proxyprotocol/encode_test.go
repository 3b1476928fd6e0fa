package proxyprotocol_test

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"net"
	"strings"
	"testing"

	"github.com/microroute/microroute/proxyprotocol"
)

// The octets behind the signature: LOCAL or PROXY, and the families.
const (
	local = 0x20
	proxy = 0x21

	unspecified  = 0x00
	tcp4         = 0x11
	udp4         = 0x12
	tcp6         = 0x21
	udp6         = 0x22
	unixStream   = 0x31
	unixDatagram = 0x32
)

const signature = "\r\n\r\n\x00\r\nQUIT\n"

// v2 returns a header of version 2.
func v2(command, family byte, parts ...string) string {
	rest := strings.Join(parts, "")
	b := append([]byte(signature), command, family)
	b = binary.BigEndian.AppendUint16(b, uint16(len(rest)))
	return string(b) + rest
}

// value returns a value with its type and length.
func value(kind byte, text string) string {
	b := binary.BigEndian.AppendUint16([]byte{kind}, uint16(len(text)))
	return string(b) + text
}

// crc0 is a checksum that is still to be made.
var crc0 = value(0x03, "\x00\x00\x00\x00")

// summed returns a header with the checksum for the zeros that stand at the offset at.
func summed(header string, at int) string {
	sum := crc32.Checksum([]byte(header), crc32.MakeTable(crc32.Castagnoli))
	return header[:at] + string(binary.BigEndian.AppendUint32(nil, sum)) + header[at+4:]
}

// summedLast returns a header that ends with crc0 with its checksum.
func summedLast(header string) string { return summed(header, len(header)-4) }

// encodeV1 returns the line of version 1 for a header.
func encodeV1(h *proxyprotocol.Header) string {
	source, ok := h.Source.(*net.TCPAddr)
	if !ok {
		return "PROXY UNKNOWN\r\n"
	}
	destination := h.Destination.(*net.TCPAddr)
	word, from, to := "TCP4", source.IP.String(), destination.IP.String()
	if source.IP.To4() == nil || destination.IP.To4() == nil {
		word, from, to = "TCP6", ip6(source.IP), ip6(destination.IP)
	}
	return fmt.Sprintf("PROXY %s %s %s %d %d\r\n", word, from, to, source.Port, destination.Port)
}

// ip6 returns an address as IPv6, IPv4 within it.
func ip6(ip net.IP) string {
	if ip.To4() != nil {
		return "::ffff:" + ip.String()
	}
	return ip.String()
}

// encodeV2 returns a header of version 2 for one without values.
func encodeV2(h *proxyprotocol.Header) string {
	switch source := h.Source.(type) {
	case *net.TCPAddr:
		destination := h.Destination.(*net.TCPAddr)
		ports := binary.BigEndian.AppendUint16(nil, uint16(source.Port))
		ports = binary.BigEndian.AppendUint16(ports, uint16(destination.Port))
		if from, to := source.IP.To4(), destination.IP.To4(); from != nil && to != nil {
			return v2(proxy, tcp4, string(from), string(to), string(ports))
		}
		return v2(proxy, tcp6, string(source.IP.To16()), string(destination.IP.To16()), string(ports))
	case *net.UnixAddr:
		return v2(proxy, unixStream, unixPath(source.Name), unixPath(h.Destination.(*net.UnixAddr).Name))
	}
	return v2(local, unspecified)
}

// unixPath returns a path as it stands in a header.
func unixPath(name string) string {
	if strings.HasPrefix(name, "@") && name != "@" { // that is a path: abstract names are not empty
		name = "\x00" + name[1:]
	}
	return name + strings.Repeat("\x00", 108-len(name))
}

// addresses returns what a header names, to be compared.
func addresses(h *proxyprotocol.Header) string { return text(h.Source) + " " + text(h.Destination) }

func text(a net.Addr) string {
	if a, ok := a.(*net.TCPAddr); ok {
		return a.AddrPort().String() // tells IPv4 within IPv6 from IPv4
	}
	return fmt.Sprint(a)
}

func TestEncode(t *testing.T) {
	h := &proxyprotocol.Header{Source: tcp("192.168.0.1:56324"), Destination: tcp("192.168.0.11:443")}
	if got, want := encodeV1(h), "PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	const want = signature + "\x21\x11\x00\x0c\xc0\xa8\x00\x01\xc0\xa8\x00\x0b\xdc\x04\x01\xbb"
	if got := encodeV2(h); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func tcp(text string) *net.TCPAddr {
	address, err := net.ResolveTCPAddr("tcp", text)
	if err != nil {
		panic(err)
	}
	return address
}
