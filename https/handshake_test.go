package https_test

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/https"
)

// Old versions and ciphers are refused, good ones are spoken.
func TestVersionsAndCiphers(t *testing.T) {
	s := serve(t, given(test.issue(t, nil, "tea.test")), microroute.Limits{}, hello)
	for _, tt := range []struct {
		name     string
		min, max uint16
		cipher   uint16
		ok       bool
	}{
		{"TLS 1.3", tls.VersionTLS13, tls.VersionTLS13, 0, true},
		{"TLS 1.2", tls.VersionTLS12, tls.VersionTLS12, 0, true},
		{"TLS 1.1", tls.VersionTLS10, tls.VersionTLS11, 0, false},
		{"GCM", tls.VersionTLS12, tls.VersionTLS12, tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, true},
		{"ChaCha20", tls.VersionTLS12, tls.VersionTLS12, tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, true},
		{"CBC", tls.VersionTLS12, tls.VersionTLS12, tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, false},
		{"no forward secrecy", tls.VersionTLS12, tls.VersionTLS12, tls.TLS_RSA_WITH_AES_128_GCM_SHA256, false},
	} {
		config := trusting("tea.test")
		config.MinVersion, config.MaxVersion = tt.min, tt.max
		if tt.cipher != 0 {
			config.CipherSuites = []uint16{tt.cipher}
		}
		conn, err := dial(s.addr, config)
		if (err == nil) != tt.ok {
			t.Errorf("%s: got %v, want it to work: %t", tt.name, err, tt.ok)
		}
		if err == nil {
			conn.Close()
		}
	}
}

// Who wants an old cipher gets it, but no old version with it.
func TestOldCiphers(t *testing.T) {
	config := given(test.issue(t, nil, "tea.test"))
	config.TLS.CipherSuites = []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA}
	s := serve(t, config, microroute.Limits{}, hello)
	for version, ok := range map[uint16]bool{tls.VersionTLS12: true, tls.VersionTLS11: false} {
		client := trusting("tea.test")
		client.CipherSuites, client.MinVersion, client.MaxVersion = config.TLS.CipherSuites, version, version
		conn, err := dial(s.addr, client)
		if (err == nil) != ok {
			t.Errorf("%s: got %v, want it to work: %t", tls.VersionName(version), err, ok)
		}
		if err == nil {
			conn.Close()
		}
	}
}

func TestApplicationProtocols(t *testing.T) {
	certificate := test.issue(t, nil, "tea.test")
	other := given(certificate)
	other.TLS.NextProtos = []string{"acme-tls/1", "h2"}
	without := given(certificate)
	without.TLS.NextProtos = []string{"h2", "http/1.1"}
	without.NoHTTP2 = true
	for _, tt := range []struct {
		name   string
		config https.Config
		offers string
		want   string // "-" for a handshake that fails
	}{
		{"both", given(certificate), "http/1.1 h2", "h2"},
		{"HTTP/1.1 only", given(certificate), "http/1.1", "http/1.1"},
		{"nothing", given(certificate), "", ""},
		{"HTTP/1.0 only", given(certificate), "http/1.0", "http/1.0"},
		{"HTTP/1.0 first", given(certificate), "http/1.0 http/1.1", "http/1.1"},
		{"unknown", given(certificate), "spdy/3", "-"},
		{"HTTP/2 switched off", without, "h2 http/1.1", "http/1.1"},
		{"HTTP/2 switched off, client insists", without, "h2", "-"},
		{"another one", other, "acme-tls/1", "acme-tls/1"},
		{"another one beside HTTP/2", other, "acme-tls/1 h2", "h2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := serve(t, tt.config, microroute.Limits{}, hello)
			config := trusting("tea.test")
			config.NextProtos = strings.Fields(tt.offers)
			conn, err := dial(s.addr, config)
			if err != nil {
				if tt.want != "-" {
					t.Errorf("offering %q: %v, want %q", tt.offers, err, tt.want)
				}
				return
			}
			defer conn.Close()
			if got := conn.ConnectionState().NegotiatedProtocol; got != tt.want {
				t.Errorf("offering %q: got %q, want %q", tt.offers, got, tt.want)
			}
		})
	}
}

// What is neither HTTP/1 nor an HTTP/2 that is served ends with the handshake: no request is read (RFC 8737 section 3).
func TestOtherProtocolEnds(t *testing.T) {
	certificate := test.issue(t, nil, "tea.test")
	beside := given(certificate)
	beside.TLS.NextProtos = []string{"acme-tls/1"}
	against := given(certificate)
	against.NoHTTP2 = true
	against.TLS.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) {
		return &tls.Config{Certificates: []tls.Certificate{certificate}, NextProtos: []string{"h2"}}, nil
	}
	for protocol, config := range map[string]https.Config{"acme-tls/1": beside, "h2": against} {
		s := serve(t, config, microroute.Limits{}, hello)
		client := trusting("tea.test")
		client.NextProtos = []string{protocol}
		conn := mustDial(t, s.addr, client)
		io.WriteString(conn, "GET / HTTP/1.1\r\nHost: tea.test\r\n\r\n")
		if got, _ := io.ReadAll(conn); len(got) > 0 {
			t.Errorf("%s: got %q, want nothing", protocol, got)
		}
	}
}

// Every request tells its handler of the connection, and always the same.
func TestState(t *testing.T) {
	onEach(t, func(t *testing.T, http2 bool) {
		var seen []*tls.ConnectionState
		s := serve(t, given(test.issue(t, nil, "tea.test")), microroute.Limits{}, func(app *microroute.App) {
			app.Get("/", func(c *Context) string {
				seen = append(seen, https.State(c))
				return c.Request.Scheme() + " " + https.State(c).ServerName
			})
		})
		client := newClient(t, s.addr, trusting(""), http2)
		for range 2 {
			if got := fetch(t, client, "https://tea.test/", ""); !strings.HasSuffix(got, " 200 https tea.test") {
				t.Errorf("got %q", got)
			}
		}
		if len(seen) != 2 || seen[0] != seen[1] && !http2 {
			t.Errorf("got states %p, want the same one twice", seen)
		}
	})
}

func TestResumption(t *testing.T) {
	for name, version := range map[string]uint16{"TLS 1.2": tls.VersionTLS12, "TLS 1.3": tls.VersionTLS13} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, given(test.issue(t, nil, "tea.test", "coffee.test")), microroute.Limits{}, hello)
			config := trusting("tea.test")
			config.MaxVersion = version
			config.ClientSessionCache = tls.NewLRUClientSessionCache(1)
			for i, host := range []string{"tea.test", "coffee.test", "water.test"} {
				conn := mustDial(t, s.addr, config)
				status := ask(t, conn, "GET / HTTP/1.1\r\nHost: "+host+"\r\n\r\n")
				conn.Close()
				if got := conn.ConnectionState().DidResume; got != (i > 0) {
					t.Errorf("connection %d: resumed %t", i, got)
				}
				if want := map[string]int{"tea.test": 200, "coffee.test": 200, "water.test": 421}[host]; status != want {
					t.Errorf("request for %s on connection %d: got %d, want %d", host, i, status, want)
				}
			}
		})
	}
}

// ask sends a request and returns the status of the answer.
func ask(t testing.TB, conn net.Conn, request string) int {
	t.Helper()
	io.WriteString(conn, request)
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("%.40q: %v", request, err)
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		t.Fatalf("%.40q: %v", request, err)
	}
	return response.StatusCode
}

// A client that has forgotten the s of https is told so, and its answer is not lost to what it sends besides.
func TestPlainHTTP(t *testing.T) {
	s := serve(t, given(test.issue(t, nil, "tea.test")), microroute.Limits{}, hello)
	for _, tt := range []struct{ request, want string }{
		{"GET / HTTP/1.1\r\nHost: tea.test\r\n\r\n", "https://\n"},
		{"POST /tea HTTP/1.1\r\nHost: tea.test\r\nContent-Length: 20000\r\n\r\n" + strings.Repeat("x", 20000), "https://\n"},
		{"DELETE /tea HTTP/1.1\r\nHost: tea.test\r\n\r\n", "https://\n"},
		{"HEAD / HTTP/1.1\r\nHost: tea.test\r\n\r\n", "\r\n\r\n"},
	} {
		conn, err := net.Dial("tcp", s.addr)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(conn, tt.request)
		answer, err := io.ReadAll(conn)
		conn.Close()
		if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 400 ") || !strings.HasSuffix(string(answer), tt.want) {
			t.Errorf("%.20q: got %q, %v, want 400 and %q at the end", tt.request, answer, err, tt.want)
			continue
		}
		method, _, _ := strings.Cut(tt.request, " ")
		response, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(answer)), &http.Request{Method: method})
		if err != nil || !response.Close {
			t.Errorf("%.20q: %v, want Connection: close in %q", tt.request, err, answer)
		}
	}
	if s.log.count("level=WARN")+s.log.count("level=ERROR") > 0 {
		t.Errorf("the log has more than debug: %s", &s.log.text)
	}
}

// Whatever else is sent, the connection ends without a word in the log above debug.
func TestNoHandshake(t *testing.T) {
	s := serve(t, given(test.issue(t, nil, "tea.test")), microroute.Limits{}, hello)
	for _, octets := range []string{"", "SSH-2.0-x\r\n", "\x16\x03\x01\xff\xff", "\x80\x2e\x01\x00\x02", strings.Repeat("\x00", 100)} {
		conn, err := net.Dial("tcp", s.addr)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(conn, octets)
		conn.(*net.TCPConn).CloseWrite()
		if _, err := io.Copy(io.Discard, conn); err != nil && !strings.Contains(err.Error(), "reset") {
			t.Errorf("%.10q: %v", octets, err)
		}
		conn.Close()
	}
	if s.log.count("level=WARN")+s.log.count("level=ERROR") > 0 {
		t.Errorf("the log has more than debug: %s", &s.log.text)
	}
}

// A handshake may take as long as a head.
func TestSlowHandshake(t *testing.T) {
	limits := microroute.Limits{HeadTimeout: 200 * time.Millisecond}
	s := serve(t, given(test.issue(t, nil, "tea.test")), limits, hello)
	conn, err := net.Dial("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	io.WriteString(conn, "\x16\x03\x01\x02\x00\x01\x00") // the start of a ClientHello
	if _, err := io.Copy(io.Discard, conn); err != nil && !errors.Is(err, io.EOF) && !strings.Contains(err.Error(), "reset") {
		t.Errorf("got %v, want the server to end it", err)
	}
	await(t, "a note in the log", func() bool { return s.log.count("connection refused") == 1 })
}
