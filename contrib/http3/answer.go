package http3

import (
	"net/http"
	"strings"

	"github.com/microroute/microroute/message"
)

// completed returns h with what quic-go leaves to handlers, or does otherwise than net/http.
func completed(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		delete(r.Header, "Host") // r.Host has it, as in net/http
		if strings.EqualFold(r.Header.Get("Expect"), "100-continue") {
			// Content that nobody reads costs no more than the window of its stream, so nobody need wait for it to be read.
			w.WriteHeader(message.StatusContinue)
		}
		h.ServeHTTP(w, r)
		if r.Method == http.MethodHead {
			http.NewResponseController(w).Flush() // else quic-go takes content of unknown length for none
		}
	})
}

// answer has the App answer, and counts that as no lull.
func (c *conn) answer(w http.ResponseWriter, r *http.Request) {
	c.lull.begin()
	defer c.lull.end()
	c.listener.handler.ServeHTTP(w, r)
}
