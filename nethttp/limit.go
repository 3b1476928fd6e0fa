package nethttp

import (
	"net/http"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/message"
)

// LimitHead returns h behind those limits of a request's head that http.Server has no setting for: a longer Target is answered
// with 414, more Fields with 431. A limit that is not positive is none. An App that NewHTTP2 serves has them already.
func LimitHead(h http.Handler, limits microroute.Limits) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case limits.Target > 0 && len(r.RequestURI) > limits.Target:
			refuse(w, message.StatusRequestURITooLong)
		case limits.Fields > 0 && countFields(r.Header) > limits.Fields:
			refuse(w, message.StatusRequestHeaderFieldsTooLarge)
		default:
			h.ServeHTTP(w, r)
		}
	})
}

func refuse(w http.ResponseWriter, status int) { http.Error(w, message.StatusText(status), status) }

func countFields(header http.Header) (n int) {
	for _, values := range header {
		n += len(values)
	}
	return n
}
