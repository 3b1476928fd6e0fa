package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/microroute/microroute/nethttp"
)

// start serves the App and returns its address.
func start(t *testing.T) string {
	t.Helper()
	server, err := newApp().Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	return server.Addr().String()
}

// open sends a request for target and returns its connection.
func open(t *testing.T, target string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", start(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: app.test\r\nConnection: upgrade\r\nUpgrade: shout\r\n\r\n", target)
	return conn
}

func TestByHand(t *testing.T) {
	answer, err := io.ReadAll(open(t, "/by-hand"))
	const want = "HTTP/1.1 299 Made By Hand\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nEvery octet is the handler's.\n"
	if string(answer) != want {
		t.Errorf("got %q, %v, want %q", answer, err, want)
	}
}

func TestShout(t *testing.T) {
	conn := open(t, "/shout")
	lines := bufio.NewReader(conn)
	if answer, err := http.ReadResponse(lines, nil); err != nil || answer.StatusCode != 101 {
		t.Fatalf("got %v, %v, want 101", answer, err)
	}
	for _, said := range []string{"tea, please\n", "with milk\n"} {
		io.WriteString(conn, said)
		if got, err := lines.ReadString('\n'); got != strings.ToUpper(said) {
			t.Errorf("said %q: got %q, %v, want it in capitals", said, got, err)
		}
	}
}

func TestOverTLS(t *testing.T) {
	for proto, http2 := range map[string]bool{"HTTP/1.1": false, "HTTP/2.0": true} {
		server := httptest.NewUnstartedServer(nethttp.Handler(newApp()))
		server.EnableHTTP2 = http2
		server.StartTLS()
		defer server.Close()
		for target, want := range map[string]string{"/": proto + " over https", "/by-hand": "Every octet is the handler's.\n"} {
			response, err := server.Client().Get(server.URL + target)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			switch {
			case http2 && target == "/by-hand":
				if response.StatusCode != 500 {
					t.Errorf("%s %s: got %s, want 500, for there is no connection to give", proto, target, response.Status)
				}
			case string(body) != want:
				t.Errorf("%s %s: got %q, %v, want %q", proto, target, body, err, want)
			}
		}
	}
}
