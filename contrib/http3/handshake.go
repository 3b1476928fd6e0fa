package http3

import (
	"context"
	"crypto/tls"
	"net"
	"sync/atomic"

	"github.com/quic-go/quic-go"
)

// handshake is that of one connection.
type handshake struct {
	shown *tls.Certificate // to the client, or when it was a client for the first time; nil if that is not known
	err   error            // why there is none
	stop  func() bool      // stops waiting for its failure, and reports whether it has not failed
}

// handshakeKey is for the handshake in the context of a connection, which is also that of its tls.ClientHelloInfo.
type handshakeKey struct{}

func handshakeOf(ctx context.Context) *handshake {
	h, _ := ctx.Value(handshakeKey{}).(*handshake)
	return h
}

// rememberShown returns settings that choose the same certificates as t, one in each handshake, and remember it: by that the
// connection may serve other hosts, too. Where hosts may differ in what they demand of clients nothing is remembered.
func rememberShown(t *tls.Config) *tls.Config {
	if t.GetConfigForClient != nil || t.ClientAuth != tls.NoClientCert {
		return t
	}
	remembering := t.Clone()
	remembering.Certificates = nil
	remembering.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		h := handshakeOf(hello.Context())
		h.shown, h.err = choose(t, hello)
		return nil, nil
	}
	remembering.GetCertificate = func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		h := handshakeOf(hello.Context())
		return h.shown, h.err
	}
	return remembering
}

// choose returns the certificate for a client as crypto/tls would; it is no error if there is none.
func choose(t *tls.Config, hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	if t.GetCertificate != nil && (len(t.Certificates) == 0 || hello.ServerName != "") {
		if found, err := t.GetCertificate(hello); found != nil || err != nil {
			return found, err
		}
	}
	for i := range t.Certificates {
		if hello.SupportsCertificate(&t.Certificates[i]) == nil {
			return &t.Certificates[i], nil
		}
	}
	if len(t.Certificates) == 0 {
		return nil, nil
	}
	return &t.Certificates[0], nil
}

// maxUnproven is how many handshakes may be under way before new clients must prove that their address is theirs. An honest
// one takes a few round trips.
const maxUnproven = 128

// handshakes counts those that are under way.
type handshakes struct{ underWay atomic.Int64 }

// begin is a quic.Transport's ConnContext.
func (hs *handshakes) begin(ctx context.Context, _ *quic.ClientInfo) (context.Context, error) {
	hs.underWay.Add(1)
	h := &handshake{stop: context.AfterFunc(ctx, func() { hs.underWay.Add(-1) })}
	return context.WithValue(ctx, handshakeKey{}, h), nil
}

// end takes note that a connection has completed its handshake.
func (hs *handshakes) end(ctx context.Context) {
	if handshakeOf(ctx).stop() {
		hs.underWay.Add(-1)
	}
}

// mustProve is a quic.Transport's VerifySourceAddress. An address that is made up costs a handshake's worth of work, and has
// the server send to somebody who has not asked; to prove an address costs a round trip (RFC 9000 section 8.1).
func (hs *handshakes) mustProve(net.Addr) bool { return hs.underWay.Load() >= maxUnproven }
