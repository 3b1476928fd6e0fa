package message_test

import (
	"testing"

	"github.com/microroute/microroute/message"
)

func TestTrailerAllowed(t *testing.T) {
	for name, want := range map[string]bool{
		// RFC 9110 section 6.5.1: framing, routing, authentication, request modifiers, response controls, content.
		"Transfer-Encoding": false, "content-length": false, "Trailer": false, "TE": false, "connection": false,
		"Host": false, "x-forwarded-for": false,
		"AUTHORIZATION": false, "Proxy-Authorization": false, "Cookie": false, "set-cookie": false,
		"Expect": false, "Range": false, "If-Match": false, "if-range": false, "IF-": false, "Cache-Control": false,
		"Date": false, "Location": false, "Vary": false,
		"Content-Type": false, "Content-Encoding": false, "Content-Range": false,

		"ETag": true, // section 8.8.3
		// RFC 9530 sections 2 and 3.
		"Content-Digest": true, "Repr-Digest": true,
		"Server-Timing": true, "Grpc-Status": true, "X-Checksum": true, "If": true, "Hosts": true, "": true,
	} {
		if got := message.TrailerAllowed(name); got != want {
			t.Errorf("TrailerAllowed(%q) = %t, want %t", name, got, want)
		}
	}
}
