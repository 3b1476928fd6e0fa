package microroute

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/microroute/microroute/engine"
	"github.com/microroute/microroute/internal/http1"
	"github.com/microroute/microroute/message"
)

// Error is an answer that says why there is no better one. A handler returns it; the App sends its Status, and its Detail
// as a page or as a problem document, whichever the client prefers (RFC 9457).
type Error struct {
	Status int    // of the response, 400 to 599
	Detail string // for the client; "" for the Status' own text
	Err    error  // the cause, for the log; the client does not see it
}

// Error returns status, detail and cause for a log.
func (e *Error) Error() string {
	text := strconv.Itoa(e.Status)
	if reason := message.StatusText(e.Status); reason != "" {
		text += " " + reason
	}
	if e.Detail != "" {
		text += ": " + e.Detail
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// TimeoutError is the error of a response that cannot be sent: the client takes nothing any more, or has reset or closed
// the connection. There is nothing left to do for the handler but to return.
type TimeoutError struct {
	Op  string // "send", "send header" or "close"
	Err error  // the cause: os.ErrDeadlineExceeded, a reset, net.ErrClosed …
}

// Error returns what could not be done, and why.
func (e *TimeoutError) Error() string { return "microroute: " + e.Op + ": " + e.Err.Error() }

// Unwrap returns the cause.
func (e *TimeoutError) Unwrap() error { return e.Err }

// Timeout reports whether the client was too slow, and not gone.
func (e *TimeoutError) Timeout() bool { return errors.Is(e.Err, os.ErrDeadlineExceeded) }

// Errors of a Response and a Request that is used in a way that cannot work.
var (
	// ErrHeaderSent: the header has been sent, so it can no longer be a redirect or an error.
	ErrHeaderSent = errors.New("microroute: header already sent")
	// ErrDecided: the response is a redirect, a file or an abort; no data can be added.
	ErrDecided = errors.New("microroute: response already decided by Redirect, SendFile or Abort")
	// ErrContentLength: more was sent than the Content-Length that the handler has set.
	ErrContentLength = errors.New("microroute: more content than Content-Length says")
	// ErrNoClient: the connection carries other exchanges as well, as in HTTP/2, so it cannot be given to a handler.
	ErrNoClient = errors.New("microroute: no connection of its own: the protocol shares it between exchanges")
	// ErrBodyRead: the body has been read as a stream and is gone.
	ErrBodyRead = errors.New("microroute: body already read as a stream")
)

// asError returns what the client is to be told of err.
func asError(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		if e.Status >= 400 && e.Status <= 599 {
			return e
		}
		return &Error{Status: message.StatusInternalServerError, Err: fmt.Errorf("microroute: Error with Status %d: %w", e.Status, err)}
	}
	return &Error{Status: message.StatusInternalServerError, Err: err}
}

// contentError returns the Error for content that cannot be read.
func contentError(err error) error {
	malformed, ok := errors.AsType[*http1.Error](err)
	switch {
	case err == nil || err == io.EOF:
		return err
	case errors.Is(err, engine.ErrContentTooLarge):
		return &Error{message.StatusRequestEntityTooLarge, "", err}
	case ok:
		return &Error{malformed.Status, malformed.Text, err}
	case errors.Is(err, os.ErrDeadlineExceeded):
		return &Error{message.StatusRequestTimeout, "the content did not come in time", err}
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &Error{message.StatusBadRequest, "the content ends too soon", err}
	}
	return &Error{message.StatusBadRequest, "the content cannot be read", err}
}
