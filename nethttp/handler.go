// Package nethttp connects microroute with net/http: it makes an App an http.Handler, for http.Server and everything that
// is built upon it.
//
//	http.ListenAndServe(":8080", nethttp.Handler(app))
//
// What net/http does not let a handler do is not there: reason phrases are net/http's own, Response.Client takes the
// connection over as http.Hijacker does, so that nothing else can be sent then, and over HTTP/2 it is
// microroute.ErrNoClient. Malformed requests are answered by net/http, by its rules.
package nethttp

import (
	"net/http"

	"github.com/microroute/microroute"
)

// Handler returns an http.Handler that serves app. It ends the setting up of app, and panics if that has mistakes; call
// App.Prepare before to handle them. The http.Handler may be shared between goroutines.
func Handler(app *microroute.App) http.Handler {
	if err := app.Prepare(); err != nil {
		panic(err)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x := newExchange(w, r)
		app.Serve(x)
		x.finish()
	})
}
