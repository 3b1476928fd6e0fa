package nethttp_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/https"
	"github.com/microroute/microroute/nethttp"
)

// way is a way to serve an App.
type way struct {
	name  string
	http2 bool
	serve func(t *testing.T, app *microroute.App) origin
}

var ways = []way{
	{"event", false, overTCP},
	{"portable", false, overTCP},
	{"https", false, func(t *testing.T, app *microroute.App) origin { return overTLS(t, app, false) }},
	{"https, HTTP/2", true, func(t *testing.T, app *microroute.App) origin { return overTLS(t, app, true) }},
	{"httptest", false, func(t *testing.T, app *microroute.App) origin { return byNetHTTP(t, app, false) }},
	{"httptest, HTTP/2", true, func(t *testing.T, app *microroute.App) origin { return byNetHTTP(t, app, true) }},
}

// origin is a server with a client for it.
type origin struct {
	url    string
	client *http.Client
}

// eachWay runs test with an App for every way. The test adds what it needs, and then calls serve.
func eachWay(t *testing.T, test func(t *testing.T, app *microroute.App, serve func() origin)) {
	for _, w := range ways {
		t.Run(w.name, func(t *testing.T) { w.run(t, test) })
	}
}

// eachHTTP1 is eachWay without HTTP/2, which has no connection to give.
func eachHTTP1(t *testing.T, test func(t *testing.T, app *microroute.App, serve func() origin)) {
	for _, w := range ways {
		if !w.http2 {
			t.Run(w.name, func(t *testing.T) { w.run(t, test) })
		}
	}
}

func (w way) run(t *testing.T, test func(t *testing.T, app *microroute.App, serve func() origin)) {
	app := w.app(slog.DiscardHandler)
	test(t, app, func() origin { return w.serve(t, app) })
}

func (w way) app(logs slog.Handler) *microroute.App {
	config := microroute.Config{Logger: slog.New(logs)}
	if w.name == "portable" {
		config.Engine = microroute.EnginePortable
	}
	return microroute.New(config)
}

func overTCP(t *testing.T, app *microroute.App) origin {
	t.Helper()
	server, err := app.Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		server.Close()
	})
	return origin{"http://" + server.Addr().String(), &http.Client{Transport: transport}}
}

func overTLS(t *testing.T, app *microroute.App, http2 bool) origin {
	t.Helper()
	secure, err := https.Listen("127.0.0.1:0", https.Config{SelfSigned: true})
	if err != nil {
		t.Fatal(err)
	}
	server, err := app.StartOn(secure)
	if err != nil {
		t.Fatal(err)
	}
	trust := x509.NewCertPool()
	trust.AddCert(secure.Certificate(""))
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trust}, ForceAttemptHTTP2: http2}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		server.Close()
	})
	return origin{"https://" + server.Addr().String(), &http.Client{Transport: transport}}
}

func byNetHTTP(t *testing.T, app *microroute.App, http2 bool) origin {
	t.Helper()
	server := httptest.NewUnstartedServer(nethttp.Handler(app))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	if http2 {
		server.EnableHTTP2 = true
		server.StartTLS()
	} else {
		server.Start()
	}
	t.Cleanup(server.Close)
	return origin{server.URL, server.Client()}
}

// get returns the answer to a GET, and its content.
func (o origin) get(t *testing.T, target string, fields ...string) (*http.Response, string) {
	t.Helper()
	return o.do(t, "GET", target, nil, fields...)
}

// do returns the answer to a request with these fields, each "Name: value", and its content.
func (o origin) do(t *testing.T, method, target string, body io.Reader, fields ...string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, o.url+target, body)
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range fields {
		name, value, _ := strings.Cut(field, ": ")
		request.Header.Add(name, value)
	}
	response, err := o.client.Transport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(content)
}

// logged is text that several goroutines write.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
