package microroutetest

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// message is what frames make up: a text or binary message, a Pong or a Close.
type message struct {
	opcode opcode
	data   []byte
}

// String describes the message in a report.
func (m message) String() string {
	switch m.opcode {
	case opText:
		return fmt.Sprintf("text %q", m.data)
	case opClose:
		code, reason := m.closing()
		return fmt.Sprintf("a Close with %d %q", code, reason)
	}
	return fmt.Sprintf("%d octets of %v", len(m.data), m.opcode)
}

// noCode stands for a Close that has no code (RFC 6455 section 7.4.1).
const noCode = 1005

// closing returns the code and the reason of a Close.
func (m message) closing() (code int, reason string) {
	if len(m.data) < 2 {
		return noCode, ""
	}
	return int(binary.BigEndian.Uint16(m.data)), string(m.data[2:])
}

// fault complains of content that no server may send.
func (m message) fault() error {
	code, reason := m.closing()
	switch {
	case m.opcode == opText && !utf8.Valid(m.data):
		return fmt.Errorf("text that is not UTF-8: %q (RFC 6455 section 8.1)", m.data)
	case m.opcode != opClose:
	case len(m.data) == 1:
		return errors.New("a Close with half a code (RFC 6455 section 5.5.1)")
	case len(m.data) > 0 && !isSendable(code):
		return fmt.Errorf("a Close with %d, which is never sent (RFC 6455 section 7.4)", code)
	case !utf8.ValidString(reason):
		return fmt.Errorf("a Close with a reason that is not UTF-8: %q (RFC 6455 section 5.5.1)", reason)
	}
	return nil
}

// isSendable reports whether a Close may have this code: one of the registry of RFC 6455 section 11.7, or one of those
// that are left to libraries and programs.
func isSendable(code int) bool {
	switch code {
	case 1004, noCode, 1006, 1015:
		return false
	}
	return code >= 1000 && code <= 1014 || code >= 3000 && code <= 4999
}

// next waits for the next message or Close. A Pong that nobody waits for means nothing (RFC 6455 section 5.5.3).
func (w *WebSocket) next() message {
	w.t.Helper()
	if len(w.early) > 0 {
		m := w.early[0]
		w.early = w.early[1:]
		return m
	}
	for {
		if m := w.read(); m.opcode != opPong {
			return m
		}
	}
}

// read reads the next message, Pong or Close, and answers Pings on the way.
func (w *WebSocket) read() message {
	w.t.Helper()
	for {
		f, err := readFrame(w.reader)
		switch {
		case err == io.EOF:
			w.t.Fatalf("%s: the connection has ended without a Close (RFC 6455 section 7.1.5)", w.request)
		case err != nil:
			w.t.Fatalf("%s: got %v", w.request, err)
		case f.opcode == opPing:
			w.write(frame{true, opPong, f.data})
			continue
		}
		m, err := w.assemble(f)
		if err != nil {
			w.t.Fatalf("%s: got %v", w.request, err)
		}
		if m != nil {
			return *m
		}
	}
}

// assemble adds a frame to the message that it belongs to, and returns that if it is complete, else nil.
func (w *WebSocket) assemble(f frame) (*message, error) {
	continues := f.opcode == opContinuation
	switch {
	case f.opcode.isControl():
		m := &message{f.opcode, f.data}
		return m, m.fault()
	case continues && w.partial == nil:
		return nil, errors.New("a continuation of no message (RFC 6455 section 5.4)")
	case !continues && w.partial != nil:
		return nil, errors.New("a new message before the last fragment of another (RFC 6455 section 5.4)")
	case !continues:
		w.partial = &message{opcode: f.opcode}
	}
	m := w.partial
	m.data = append(m.data, f.data...)
	if !f.final {
		return nil, nil
	}
	w.partial = nil
	return m, m.fault()
}
