// Package nethttp connects microroute with net/http, both ways. Handler makes an App an http.Handler, for http.Server and
// everything that is built upon it; HTTP2 and PriorKnowledge bring HTTP/2 to an App's own server. Serve, Mount and Middleware put
// handlers and middleware of net/http into an App, and Exchange gives a handler its http.ResponseWriter and *http.Request.
//
//	http.ListenAndServe(":8080", nethttp.Handler(app))
//
//	app.Get("/metrics", nethttp.Serve(promhttp.Handler()))
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
