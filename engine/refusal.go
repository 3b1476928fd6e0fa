package engine

import (
	"github.com/microroute/microroute/internal/http1"
	"github.com/microroute/microroute/message"
)

// appendRefusal appends the answer to a request that the handler never sees, the last of its connection; if mute is true,
// without its content.
func appendRefusal(b []byte, status int, text string, date []byte, mute bool) []byte {
	reason := message.StatusText(status)
	content := reason + ": " + text + "\n"
	var none message.Header
	b = http1.AppendHead(b, &message.Response{
		Status:        status,
		Reason:        reason,
		Header:        &none,
		ContentType:   "text/plain; charset=utf-8",
		ContentLength: int64(len(content)),
	}, http1.Sender{Framing: http1.ByLength, Connection: "close", Date: date})
	if mute {
		return b
	}
	return append(b, content...)
}

// errHeadTimeout: a head has begun, but did not end in time (RFC 9110 section 15.5.9).
var errHeadTimeout = &http1.Error{Status: message.StatusRequestTimeout, Text: "the rest of the head did not come in time"}
