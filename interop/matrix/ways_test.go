package matrix_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	quichttp3 "github.com/quic-go/quic-go/http3"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/contrib/http3"
	"github.com/microroute/microroute/https"
	"github.com/microroute/microroute/internal/contract"
	"github.com/microroute/microroute/microroutetest"
	"github.com/microroute/microroute/nethttp"
)

// way is how cases come to an App.
type way struct {
	name   string
	engine microroute.Engine
	begin  func(t *testing.T, app *microroute.App) player
	except lists
	passes int // how many cases do
}

// player plays cases against an App that is served until the test ends.
type player interface {
	Run(cases []contract.Case) contract.Report
}

const (
	event    = microroute.EngineAuto
	portable = microroute.EnginePortable
)

var ways = []way{
	{"event", event, overTCP, nil, 318},
	{"portable", portable, overTCP, nil, 318},
	{"TLS", event, overTLS, nil, 318},
	{"TLS, kept", event, overKeptTLS, nil, 318},
	{"memory", event, overMemory, nil, 318},
	{"net/http", event, overNetHTTP, lists{notOverNetHTTP, notWithoutLimits}, 310},
	{"ServeHTTP", event, overServeHTTP, lists{notInMessages, notWithoutLimits}, 304},
	{"HTTP/2", event, overHTTP2, lists{notInMessages}, 305},
	{"HTTP/2 without TLS, event", event, overH2C, lists{notInMessages}, 305},
	{"HTTP/2 without TLS, portable", portable, overH2C, lists{notInMessages}, 305},
	{"HTTP/3", event, overHTTP3, lists{notInMessages}, 305},
}

// lists are cases that do not pass, by name, with the reason.
type lists []map[string]string

func (l lists) all() map[string]string {
	all := make(map[string]string)
	for _, list := range l {
		maps.Copy(all, list)
	}
	return all
}

// overTCP sends octets to the engine.
func overTCP(t *testing.T, app *microroute.App) player {
	return contract.Replay{Addr: serve(t, app, listen(t))}
}

// overTLS sends octets through TLS, without negotiating a protocol: that is HTTP/1.1.
func overTLS(t *testing.T, app *microroute.App) player {
	addr, roots := serveTLS(t, app)
	config := &tls.Config{RootCAs: roots}
	return contract.Replay{Dial: func() (net.Conn, error) { return tls.Dial("tcp", addr, config) }}
}

// overKeptTLS does so on as few connections as it can.
func overKeptTLS(t *testing.T, app *microroute.App) player {
	replay := overTLS(t, app).(contract.Replay)
	replay.KeepAlive = true
	return replay
}

// overMemory sends octets through the pipes of package microroutetest.
func overMemory(t *testing.T, app *microroute.App) player {
	client := microroutetest.New(t, app).From("127.0.0.1:1234")
	return contract.Replay{Dial: func() (net.Conn, error) { return client.Dial(), nil }}
}

// overNetHTTP sends octets to net/http, which has the App for its handler.
func overNetHTTP(t *testing.T, app *microroute.App) player {
	server := httptest.NewServer(nethttp.Handler(app))
	t.Cleanup(server.Close)
	return contract.Replay{Addr: server.Listener.Addr().String()}
}

// overServeHTTP calls the App as an http.Handler.
func overServeHTTP(_ *testing.T, app *microroute.App) player {
	return contract.Messages{Transport: calls{nethttp.Handler(app)}, Origin: "http://127.0.0.1", Proto: "HTTP/1.1"}
}

// overHTTP2 asks in HTTP/2, which is negotiated with TLS.
func overHTTP2(t *testing.T, app *microroute.App) player {
	addr, roots := serveTLS(t, app)
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: roots}, Protocols: new(http.Protocols), DisableCompression: true,
	}
	transport.Protocols.SetHTTP2(true)
	t.Cleanup(transport.CloseIdleConnections)
	return contract.Messages{Transport: transport, Origin: "https://" + addr, Proto: "HTTP/2.0"}
}

// overH2C asks in HTTP/2, which the server is known to speak.
func overH2C(t *testing.T, app *microroute.App) player {
	addr := serve(t, app, nethttp.PriorKnowledge(listen(t)))
	transport := &http.Transport{Protocols: new(http.Protocols), DisableCompression: true}
	transport.Protocols.SetUnencryptedHTTP2(true)
	t.Cleanup(transport.CloseIdleConnections)
	return contract.Messages{Transport: transport, Origin: "http://" + addr, Proto: "HTTP/2.0"}
}

// overHTTP3 asks in HTTP/3.
func overHTTP3(t *testing.T, app *microroute.App) player {
	certificate, err := https.SelfSigned()
	if err != nil {
		t.Fatal(err)
	}
	l, err := http3.Listen("127.0.0.1:0", http3.Config{TLS: &tls.Config{Certificates: []tls.Certificate{certificate}}})
	if err != nil {
		t.Fatal(err)
	}
	addr := serve(t, app, l)
	transport := &quichttp3.Transport{TLSClientConfig: &tls.Config{RootCAs: pool(certificate.Leaf)}, DisableCompression: true}
	t.Cleanup(func() { transport.Close() })
	return contract.Messages{Transport: transport, Origin: "https://" + addr, Proto: "HTTP/3.0", Lossy: true}
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// serveTLS serves app over TLS, and returns the address and who vouches for it.
func serveTLS(t *testing.T, app *microroute.App) (addr string, roots *x509.CertPool) {
	t.Helper()
	l, err := https.NewListener(listen(t), https.Config{SelfSigned: true})
	if err != nil {
		t.Fatal(err)
	}
	return serve(t, app, l), pool(l.Certificate(""))
}

func pool(certificate *x509.Certificate) *x509.CertPool {
	roots := x509.NewCertPool()
	roots.AddCert(certificate)
	return roots
}

// soon is how long a test waits for what must happen; nothing that works takes as long.
const soon = 60 * time.Second

// serve serves app until the end of the test, and returns the address.
func serve(t *testing.T, app *microroute.App, l net.Listener) (addr string) {
	t.Helper()
	server, err := app.StartOn(l)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), soon)
		defer cancel()
		if err := server.Shutdown(ctx); err != nil {
			t.Errorf("shutting down: %v", err)
		}
	})
	return server.Addr().String()
}
