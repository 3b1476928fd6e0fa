package http3_test

import (
	"bytes"
	"testing"

	"github.com/quic-go/qpack"
	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/quicvarint"
)

// requestHead returns GET / as a frame (RFC 9114 section 7.2.2), for clients that behave as no library does.
func requestHead(t *testing.T, host string, more ...qpack.HeaderField) []byte {
	t.Helper()
	fields := append([]qpack.HeaderField{
		{Name: ":method", Value: "GET"},
		{Name: ":scheme", Value: "https"},
		{Name: ":path", Value: "/"},
		{Name: ":authority", Value: host},
	}, more...)
	var section bytes.Buffer
	encoder := qpack.NewEncoder(&section)
	for _, field := range fields {
		if err := encoder.WriteField(field); err != nil {
			t.Fatal(err)
		}
	}
	const headers = 1
	frame := quicvarint.Append(nil, headers)
	frame = quicvarint.Append(frame, uint64(section.Len()))
	return append(frame, section.Bytes()...)
}

// ask sends a request on a stream of its own.
func ask(t *testing.T, conn *quic.Conn, head []byte) *quic.Stream {
	t.Helper()
	stream, err := conn.OpenStreamSync(soon(t))
	if err != nil {
		t.Fatal(err)
	}
	stream.Write(head)
	stream.Close()
	return stream
}
