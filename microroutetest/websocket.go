package microroutetest

import (
	"bufio"
	"encoding/binary"
	"io"
)

// WebSocket is a client's end of a WebSocket (RFC 6455). Whatever a server must not do ends the test. The Pings of a server
// are answered when they are read: while something is waited for.
type WebSocket struct {
	Response           // the handshake's
	Subprotocol string // that the server has chosen, "" for none

	conn    io.ReadWriteCloser
	reader  *bufio.Reader
	partial *message  // whose fragments are still coming, nil if none is
	early   []message // that have come while a Pong was waited for
}

// Send sends a text message, in a frame for each fragment.
func (w *WebSocket) Send(fragments ...string) {
	w.t.Helper()
	kind := opText
	for i, fragment := range fragments {
		w.write(frame{i == len(fragments)-1, kind, []byte(fragment)})
		kind = opContinuation
	}
}

// SendBinary sends a binary message, in a frame for each fragment.
func (w *WebSocket) SendBinary(fragments ...[]byte) {
	w.t.Helper()
	kind := opBinary
	for i, fragment := range fragments {
		w.write(frame{i == len(fragments)-1, kind, fragment})
		kind = opContinuation
	}
}

// Receive waits for the next message, which must be text.
func (w *WebSocket) Receive() string {
	w.t.Helper()
	return string(w.receive(opText))
}

// ReceiveBinary waits for the next message, which must be binary.
func (w *WebSocket) ReceiveBinary() []byte {
	w.t.Helper()
	return w.receive(opBinary)
}

func (w *WebSocket) receive(kind opcode) []byte {
	w.t.Helper()
	m := w.next()
	if m.opcode != kind {
		w.t.Fatalf("%s: waiting for a %v message: got %v", w.request, kind, m)
	}
	return m.data
}

// WantNext waits for the next message and compares it with this text.
func (w *WebSocket) WantNext(text string) {
	w.t.Helper()
	m := w.next()
	var p report
	if m.opcode == opText {
		p.text("message", string(m.data), text)
	} else {
		p.line("message: got %v, want %q", m, text)
	}
	w.reportAs(&p)
}

// Ping sends a Ping with some data, 125 octets at most, and waits for its Pong. Messages that come before are kept.
func (w *WebSocket) Ping(data string) {
	w.t.Helper()
	w.write(frame{true, opPing, []byte(data)})
	for {
		m := w.read()
		switch {
		case m.opcode == opPong && string(m.data) == data:
			return
		case m.opcode == opClose:
			w.t.Fatalf("%s: waiting for a Pong: got %v", w.request, m)
		case m.opcode != opPong:
			w.early = append(w.early, m)
		}
	}
}

// Close closes the WebSocket: it sends a Close, waits for the server's, and closes the connection. Messages that come
// before are dropped. The reason has 123 octets at most; with the code 0 there is neither.
func (w *WebSocket) Close(code int, reason string) {
	w.t.Helper()
	w.writeClose(code, reason)
	for w.next().opcode != opClose {
	}
	w.Leave()
}

// WantClose waits for the server's Close, compares its code, answers it, closes the connection and returns the reason. A
// Close without a code has 1005 (RFC 6455 section 7.1.5). The test ends if a message comes first.
func (w *WebSocket) WantClose(code int) (reason string) {
	w.t.Helper()
	m := w.next()
	if m.opcode != opClose {
		w.t.Fatalf("%s: waiting for a Close: got %v", w.request, m)
	}
	got, reason := m.closing()
	if got != code {
		w.t.Errorf("%s: got %v, want one with %d", w.request, m, code)
	}
	if got == noCode {
		got = 0
	}
	w.writeClose(got, "")
	w.Leave()
	return reason
}

// Leave closes the connection without a word, as a client that vanishes.
func (w *WebSocket) Leave() { w.conn.Close() }

func (w *WebSocket) writeClose(code int, reason string) {
	w.t.Helper()
	var data []byte
	if code != 0 {
		data = append(binary.BigEndian.AppendUint16(nil, uint16(code)), reason...)
	}
	w.write(frame{true, opClose, data})
}

func (w *WebSocket) write(f frame) {
	w.t.Helper()
	if f.opcode.isControl() && len(f.data) > maxControl {
		w.t.Fatalf("%s: a %v may not have more than 125 octets (RFC 6455 section 5.5)", w.request, f.opcode)
	}
	if err := writeFrame(w.conn, f); err != nil {
		w.t.Fatalf("%s: sending a %v: %v", w.request, f.opcode, err)
	}
}
