package nethttp_test

import (
	"log/slog"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/nethttp"
)

// play is a handler at work.
type play struct {
	handler  func(w http.ResponseWriter, r *http.Request, n *notes)
	notes    notes
	returned chan struct{}
}

// The client of a handler sees the same whether net/http serves it or an App, and so does the handler: by Serve, inside of
// middleware, or by Exchange.
func TestContract(t *testing.T) {
	for _, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			var now atomic.Pointer[play]
			h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				p := now.Load()
				defer close(p.returned)
				p.handler(w, r, &p.notes)
			})
			example := served(t, h, way.http2)
			origins := map[string]origin{}
			for how, handler := range contractHandlers(h) {
				app := newApp(way.name, slog.DiscardHandler)
				app.Handle("*", "/<path:path>", handler)
				origins[how] = way.serve(t, app)
			}
			for name, c := range contract {
				if way.http2 && c.http1 || !way.http2 && c.http2 {
					continue
				}
				look := func(o origin) string {
					p := &play{handler: c.handler, returned: make(chan struct{})}
					now.Store(p)
					request, err := http.NewRequest("GET", o.url+"/path", nil)
					if err != nil {
						t.Fatal(err)
					}
					if c.request != nil {
						c.request(request)
					}
					if !way.http2 {
						o.client.CloseIdleConnections() // a request on a used one might be repeated
					}
					answer := o.see(request)
					<-p.returned
					return answer + p.notes.all()
				}
				want := look(example)
				for how, o := range origins {
					if got := look(o); got != want && !slices.Contains(unlike[name].how, how) {
						t.Errorf("%s, %s: got\n%s\nwant, as from net/http,\n%s", name, how, got, want)
					}
				}
			}
		})
	}
}

// contractHandlers are the ways in which an App can have h answer.
func contractHandlers(h http.Handler) map[string]microroute.Handler {
	return map[string]microroute.Handler{
		"Serve":      nethttp.Serve(h),
		"Middleware": nethttp.Middleware(sameAgain)(nethttp.Serve(h)),
		"Exchange": func(c *microroute.Context) error {
			h.ServeHTTP(nethttp.Exchange(c))
			if c.Response.MIMEType == "" { // nothing has been written: the empty page would be HTML
				c.Response.MIMEType = "-"
			}
			return nil
		},
	}
}

// sameAgain is middleware that does nothing but to wrap the writer.
func sameAgain(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(wrapped{w}, r) })
}

type wrapped struct{ http.ResponseWriter }

func (w wrapped) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// unlike is where an App does not do quite the same, and why.
var unlike = map[string]struct {
	how []string
	why string
}{
	"a body that is too large":     {[]string{"Serve", "Middleware", "Exchange"}, "http.MaxBytesReader tells only net/http; the rest of the body is little, so the connection goes on"},
	"a length that is none":        {[]string{"Serve", "Middleware", "Exchange"}, "the true one is told"},
	"announced trailer fields":     {[]string{"Exchange"}, "nobody looks for them when the handler has returned"},
	"trailer fields with a prefix": {[]string{"Exchange"}, "nobody looks for them when the handler has returned"},
	"a declared length to HEAD":    {[]string{"Exchange"}, "the page is the App's, for nothing has been written, and it is empty"},
	"nothing to HEAD":              {[]string{"Exchange"}, "the page is the App's, for nothing has been written, and it is empty"},
	"an abort":                     {[]string{"Exchange"}, "it is a panic like others"},
}
