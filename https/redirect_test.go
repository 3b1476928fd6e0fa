package https_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/https"
)

// startPlain has an App with these hooks serve plain HTTP.
func startPlain(t *testing.T, hooks ...func(*Context) error) (addr string) {
	t.Helper()
	app := microroute.New(microroute.Config{Logger: new(journal).logger()})
	for _, hook := range hooks {
		app.Before(hook)
	}
	hello(app)
	server, err := app.Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	return server.Addr().String()
}

// send sends a request on a connection of its own and returns the answer.
func send(t *testing.T, addr, request string) *http.Response {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	io.WriteString(conn, request)
	method, _, _ := strings.Cut(request, " ")
	response, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
	if err != nil {
		t.Fatalf("%q: %v", request, err)
	}
	return response
}

func TestRedirect(t *testing.T) {
	for _, tt := range []struct {
		port          int
		line, host    string
		status        int
		wantsLocation string
	}{
		{443, "GET / HTTP/1.1", "tea.test", 301, "https://tea.test/"},
		{443, "HEAD /a/b?c=d&e HTTP/1.1", "tea.test:80", 301, "https://tea.test/a/b?c=d&e"},
		{8443, "GET /%C3%A9%2F HTTP/1.1", "tea.test:8080", 301, "https://tea.test:8443/%C3%A9%2F"},
		{443, "POST /form HTTP/1.1", "tea.test", 308, "https://tea.test/form"},
		{443, "PURGE /x HTTP/1.1", "tea.test", 308, "https://tea.test/x"},
		{443, "GET / HTTP/1.1", "[::1]:80", 301, "https://[::1]/"},
		{8443, "GET / HTTP/1.1", "[::1]", 301, "https://[::1]:8443/"},
		{443, "GET / HTTP/1.1", "TEA.test.", 301, "https://TEA.test/"},
		{443, "GET //evil.test HTTP/1.1", "tea.test", 301, "https://tea.test//evil.test"},
		{443, "GET /a?next=http://evil.test/ HTTP/1.1", "tea.test", 301, "https://tea.test/a?next=http://evil.test/"},
		{443, "GET http://green.test:80/a?b HTTP/1.1", "tea.test", 301, "https://green.test/a?b"},
		{443, "GET http://green.test HTTP/1.1", "tea.test", 301, "https://green.test"},
		{443, "GET http://green.test?b HTTP/1.1", "tea.test", 301, "https://green.test?b"},
		{443, "OPTIONS * HTTP/1.1", "tea.test", 308, "https://tea.test"},
		{443, "GET / HTTP/1.1", "", 400, ""},
	} {
		addr := startPlain(t, https.Redirect(tt.port))
		response := send(t, addr, tt.line+"\r\nHost: "+tt.host+"\r\n\r\n")
		if got := response.Header.Get("Location"); response.StatusCode != tt.status || got != tt.wantsLocation {
			t.Errorf("%s for %q: got %d to %q, want %d to %q", tt.line, tt.host, response.StatusCode, got, tt.status, tt.wantsLocation)
		}
	}
}

// What has come over TLS goes on, and so does what a proxy has got over TLS.
func TestRedirectOfSecure(t *testing.T) {
	onEach(t, func(t *testing.T, http2 bool) {
		s := serve(t, given(test.issue(t, nil, "tea.test")), microroute.Limits{}, func(app *microroute.App) {
			app.Before(https.Redirect(443))
			hello(app)
		})
		if got := fetch(t, newClient(t, s.addr, trusting(""), http2), "https://tea.test/", ""); !strings.HasSuffix(got, " 200 hello") {
			t.Errorf("got %q", got)
		}
	})
	behindProxy := func(c *Context) error {
		c.Request.SetOrigin("https", "")
		return nil
	}
	if got := send(t, startPlain(t, behindProxy, https.Redirect(443)), "GET / HTTP/1.1\r\nHost: tea.test\r\n\r\n"); got.StatusCode != 200 {
		t.Errorf("behind a proxy: got %s, want 200", got.Status)
	}
}

// Browsers are told over TLS, in errors as well, and never without.
func TestStrictTransport(t *testing.T) {
	const field = "Strict-Transport-Security"
	for _, tt := range []struct {
		hook func(*Context) error
		want string
	}{
		{https.StrictTransport(365 * 24 * time.Hour), "max-age=31536000"},
		{https.StrictTransport(time.Hour, "includeSubDomains", "preload"), "max-age=3600; includeSubDomains; preload"},
		{https.StrictTransport(0), "max-age=0"},
	} {
		s := serve(t, given(test.issue(t, nil, "tea.test")), microroute.Limits{}, func(app *microroute.App) {
			app.Before(tt.hook)
			hello(app)
		})
		client := newClient(t, s.addr, trusting(""), true)
		for _, path := range []string{"", "missing"} {
			response, err := client.Get("https://tea.test/" + path)
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
			if got := response.Header.Values(field); len(got) != 1 || got[0] != tt.want {
				t.Errorf("/%s: got %q, want %q", path, got, tt.want)
			}
		}
		if got := send(t, startPlain(t, tt.hook), "GET / HTTP/1.1\r\nHost: tea.test\r\n\r\n").Header.Get(field); got != "" {
			t.Errorf("without TLS: got %q, want none", got)
		}
	}
}
