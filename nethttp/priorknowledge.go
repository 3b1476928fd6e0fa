package nethttp

import (
	"net"
	"net/http"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/engine"
)

// PriorKnowledge returns a listener for App.StartOn whose connections may open with HTTP/2 without TLS, by clients that know
// (RFC 9113 section 3.3), such as proxies and gRPC; all others speak HTTP/1 as before. Both engines serve it. With a config, the
// first is NewHTTP2's.
//
//	l, err := net.Listen("tcp", "127.0.0.1:8080")
//	…
//	err = app.RunOn(nethttp.PriorKnowledge(l))
func PriorKnowledge(l net.Listener, config ...http.HTTP2Config) net.Listener {
	p := &priorKnowledge{Listener: l}
	if len(config) > 0 {
		p.config = config[0]
	}
	return p
}

type priorKnowledge struct {
	net.Listener
	config http.HTTP2Config
	http2  *HTTP2
}

var _ engine.HTTP2Listener = (*priorKnowledge)(nil)

// Attach tells who answers.
func (p *priorKnowledge) Attach(app *microroute.App) { p.http2 = NewHTTP2(app, p.config) }

func (p *priorKnowledge) Unwrap() net.Listener   { return p.Listener }
func (p *priorKnowledge) HTTP2() engine.Protocol { return p.http2 }
