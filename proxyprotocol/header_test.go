package proxyprotocol_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/microroute/microroute/proxyprotocol"
)

const (
	ip4   = "\xc0\xa8\x00\x01\xc0\xa8\x00\x0b\xdc\x04\x01\xbb" // 192.168.0.1:56324 to 192.168.0.11:443
	zero6 = "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
	f4    = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
)

// valid are headers and the addresses that they name. Those of version 1 are the examples of its specification, of
// version 2 the cases that it distinguishes.
var valid = []struct{ name, header, want string }{
	{"TCP4", "PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n", "192.168.0.1:56324 192.168.0.11:443"},
	{"longest TCP4", "PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n", "255.255.255.255:65535 255.255.255.255:65535"},
	{"shortest TCP4", "PROXY TCP4 1.1.1.1 2.2.2.2 0 0\r\n", "1.1.1.1:0 2.2.2.2:0"},
	{"longest TCP6", "PROXY TCP6 " + f4 + " " + f4 + " 65535 65535\r\n", "[" + f4 + "]:65535 [" + f4 + "]:65535"},
	{"shortest TCP6", "PROXY TCP6 :: :: 1 2\r\n", "[::]:1 [::]:2"},
	{"TCP6 in capitals", "PROXY TCP6 2001:DB8::1 2001:db8:0:0:0:0:0:2 56324 443\r\n", "[2001:db8::1]:56324 [2001:db8::2]:443"},
	{"TCP6 with IPv4 within", "PROXY TCP6 ::ffff:192.168.0.1 ::ffff:c0a8:b 56324 443\r\n", "192.168.0.1:56324 192.168.0.11:443"},
	{"UNKNOWN", "PROXY UNKNOWN\r\n", "<nil> <nil>"},
	{"longest UNKNOWN", "PROXY UNKNOWN " + f4 + " " + f4 + " 65535 65535\r\n", "<nil> <nil>"},
	{"UNKNOWN and anything", "PROXY UNKNOWN what \x00 ever\r\n", "<nil> <nil>"},

	{"v2 TCP4", v2(proxy, tcp4, ip4), "192.168.0.1:56324 192.168.0.11:443"},
	{"v2 UDP4", v2(proxy, udp4, ip4), "192.168.0.1:56324 192.168.0.11:443"},
	{"v2 TCP6", v2(proxy, tcp6, zero6, "\x01", zero6, "\x02\x00\x07\x00\x08"), "[::1]:7 [::2]:8"},
	{"v2 UDP6", v2(proxy, udp6, zero6, "\x01", zero6, "\x02\x00\x07\x00\x08"), "[::1]:7 [::2]:8"},
	{"v2 unix", v2(proxy, unixStream, unixPath("/run/a"), unixPath("/run/b")), "/run/a /run/b"},
	{"v2 unix datagram", v2(proxy, unixDatagram, unixPath("/run/a"), unixPath("")), "/run/a "},
	{"v2 unix, a whole path", v2(proxy, unixStream, strings.Repeat("x", 216)), strings.Repeat("x", 108) + " " + strings.Repeat("x", 108)},
	{"v2 unix, abstract", v2(proxy, unixStream, unixPath("@a"), unixPath("/b\x00junk")), "@a /b"},
	{"v2 LOCAL", v2(local, unspecified), "<nil> <nil>"},
	{"v2 LOCAL with addresses", v2(local, tcp4, ip4), "<nil> <nil>"},
	{"v2 LOCAL with any family and no addresses", v2(local, 0x7f, "junk"), "<nil> <nil>"},
	{"v2 unspecified", v2(proxy, unspecified, "junk"), "<nil> <nil>"},
	{"v2 unspecified transport", v2(proxy, 0x10, ip4), "<nil> <nil>"},
	{"v2 unspecified family", v2(proxy, 0x01, ip4), "<nil> <nil>"},
	{"v2 values", v2(proxy, tcp4, ip4, value(0x04, ""), value(0xea, "vpce")), "192.168.0.1:56324 192.168.0.11:443"},
	{"v2 checksum", summedLast(v2(proxy, tcp4, ip4, value(0x01, "h2"), crc0)), "192.168.0.1:56324 192.168.0.11:443"},
	{"v2 as long as may be", v2(proxy, tcp4, ip4, value(0x04, strings.Repeat("x", 16<<10-16-12-3))), "192.168.0.1:56324 192.168.0.11:443"},
}

func TestReadHeader(t *testing.T) {
	for _, test := range valid {
		t.Run(test.name, func(t *testing.T) {
			const next = "GET / HTTP/1.1\r\n"
			r := strings.NewReader(test.header + next)
			h, err := proxyprotocol.ReadHeader(r)
			if err != nil {
				t.Fatalf("%q: %v", test.header, err)
			}
			if got := addresses(h); got != test.want {
				t.Errorf("%q: got %s, want %s", test.header, got, test.want)
			}
			if version := 1 + strings.Count(test.header, signature); h.Version != version {
				t.Errorf("%q: got version %d, want %d", test.header, h.Version, version)
			}
			if rest, _ := io.ReadAll(r); string(rest) != next {
				t.Errorf("%q: %q is left to be read, want %q", test.header, rest, next)
			}
			h, err = proxyprotocol.ReadHeader(iotest.OneByteReader(strings.NewReader(test.header + next)))
			if err != nil || addresses(h) != test.want {
				t.Errorf("%q in single octets: got %v, %v, want %s", test.header, h, err, test.want)
			}
		})
	}
}

func TestReadHeaderCutOff(t *testing.T) {
	for _, test := range valid {
		want := io.EOF
		for n := range min(len(test.header), 300) {
			if _, err := proxyprotocol.ReadHeader(strings.NewReader(test.header[:n])); err != want {
				t.Errorf("%q: got %v, want %v", test.header[:n], err, want)
			}
			want = io.ErrUnexpectedEOF
		}
	}
}

func TestReadHeaderRefuses(t *testing.T) {
	tests := []struct{ name, header string }{
		{"no header", "GET / HTTP/1.1\r\n"},
		{"one octet of something else", "G"},
		{"TLS", "\x16\x03\x01"},
		{"small letters", "proxy TCP4 1.1.1.1 2.2.2.2 1 2\r\n"},
		{"other word", "PROXY UDP4 1.1.1.1 2.2.2.2 1 2\r\n"},
		{"UNKNOWN goes on", "PROXY UNKNOWNS\r\n"},
		{"no address", "PROXY TCP4 1.1.1.1  1 2\r\n"},
		{"two spaces", "PROXY TCP4 1.1.1.1 2.2.2.2  1 2\r\n"},
		{"a tab", "PROXY TCP4\t1.1.1.1 2.2.2.2 1 2\r\n"},
		{"many spaces", "PROXY TCP4 1 2 3     \r\n"},
		{"space at the end", "PROXY TCP4 1.1.1.1 2.2.2.2 1 2 \r\n"},
		{"a word too many", "PROXY TCP4 1.1.1.1 2.2.2.2 1 2 3\r\n"},
		{"a word too few", "PROXY TCP4 1.1.1.1 2.2.2.2 1\r\n"},
		{"LF alone", "PROXY TCP4 1.1.1.1 2.2.2.2 1 2\n"},
		{"LF in UNKNOWN", "PROXY UNKNOWN x\nGET / HTTP/1.1\r\n"},
		{"CR alone", "PROXY TCP4 1.1.1.1 2.2.2.2 1 2\rx"},
		{"CR CR LF", "PROXY UNKNOWN\r\r\n"},
		{"IPv6 as TCP4", "PROXY TCP4 ::1 ::2 1 2\r\n"},
		{"IPv4 as TCP6", "PROXY TCP6 1.1.1.1 2.2.2.2 1 2\r\n"},
		{"IPv4 within IPv6 as TCP4", "PROXY TCP4 ::ffff:1.1.1.1 ::ffff:2.2.2.2 1 2\r\n"},
		{"zone", "PROXY TCP6 fe80::1%eth0 ::2 1 2\r\n"},
		{"brackets", "PROXY TCP6 [::1] [::2] 1 2\r\n"},
		{"leading zeros", "PROXY TCP4 01.1.1.1 2.2.2.2 1 2\r\n"},
		{"three numbers", "PROXY TCP4 1.1.1 2.2.2.2 1 2\r\n"},
		{"number too large", "PROXY TCP4 1.1.1.256 2.2.2.2 1 2\r\n"},
		{"port too large", "PROXY TCP4 1.1.1.1 2.2.2.2 65536 2\r\n"},
		{"port with a leading zero", "PROXY TCP4 1.1.1.1 2.2.2.2 01 2\r\n"},
		{"port with a sign", "PROXY TCP4 1.1.1.1 2.2.2.2 +1 2\r\n"},
		{"line too long", "PROXY UNKNOWN " + strings.Repeat("x", 92) + "\r\n"},
		{"line without an end", "PROXY UNKNOWN " + strings.Repeat("x", 200)},

		{"signature with an error", "\r\n\r\n\x00\r\nQUIT\r"},
		{"version 1 in binary", v2(0x11, tcp4, ip4)},
		{"version 3", v2(0x31, tcp4, ip4)},
		{"unknown command", v2(0x22, tcp4, ip4)},
		{"unknown family", v2(proxy, 0x41, ip4)},
		{"unknown transport", v2(proxy, 0x13, ip4)},
		{"address too short", v2(proxy, tcp4, ip4[1:])},
		{"IPv6 address too short", v2(proxy, tcp6, ip4)},
		{"path too short", v2(proxy, unixStream, unixPath("/a"), "/b")},
		{"too long", v2(proxy, tcp4, ip4, value(0x04, strings.Repeat("x", 16<<10-16-12-2)))},
		{"value cut off", v2(proxy, tcp4, ip4, value(0x01, "h2")[:4])},
		{"type without length", v2(proxy, tcp4, ip4, "\x01\x00")},
		{"wrong checksum", v2(proxy, tcp4, ip4, crc0)},
		{"checksum of five octets", summed(v2(proxy, tcp4, ip4, value(0x03, "\x00\x00\x00\x00\x00")), 31)},
		{"a checksum too many", summedLast(v2(proxy, tcp4, ip4, crc0, crc0))},
		{"TLS too short", v2(proxy, tcp4, ip4, value(0x20, "\x01\x00\x00\x00"))},
		{"TLS with a value cut off", v2(proxy, tcp4, ip4, value(0x20, "\x01\x00\x00\x00\x00\x21\x00\x07TLS"))},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			h, err := proxyprotocol.ReadHeader(strings.NewReader(test.header))
			if !errors.Is(err, proxyprotocol.ErrMalformed) {
				t.Errorf("%q: got %v, %v, want ErrMalformed", test.header, h, err)
			}
		})
	}
}

// TestReadHeaderRefusesAtOnce: what can be told from the first octets is, before more of them are waited for.
func TestReadHeaderRefusesAtOnce(t *testing.T) {
	for _, start := range []string{
		"X", "PROXX", "\r\n\r\n\x00\r\nQUIX", "PROXY TCP4 1.1.1.1 2.2.2.2 1 2\n", "PROXY TCP4 1 2 3 4 5 6 ",
		v2(0x31, tcp4)[:16], v2(proxy, 0x41)[:16], signature + "\x21\x11\xff\xff",
	} {
		more := errors.New("more is read")
		_, err := proxyprotocol.ReadHeader(io.MultiReader(strings.NewReader(start), iotest.ErrReader(more)))
		if !errors.Is(err, proxyprotocol.ErrMalformed) {
			t.Errorf("%q: got %v, want ErrMalformed", start, err)
		}
	}
}

func TestValues(t *testing.T) {
	names := value(0x21, "TLSv1.3") + value(0x22, "client.test") + value(0x23, "TLS_AES_128_GCM_SHA256")
	h := read(t, summedLast(v2(proxy, tcp4, ip4, value(0x01, "h2"), value(0x02, "shop.test"), value(0x05, "\x00\xff"),
		value(0x20, "\x07\x00\x00\x00\x00"+names), value(0xea, "first"), value(0xea, "second"), crc0)))
	if got := h.ALPN(); got != "h2" {
		t.Errorf("got ALPN %q, want h2", got)
	}
	if got := h.Authority(); got != "shop.test" {
		t.Errorf("got the authority %q, want shop.test", got)
	}
	if got := string(h.UniqueID()); got != "\x00\xff" {
		t.Errorf("got the unique ID %q, want \\x00\\xff", got)
	}
	want := proxyprotocol.TLS{Version: "TLSv1.3", Cipher: "TLS_AES_128_GCM_SHA256", Verified: true, CommonName: "client.test"}
	if got := h.TLS(); got == nil || *got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got, ok := h.Value(0xea); string(got) != "first" || !ok {
		t.Errorf("got %q, %t, want the first value of its type", got, ok)
	}
	if got, ok := h.Value(0xeb); got != nil || ok {
		t.Errorf("got %q, %t, want no value", got, ok)
	}
}

func TestNoValues(t *testing.T) {
	for _, header := range []string{"PROXY UNKNOWN\r\n", v2(proxy, tcp4, ip4), v2(local, tcp4, ip4, value(0x01, "h2"))} {
		h := read(t, header)
		if h.ALPN() != "" || h.Authority() != "" || h.UniqueID() != nil || h.TLS() != nil {
			t.Errorf("%q: got values, want none", header)
		}
	}
}

// TestCertificate: HAProxy says that the verification had no fault also where there was no certificate.
func TestCertificate(t *testing.T) {
	const none, tls, conn, session = 0, 1, 2, 4
	for _, test := range []struct {
		name     string
		bits     byte
		result   string
		told     bool
		verified bool
	}{
		{"no TLS", none, "\x00\x00\x00\x00", false, false},
		{"no TLS, but a certificate", conn, "\x00\x00\x00\x00", false, false},
		{"no certificate", tls, "\x00\x00\x00\x00", true, false},
		{"certificate", tls | conn, "\x00\x00\x00\x00", true, true},
		{"certificate of the session", tls | session, "\x00\x00\x00\x00", true, true},
		{"certificate that is not verified", tls | conn, "\x00\x00\x00\x14", true, false},
		{"certificate with a fault far left", tls | conn | session, "\x80\x00\x00\x00", true, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			name := value(0x22, "client.test")
			got := read(t, v2(proxy, tcp4, ip4, value(0x20, string(test.bits)+test.result+name))).TLS()
			if told := got != nil; told != test.told {
				t.Fatalf("got %+v, want one: %t", got, test.told)
			}
			if got == nil {
				return
			}
			if named := got.CommonName == "client.test"; got.Verified != test.verified || named != test.verified {
				t.Errorf("got %+v, want it verified and named: %t", got, test.verified)
			}
		})
	}
}

func read(t *testing.T, header string) *proxyprotocol.Header {
	t.Helper()
	h, err := proxyprotocol.ReadHeader(strings.NewReader(header))
	if err != nil {
		t.Fatalf("%q: %v", header, err)
	}
	return h
}
