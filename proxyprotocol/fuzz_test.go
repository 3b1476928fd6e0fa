package proxyprotocol_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/microroute/microroute/proxyprotocol"
)

// FuzzReadHeader: whatever comes, reading a header does not panic, and takes not one octet from what follows it, which a
// header cut short by one octet shows: it is not complete. How the octets arrive makes no difference to what is accepted.
// That names the same addresses when it is written again, in either version.
func FuzzReadHeader(f *testing.F) {
	for _, test := range valid {
		f.Add([]byte(test.header + "GET / HTTP/1.1\r\n\r\n"))
	}
	f.Fuzz(func(t *testing.T, octets []byte) {
		r := bytes.NewReader(octets)
		h, err := proxyprotocol.ReadHeader(r)
		slow, slowErr := proxyprotocol.ReadHeader(iotest.OneByteReader(bytes.NewReader(octets)))
		if err != nil {
			if slowErr == nil {
				t.Fatalf("%q: got %v, in single octets %s", octets, err, addresses(slow))
			}
			return
		}
		if slowErr != nil || addresses(slow) != addresses(h) {
			t.Fatalf("%q: got %v, in single octets %v, %v", octets, addresses(h), slow, slowErr)
		}
		header := octets[:len(octets)-r.Len()]
		if _, err := proxyprotocol.ReadHeader(bytes.NewReader(header[:len(header)-1])); err != io.ErrUnexpectedEOF {
			t.Fatalf("%q: got %v without the last octet, want %v", header, err, io.ErrUnexpectedEOF)
		}
		if again := read(t, encodeV2(h)); addresses(again) != addresses(h) {
			t.Fatalf("%q: got %s, written again %s", header, addresses(h), addresses(again))
		}
		if again := read(t, encodeV1(h)); strings.HasPrefix(encodeV1(h), "PROXY TCP") && addresses(again) != addresses(h) {
			t.Fatalf("%q: got %s, written again %s", header, addresses(h), addresses(again))
		}
		for kind := range 0x100 {
			h.Value(byte(kind))
		}
		h.TLS()
	})
}
