package microroutetest

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base64"
	"io"
	"net/http"
	"slices"
	"strings"
)

// WebSocket changes the protocol on target, with these subprotocols on offer, the best first. The connection is closed at
// the end of the test. The test ends if the server refuses, or answers what a client must not accept.
func (c *Client) WebSocket(target string, subprotocols ...string) *WebSocket {
	c.t.Helper()
	nonce := make([]byte, 16)
	rand.Read(nonce)
	key := base64.StdEncoding.EncodeToString(nonce)
	fields := []string{
		"Connection", "Upgrade",
		"Upgrade", "websocket",
		"Sec-WebSocket-Version", "13",
		"Sec-WebSocket-Key", key,
	}
	if len(subprotocols) > 0 {
		fields = append(fields, "Sec-WebSocket-Protocol", strings.Join(subprotocols, ", "))
	}
	answer, err := c.http.Do(c.newRequest(context.Background(), "GET", target, nil, fields))
	if err != nil {
		c.t.Fatalf("GET %s: %v", target, cause(err))
	}
	if answer.StatusCode != http.StatusSwitchingProtocols {
		c.read(answer, "GET "+target).Want(http.StatusSwitchingProtocols)
		c.t.FailNow()
	}
	response := c.response(answer, "GET "+target)
	if p := response.handshakeFaults(key, subprotocols); p.wrong() {
		answer.Body.Close()
		c.t.Fatalf("%s\n%s", response.request, p)
	}
	w := &WebSocket{
		Response:    *response,
		Subprotocol: answer.Header.Get("Sec-WebSocket-Protocol"),
		conn:        answer.Body.(io.ReadWriteCloser), // as http.Response says of 101 with these fields
		reader:      bufio.NewReader(answer.Body),
	}
	c.t.Cleanup(w.Leave)
	return w
}

// handshakeFaults reports what a client must not accept (RFC 6455 section 4.1).
func (r *Response) handshakeFaults(key string, subprotocols []string) *report {
	p := &report{}
	if upgrade := r.Header.Get("Upgrade"); !strings.EqualFold(upgrade, "websocket") {
		p.line("Upgrade: got %q, want %q", upgrade, "websocket")
	}
	connection := strings.Join(r.Header.Values("Connection"), ", ")
	isUpgrade := func(option string) bool { return strings.EqualFold(strings.TrimSpace(option), "upgrade") }
	if !slices.ContainsFunc(strings.Split(connection, ","), isUpgrade) {
		p.line("Connection: got %q, want %q", connection, "Upgrade")
	}
	if got, want := r.Header.Get("Sec-WebSocket-Accept"), acceptKey(key); got != want {
		p.line("Sec-WebSocket-Accept: got %q, want %q for the key %q", got, want, key)
	}
	if subprotocol := r.Header.Get("Sec-WebSocket-Protocol"); subprotocol != "" && !slices.Contains(subprotocols, subprotocol) {
		p.line("Sec-WebSocket-Protocol: got %q, which is not on offer", subprotocol)
	}
	if extensions := r.Header.Get("Sec-WebSocket-Extensions"); extensions != "" {
		p.line("Sec-WebSocket-Extensions: got %q, but none is on offer", extensions)
	}
	return p
}

// acceptKey returns how a server answers a key (RFC 6455 section 4.2.2).
func acceptKey(key string) string {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return base64.StdEncoding.EncodeToString(sum[:])
}
