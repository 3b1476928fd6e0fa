package nethttp

import (
	"maps"
	"net/http"

	"github.com/microroute/microroute/message"
)

// inner is the exchange of those who are inside of middleware of net/http: over the ResponseWriter and the Request that it gives
// them.
type inner struct {
	*exchange
	outer *view
}

// release closes a connection that a handler has taken, but not for good.
func (x *inner) release() {
	if x.client != nil && !x.stays {
		x.client.Close()
	}
}

// show adds the fields that the writer has.
func (x *inner) show(h *message.Header) {
	fields := x.w.Header()
	for _, name := range sortedNames(make([]string, 0, 16), fields) {
		for _, value := range fields[name] {
			h.Add(name, value)
		}
	}
}

// Begin replaces the fields that show has shown. A handler with nothing to say leaves status and content to the middleware, as one
// of net/http does that does not write.
func (x *inner) Begin(head *message.Response, content []byte, last bool) error {
	if !x.began {
		maps.DeleteFunc(x.w.Header(), func(_ string, values []string) bool { return len(values) > 0 })
	}
	if last && len(content) == 0 && head.ContentLength <= 0 && head.Status == http.StatusOK && x.client == nil {
		x.began = true
		x.add(x.w.Header(), head.Header)
		return nil
	}
	return x.exchange.Begin(head, content, last)
}

// Limit is for all the exchanges around, too: a route may allow more than the App.
func (x *inner) Limit(n int64) {
	x.outer.body.setLimit(n)
	x.exchange.Limit(n)
}
