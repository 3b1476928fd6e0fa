package proxyprotocol_test

import (
	"io"
	"net"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/proxyprotocol"
)

func BenchmarkReadHeader(b *testing.B) {
	for _, test := range []struct{ name, header string }{
		{"v1", example},
		{"v2", v2(proxy, tcp4, ip4)},
		{"v2 with values", summedLast(v2(proxy, tcp4, ip4, value(0x01, "h2"), value(0x02, "shop.test"), crc0))},
	} {
		b.Run(test.name, func(b *testing.B) {
			b.ReportAllocs()
			r := &repeat{text: test.header}
			for b.Loop() {
				if _, err := proxyprotocol.ReadHeader(r); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(r.reads)/float64(b.N), "reads/op")
		})
	}
}

// repeat reads the same text again and again.
type repeat struct {
	text  string
	at    int
	reads int
}

func (r *repeat) Read(p []byte) (int, error) {
	n := copy(p, r.text[r.at:])
	r.at = (r.at + n) % len(r.text)
	r.reads++
	return n, nil
}

// BenchmarkConnection is a connection with a header and one request.
func BenchmarkConnection(b *testing.B) {
	for _, test := range []struct {
		name, header string
		config       proxyprotocol.Config
	}{
		{"without", "", elsewhere},
		{"v1", example, loopback},
		{"v2", v2(proxy, tcp4, ip4), loopback},
	} {
		b.Run(test.name, func(b *testing.B) {
			address := serve(b, "tcp", test.config, microroute.Limits{})
			octets := []byte(test.header + "GET /none HTTP/1.0\r\n\r\n")
			b.ReportAllocs()
			for b.Loop() {
				conn, err := net.Dial("tcp", address)
				if err != nil {
					b.Fatal(err)
				}
				conn.Write(octets)
				if n, err := io.Copy(io.Discard, conn); n == 0 || err != nil {
					b.Fatal(n, err)
				}
				conn.Close()
			}
		})
	}
}
