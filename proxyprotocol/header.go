package proxyprotocol

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
)

// Header is what a proxy tells of a connection. It may be shared.
type Header struct {
	Version int // of the protocol, 1 or 2

	// Source is the client's address, Destination the one it has connected to: both a *net.TCPAddr, with IPv4 addresses in
	// their own form, or both a *net.UnixAddr. They are nil if the proxy names none: the connection is its own, for a health
	// check (LOCAL), or of a kind that it has no word for (UNKNOWN and UNSPEC).
	Source, Destination net.Addr

	values []byte // of version 2, each with its type and length
}

// ErrMalformed is wrapped by the errors of ReadHeader about octets that are no header.
var ErrMalformed = errors.New("proxyprotocol: malformed header")

func malformed(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrMalformed, fmt.Sprintf(format, args...))
}

// ReadHeader reads a header of either version from r, and not one octet more. It fails as soon as the octets are no header,
// with an error that wraps ErrMalformed, or with that of r: io.EOF if nothing has come, io.ErrUnexpectedEOF if not all has.
func ReadHeader(r io.Reader) (*Header, error) {
	b := make([]byte, 0, usualLength)
	for {
		n, err := missing(b)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			return parse(b)
		}
		b = slices.Grow(b, n)
		n, err = io.ReadAtLeast(r, b[len(b):len(b)+n], 1)
		b = b[:len(b)+n]
		if err == io.EOF && len(b) > 0 {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return nil, err
		}
	}
}

const (
	shortestLength = len("PROXY UNKNOWN\r\n")
	usualLength    = fixedLength + 2*unixLength // of the longest without values
)

// missing returns for how many octets at least a header goes on that begins with b, 0 if it is complete. As the line of
// version 1 does not say how long it is, more may be missing after that many.
func missing(b []byte) (int, error) {
	switch {
	case len(b) == 0:
		return shortestLength, nil
	case begins(b, "PROXY "):
		return missingV1(b)
	case begins(b, signature):
		return missingV2(b)
	}
	return 0, malformed("it begins with %q", b)
}

// begins reports whether b begins with the octets of text, as far as both go.
func begins(b []byte, text string) bool {
	n := min(len(b), len(text))
	return string(b[:n]) == text[:n]
}

// parse parses a header from which nothing is missing.
func parse(b []byte) (*Header, error) {
	if begins(b, signature) {
		return parseV2(b)
	}
	return parseV1(string(b))
}

// Value returns the first value of a type, a PP2_TYPE of section 2.2 or one of your proxy's own, such as 0xEA for the VPC
// endpoint of AWS; false if there is none. It is shared and must not be changed.
func (h *Header) Value(kind byte) ([]byte, bool) { return find(h.values, kind) }

// find returns the first value of a type in a list of well-formed values.
func find(values []byte, kind byte) ([]byte, bool) {
	for len(values) > 0 {
		k, value, rest, _ := cutValue(values)
		if k == kind {
			return value, true
		}
		values = rest
	}
	return nil, false
}

// cutValue splits the first value off b: a type, a length in two octets, and as many octets (section 2.2).
func cutValue(b []byte) (kind byte, value, rest []byte, ok bool) {
	if len(b) < 3 {
		return 0, nil, nil, false
	}
	kind, end := b[0], 3+int(binary.BigEndian.Uint16(b[1:]))
	if end > len(b) {
		return 0, nil, nil, false
	}
	return kind, b[3:end:end], b[end:], true
}

// The types of values (section 2.2), and those within that of TLS (section 2.2.6).
const (
	typeALPN      = 0x01
	typeAuthority = 0x02
	typeCRC32C    = 0x03
	typeUniqueID  = 0x05
	typeTLS       = 0x20

	typeTLSVersion = 0x21
	typeTLSName    = 0x22
	typeTLSCipher  = 0x23
)

// ALPN returns the protocol that client and proxy have agreed on in their TLS handshake, such as "h2"; "" if it is not told.
func (h *Header) ALPN() string { return text(h.values, typeALPN) }

// Authority returns the name of the host that the client has asked for, that of its TLS handshake (SNI) if there was one; ""
// if it is not told. The proxy has it from the client as it is, whatever octets that are.
func (h *Header) Authority() string { return text(h.values, typeAuthority) }

// UniqueID returns the proxy's identifier of the connection, up to 128 octets of any kind; nil if there is none. It is shared
// and must not be changed.
func (h *Header) UniqueID() []byte {
	id, _ := h.Value(typeUniqueID)
	return id
}

// text returns a value as a string, "" if there is none.
func text(values []byte, kind byte) string {
	value, _ := find(values, kind)
	return string(value)
}

// TLS is what a proxy tells of TLS that ends with it. The words are OpenSSL's for most proxies.
type TLS struct {
	Version string // "TLSv1.3"
	Cipher  string // "TLS_AES_256_GCM_SHA384"; "" if it is not told
	// Verified says that the client has shown a certificate, now or when its TLS session began, and that the proxy has
	// verified it.
	Verified bool
	// CommonName is that of the certificate's subject, "" if it is not told, or not Verified.
	CommonName string
}

// The bits of the first octet of the value about TLS (section 2.2.6).
const (
	clientTLS         = 0x01
	clientCertificate = 0x02 | 0x04 // on this connection, or on one of the same session
)

// tlsFixed is how long the value about TLS is without the values within: the bits, and what the verification has resulted in.
const tlsFixed = 5

// TLS returns what the proxy tells of the TLS connection between the client and itself, nil if it tells of none.
func (h *Header) TLS() *TLS {
	value, ok := h.Value(typeTLS)
	if !ok || value[0]&clientTLS == 0 {
		return nil
	}
	result, within := binary.BigEndian.Uint32(value[1:]), value[tlsFixed:]
	t := &TLS{
		Version:  text(within, typeTLSVersion),
		Cipher:   text(within, typeTLSCipher),
		Verified: value[0]&clientCertificate != 0 && result == 0,
	}
	if t.Verified {
		t.CommonName = text(within, typeTLSName)
	}
	return t
}
