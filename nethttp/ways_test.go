package nethttp_test

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/textproto"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/nethttp"
)

// origin is a server and a client for it.
type origin struct {
	url    string
	client *http.Client
	server *microroute.Server // nil if it is net/http's
}

// ways are the ways in which an App may be served.
var ways = []struct {
	name  string
	http2 bool
	serve func(t *testing.T, app *microroute.App) origin
}{
	{"event", false, func(t *testing.T, app *microroute.App) origin { return started(t, app) }},
	{"portable", false, func(t *testing.T, app *microroute.App) origin { return started(t, app) }},
	{"net/http", false, func(t *testing.T, app *microroute.App) origin { return served(t, nethttp.Handler(app), false) }},
	{"net/http, HTTP/2", true, func(t *testing.T, app *microroute.App) origin { return served(t, nethttp.Handler(app), true) }},
}

// eachWay runs test with an App for each of the ways; serve starts it.
func eachWay(t *testing.T, test func(t *testing.T, app *microroute.App, serve func() origin)) {
	for _, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			app := newApp(way.name, slog.DiscardHandler)
			test(t, app, func() origin { return way.serve(t, app) })
		})
	}
}

func newApp(way string, logs slog.Handler) *microroute.App {
	config := microroute.Config{Server: "-", Logger: slog.New(logs)}
	if way == "portable" {
		config.Engine = microroute.EnginePortable
	}
	return microroute.New(config)
}

// started serves app by itself.
func started(t *testing.T, app *microroute.App) origin {
	t.Helper()
	server, err := app.Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{DisableCompression: true}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		server.Close()
	})
	return origin{"http://" + server.Addr().String(), &http.Client{Transport: transport}, server}
}

// served serves h by net/http.
func served(t *testing.T, h http.Handler, http2 bool) origin {
	t.Helper()
	server := httptest.NewUnstartedServer(h)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	if http2 {
		server.EnableHTTP2 = true
		server.StartTLS()
	} else {
		server.Start()
	}
	t.Cleanup(server.Close)
	client := server.Client()
	client.Transport.(*http.Transport).DisableCompression = true
	return origin{server.URL, client, nil}
}

// seen is what a client sees of an answer, a line for each thing.
type seen struct{ bytes.Buffer }

func (s *seen) line(format string, args ...any) { fmt.Fprintf(s, format+"\n", args...) }

// see has a client send the request and look at all that comes back.
func (o origin) see(request *http.Request) string {
	var s seen
	trace := &httptrace.ClientTrace{Got1xxResponse: func(status int, header textproto.MIMEHeader) error {
		s.line("interim %d %s", status, fieldsOf(http.Header(header)))
		return nil
	}}
	client := *o.client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	response, err := client.Do(request.WithContext(httptrace.WithClientTrace(request.Context(), trace)))
	if err != nil {
		s.line("no answer")
		return s.String()
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	s.line("status %d, length %d, codings %q, closes %t", response.StatusCode, response.ContentLength, response.TransferEncoding, response.Close)
	s.line("header %s", fieldsOf(response.Header))
	if len(body) > 200 {
		s.line("body of %d octets, complete %t", len(body), err == nil)
	} else {
		s.line("body %q, complete %t", body, err == nil)
	}
	s.line("trailer %s", fieldsOf(response.Trailer))
	return s.String()
}

// fieldsOf writes fields in their order, but those that depend on the hour.
func fieldsOf(h http.Header) string {
	var s strings.Builder
	for _, name := range slices.Sorted(maps.Keys(h)) {
		if name != "Date" {
			fmt.Fprintf(&s, "%s: %q; ", name, h[name])
		}
	}
	return s.String()
}

// notes is what a handler has to say about its exchange, which its client does not see.
type notes struct {
	mu   sync.Mutex
	said []string
}

func (n *notes) say(format string, args ...any) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.said = append(n.said, fmt.Sprintf(format, args...))
}

func (n *notes) all() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return strings.Join(n.said, "\n")
}
