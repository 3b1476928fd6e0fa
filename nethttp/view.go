package nethttp

import (
	"net/http"

	"github.com/microroute/microroute"
)

// Exchange returns the exchange that c is about as net/http has it, for libraries that want that; each time the same two.
//
//	app.Get("/chat", func(c *microroute.Context) error {
//		w, r := nethttp.Exchange(c)
//		conn, err := websocket.Accept(w, r, nil)
//		…
//	})
//
// The Request is what c.Request says at the first call: header and client's address, too. Its Context is c.Context with net/http's
// keys: in an App that does not run on net/http, http.ServerContextKey has an http.Server that serves nothing. PathValue has
// the rule's variables, Pattern is the rule. The Body is c.Request.Body with the errors of net/http: *http.MaxBytesError for
// content above the limit. Another goroutine may read it.
//
// The ResponseWriter is an http.Flusher, http.Hijacker, io.ReaderFrom and io.StringWriter, and does all that
// http.ResponseController asks for. Its Header begins with the fields of c.Response. What is changed there is changed in
// c.Response by WriteHeader or the first Write, or else when the header is sent. What is written is the body; then it does not
// matter what the handler returns. Up to 4 KB that are not flushed are sent when it has returned, with their length, and middleware
// may change the header until then. Fields behind the content go to c.Response.Trailer.
//
// For an http.Handler use Serve: it knows its end, and what it panics with. When c's handler has returned, both are dead: what is
// done with them fails.
func Exchange(c *microroute.Context) (http.ResponseWriter, *http.Request) {
	v := viewOf(c)
	return &v.writer, v.request
}

// view is an exchange as net/http sees it.
type view struct {
	c       *microroute.Context
	writer  writer
	request *http.Request
	body    body
	context requestContext
}

// views finds the view of an exchange that has one.
var views = microroute.NewKey[*view]("net/http")

func viewOf(c *microroute.Context) *view {
	if v, ok := views.Get(c); ok && v.c == c { // what is inside of middleware inherits the values, but has a view of its own
		return v
	}
	v := &view{c: c}
	v.writer.begin(c)
	v.context.begin(c)
	v.request = newRequest(v)
	views.Set(c, v)
	c.OnEnd(v.end)
	return v
}

// end takes the exchange away from those who still have it.
func (v *view) end() {
	v.body.end()
	v.writer.end()
	v.context.end()
	if form := v.request.MultipartForm; form != nil {
		form.RemoveAll()
	}
}

// serve has h answer r.
func (v *view) serve(h http.Handler, r *http.Request) error {
	defer func() {
		switch cause := recover(); cause {
		case nil:
		case http.ErrAbortHandler:
			v.abort()
		default:
			panic(cause)
		}
	}()
	v.writer.scoped = true
	h.ServeHTTP(&v.writer, r)
	return v.writer.finish()
}

// abort ends the connection in such a way that the client can tell.
func (v *view) abort() {
	if v.c.Response.Sent() {
		v.c.Response.Abort(http.StatusInternalServerError)
	} else {
		v.c.Response.Close()
	}
}
