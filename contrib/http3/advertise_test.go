package http3_test

import (
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/contrib/http3"
	"github.com/microroute/microroute/https"
)

// HTTP/3 is advertised where a client could use it and does not.
func TestAdvertise(t *testing.T) {
	for _, tt := range []struct {
		name            string
		hook            microroute.Handler
		path            string
		plain, h1h2, h3 string
	}{
		{"for a day", http3.Advertise(443, 24*time.Hour), "/", "", `h3=":443"; ma=86400`, ""},
		{"on another port", http3.Advertise(8443, time.Minute), "/", "", `h3=":8443"; ma=60`, ""},
		{"taken back", http3.Advertise(443, 0), "/", "", "clear", ""},
		{"by the handler", http3.Advertise(443, time.Hour), "/other", "other", "other", "other"},
		{"not by the handler", http3.Advertise(443, time.Hour), "/none", "", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			certificate, trust := identity(t)
			secure, err := https.Listen("127.0.0.1:0", https.Config{TLS: config(certificate).TLS})
			if err != nil {
				t.Fatal(err)
			}
			fast, err := http3.Listen("127.0.0.1:0", http3.Config{TLS: secure.TLSConfig()})
			if err != nil {
				t.Fatal(err)
			}
			app := microroute.New(microroute.Config{Logger: quiet})
			app.Before(tt.hook)
			app.Get("/", func(*microroute.Context) string { return "" })
			app.Get("/other", func(c *microroute.Context) { c.Response.Header.Set("Alt-Svc", "other") })
			app.Get("/none", func(c *microroute.Context) { c.Response.Header.Del("Alt-Svc") })
			plain, err := app.Start("127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer plain.Close()
			server, err := app.StartOn(secure, fast)
			if err != nil {
				t.Fatal(err)
			}
			defer server.Close()
			s := &served{trust: trust}
			for _, visit := range []struct {
				proto, url, want string
				client           *http.Client
			}{
				{"HTTP/1.1", "http://" + plain.Addr().String(), tt.plain, http.DefaultClient},
				{"HTTP/1.1", "https://" + secure.Addr().String(), tt.h1h2, overTCP(t, trust, false)},
				{"HTTP/2.0", "https://" + secure.Addr().String(), tt.h1h2, overTCP(t, trust, true)},
				{"HTTP/3.0", "https://" + fast.Addr().String(), tt.h3, s.visitor(t)},
			} {
				response, err := visit.client.Get(visit.url + tt.path)
				if err != nil {
					t.Fatal(err)
				}
				response.Body.Close()
				if got := response.Header.Get("Alt-Svc"); got != visit.want || response.Proto != visit.proto {
					t.Errorf("%s: got Alt-Svc %q over %s, want %q over %s", visit.url, got, response.Proto, visit.want, visit.proto)
				}
			}
		})
	}
}

// Start serves one port of TCP and UDP, and says so.
func TestStart(t *testing.T) {
	certificate, trust := identity(t)
	app := microroute.New(microroute.Config{Logger: quiet})
	app.Get("/", func(c *microroute.Context) string { return c.Request.Proto })
	server, err := http3.Start(app, "127.0.0.1:0", https.Config{TLS: config(certificate).TLS})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	s := &served{url: "https://" + server.Addr().String(), trust: trust}
	s.client = overTCP(t, trust, true)
	response := s.do(t, s.request(t, "GET", "/", nil))
	if got := show(t, response); got != "200 HTTP/2.0 HTTP/2.0" {
		t.Errorf("over TCP: got %q", got)
	}
	_, port, _ := net.SplitHostPort(server.Addrs()[1].String())
	if got, want := response.Header.Get("Alt-Svc"), `h3=":`+port+`"; ma=86400`; got != want {
		t.Errorf("got Alt-Svc %q, want %q", got, want)
	}
	s.client = s.visitor(t)
	if got := s.get(t, "/"); got != "200 HTTP/3.0 HTTP/3.0" {
		t.Errorf("over UDP: got %q", got)
	}
	if _, err := http3.Start(microroute.New(), server.Addr().String(), https.Config{SelfSigned: true}); err == nil {
		t.Error("a second Start on the same port succeeded")
	}
	if _, err := http3.Start(microroute.New(), "127.0.0.1:0", https.Config{}); err == nil {
		t.Error("Start without a certificate succeeded")
	}
}
