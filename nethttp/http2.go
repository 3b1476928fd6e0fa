package nethttp

import (
	"context"
	"crypto/tls"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/microroute/microroute"
)

// HTTP2 serves connections whose clients speak HTTP/2 (RFC 9113), by net/http's implementation of it. It is an
// engine.Protocol, and may be shared between goroutines.
type HTTP2 struct {
	handler http.Handler
	config  http.HTTP2Config
	limits  microroute.Limits
	log     *log.Logger
}

// maxStreams is how many requests a connection may carry at a time if nothing else is said: what RFC 9113 section 6.5.2
// recommends as the least.
const maxStreams = 100

// NewHTTP2 returns an HTTP2 that has app answer, under the limits of its Config. In config, zero stands for 100 concurrent
// streams, and else for net/http's defaults. A client that resets streams faster than they are served loses its connection:
// net/http sees to that.
func NewHTTP2(app *microroute.App, config http.HTTP2Config) *HTTP2 {
	h := &HTTP2{handler: LimitHead(Handler(app), app.Config().Limits), config: config, limits: app.Config().Limits}
	if h.config.MaxConcurrentStreams == 0 {
		h.config.MaxConcurrentStreams = maxStreams
	}
	if h.config.WriteByteTimeout == 0 {
		h.config.WriteByteTimeout = max(h.limits.WriteTimeout, 0)
	}
	h.log = slog.NewLogLogger(app.Config().Logger.Handler(), slog.LevelDebug)
	return h
}

// Serve serves one connection until it ends: a *tls.Conn that has agreed on h2, or any other that opens with HTTP/2's preface.
// When draining is closed, the client is told to go (GOAWAY), and what it has asked for finishes. A conn with a method
// Serves(host string) bool gets requests for those hosts only.
func (h *HTTP2) Serve(conn net.Conn, draining <-chan struct{}) {
	defer conn.Close()
	ended := make(chan struct{})
	server := h.server(conn, draining)
	server.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateClosed || state == http.StateHijacked {
			close(ended)
		}
	}
	server.Serve(&single{conn: unwrapTLS(conn)})
	select {
	case <-ended:
		return
	case <-draining:
	}
	for {
		ctx, cancel := context.WithTimeout(context.Background(), goAwayInterval)
		server.Shutdown(ctx)
		cancel()
		select {
		case <-ended:
			return
		default:
		}
	}
}

// goAwayInterval is how often the server is asked to end: it asks the client no sooner than that one has said hello.
const goAwayInterval = 100 * time.Millisecond

// server returns an http.Server for one connection, so that each can be ended on its own.
func (h *HTTP2) server(conn net.Conn, draining <-chan struct{}) *http.Server {
	about := &Conn{Draining: draining, BodyTimeout: h.limits.BodyTimeout, WriteTimeout: h.limits.WriteTimeout}
	if choosy, ok := conn.(interface{ Serves(host string) bool }); ok {
		about.Serves = choosy.Serves
	}
	config := h.config
	protocols := new(http.Protocols)
	protocols.SetHTTP2(true)
	protocols.SetUnencryptedHTTP2(true)
	return &http.Server{
		Handler:                      h.handler,
		Protocols:                    protocols,
		HTTP2:                        &config,
		MaxHeaderBytes:               max(h.limits.Head, 0),
		ReadHeaderTimeout:            max(h.limits.HeadTimeout, 0),
		IdleTimeout:                  max(h.limits.IdleTimeout, 0),
		DisableGeneralOptionsHandler: true, // "OPTIONS *" is the App's
		ErrorLog:                     h.log,
		ConnContext:                  func(ctx context.Context, _ net.Conn) context.Context { return WithConn(ctx, about) },
	}
}

// unwrapTLS returns the *tls.Conn that conn is made of, if it is: net/http looks for the type.
func unwrapTLS(conn net.Conn) net.Conn {
	if secure, ok := conn.(interface{ TLSConn() *tls.Conn }); ok {
		return secure.TLSConn()
	}
	return conn
}

// single is a listener that yields one connection.
type single struct{ conn net.Conn }

func (l *single) Accept() (net.Conn, error) {
	if l.conn == nil {
		return nil, io.EOF
	}
	conn := l.conn
	l.conn = nil
	return conn, nil
}

func (l *single) Close() error   { return nil }
func (l *single) Addr() net.Addr { return nil }
