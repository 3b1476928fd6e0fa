package nethttp

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/microroute/microroute"
)

// Hijack gives the connection away, after what has been written. The error is http.ErrNotSupported where the protocol has none to
// give. What the client has sent already is read first, from the connection and from the Reader alike.
func (w *writer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.over:
		return nil, nil, errOver
	case w.hijacked:
		return nil, nil, http.ErrHijacked
	case w.status != 0:
		if err := w.flush(); err != nil {
			return nil, nil, err
		}
	}
	conn, err := w.c.Response.Hijack()
	if errors.Is(err, microroute.ErrNoClient) {
		err = fmt.Errorf("%w: %w", http.ErrNotSupported, err)
	}
	if err != nil {
		return nil, nil, err
	}
	w.hijacked = true
	return conn, bufio.NewReadWriter(bufio.NewReader(conn), bufio.NewWriter(conn)), nil
}

// SetReadDeadline is for http.ResponseController. It does not wait for one who writes.
func (w *writer) SetReadDeadline(t time.Time) error {
	w.ending.Lock()
	defer w.ending.Unlock()
	if w.ended {
		return errOver
	}
	return w.c.Request.SetReadDeadline(t)
}

// SetWriteDeadline is for http.ResponseController.
func (w *writer) SetWriteDeadline(t time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.over {
		return errOver
	}
	return w.c.Response.SetWriteDeadline(t)
}

// EnableFullDuplex is for http.ResponseController. Only HTTP/1 by net/http is not full duplex by itself.
func (w *writer) EnableFullDuplex() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.over {
		return errOver
	}
	if under := underneath(w.c); under != nil {
		return http.NewResponseController(under.w).EnableFullDuplex()
	}
	return nil
}
