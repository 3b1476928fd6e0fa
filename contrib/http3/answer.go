package http3

import (
	"net/http"
	"strings"

	"github.com/microroute/microroute/message"
)

// answer refuses what exceeds the limits, and has the App answer the rest.
func (c *conn) answer(w http.ResponseWriter, r *http.Request) {
	c.lull.begin()
	defer c.lull.end()
	limits := c.listener.limits
	switch {
	case limits.Target >= 0 && len(r.RequestURI) > limits.Target:
		refuse(w, message.StatusRequestURITooLong)
	case limits.Fields >= 0 && fields(r.Header) > limits.Fields:
		refuse(w, message.StatusRequestHeaderFieldsTooLarge)
	default:
		delete(r.Header, "Host") // r.Host has it, as in net/http
		if strings.EqualFold(r.Header.Get("Expect"), "100-continue") {
			// Content that nobody reads costs no more than the window of its stream, so nobody need wait for it to be read.
			w.WriteHeader(message.StatusContinue)
		}
		c.listener.handler.ServeHTTP(w, r)
		if r.Method == http.MethodHead {
			http.NewResponseController(w).Flush() // else quic-go takes content of unknown length for none
		}
	}
}

func refuse(w http.ResponseWriter, status int) { http.Error(w, message.StatusText(status), status) }

func fields(header http.Header) (n int) {
	for _, values := range header {
		n += len(values)
	}
	return n
}
