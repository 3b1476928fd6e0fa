package microroute

import (
	"io"
	"net"
	"strings"

	"github.com/microroute/microroute/message"
)

// Upgrade changes to another protocol (RFC 9110 section 7.8): it answers with status 101 (Switching Protocols) and what is
// in Header, and gives the connection away as Hijack does. What has been read ahead comes first. The protocol must be one
// that the client has offered: "websocket", or with a version, if that matters, "IRC/6.9". The method may be any.
//
// If the client has not offered it, the error is an *Error of Status 426 (Upgrade Required) and Header says what would be
// welcome. The next protocol begins behind the body: if that has not been read to its end, the error is an *Error of
// Status 400. The handler may return both, or answer by HTTP. Over HTTP/2 and HTTP/3 the error is ErrNoClient.
func (r *Response) Upgrade(protocol string) (net.Conn, error) {
	r.c.live()
	if r.headerSent {
		return nil, ErrHeaderSent
	}
	if err := r.sendable(); err != nil {
		return nil, err
	}
	request := r.c.Request
	if !strings.HasPrefix(request.head.Proto, "HTTP/1.") {
		return nil, ErrNoClient
	}
	offer := message.Upgrade(request.Header, protocol)
	if offer == "" || !request.head.AtLeast11() { // to an HTTP/1.0 client the field means nothing
		r.setUpgrade(protocol)
		return nil, &Error{Status: message.StatusUpgradeRequired}
	}
	if !request.bodyRead() {
		return nil, &Error{Status: message.StatusBadRequest, Detail: "a request to change the protocol has content that nobody expects"}
	}
	if _, err := r.x.Client(); err != nil { // there is still time for another answer
		return nil, err
	}
	r.setUpgrade(offer)
	return r.switchProtocols()
}

func (r *Response) setUpgrade(protocol string) {
	r.Header.Set("Upgrade", protocol)
	r.Header.Set("Connection", "upgrade")
}

// switchProtocols sends the last octets of HTTP.
func (r *Response) switchProtocols() (net.Conn, error) {
	r.Status = message.StatusSwitchingProtocols
	if err := r.sendHeader("send header", -1, nil, true); err != nil {
		return nil, err
	}
	if r.sentStatus != message.StatusSwitchingProtocols { // a hook of OnSend has decided otherwise
		return nil, ErrHeaderSent
	}
	conn, err := r.x.Hijack()
	return conn, transportError("send header", err)
}

// bodyRead reports whether nothing of the body is still on its way.
func (r *Request) bodyRead() bool {
	length := r.head.ContentLength
	return length == 0 || r.hasData && r.dataErr == nil || r.body.read == length || r.body.err == io.EOF
}
