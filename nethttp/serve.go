package nethttp

import (
	"net/http"
	"strings"

	"github.com/microroute/microroute"
)

// Serve returns a Handler that has h answer, for everything that is written for net/http:
//
//	app.Get("/metrics", nethttp.Serve(promhttp.Handler()))
//
// h gets what Exchange returns, and keeps net/http's contract; http.TrailerPrefix is part of that, too. Middleware around it may
// still change the header of what is short and has not been flushed. If h sets no status, the Response's is sent: 200, unless
// somebody has changed it. If h panics before anything has been sent, the client gets an error page; http.ErrAbortHandler closes
// the connection, and nothing is logged.
func Serve(h http.Handler) microroute.Handler {
	return func(c *microroute.Context) error {
		v := viewOf(c)
		return v.serve(h, v.request)
	}
}

// Mount has h answer everything at and below a prefix, whatever the method, like a pattern of http.ServeMux that ends in a slash:
// the prefix itself, without one, is redirected to the prefix with it. More specific rules go before.
//
//	nethttp.Mount(app.Routes, "/debug/pprof", http.DefaultServeMux)
//
// The path in the request is the whole one. For a handler that wants the rest of it only, put http.StripPrefix around it; the
// prefixes of groups are part of what it takes away:
//
//	nethttp.Mount(app.Routes, "/files", http.StripPrefix("/files", http.FileServerFS(files)))
func Mount(routes *microroute.Routes, prefix string, h http.Handler) {
	below := Serve(h)
	routes.Handle("*", prefix, redirectToSlash(below))
	routes.Handle("*", strings.TrimSuffix(prefix, "/")+"/<path:rest>", below)
}

// redirectToSlash has next answer for a path that ends in a slash, and redirects others to it.
func redirectToSlash(next microroute.Handler) microroute.Handler {
	return func(c *microroute.Context) error {
		head := c.Exchange().Head()
		if strings.HasSuffix(head.RawPath(), "/") {
			return next(c)
		}
		location := head.RawPath() + "/" // two slashes, which would lead to another host, match no rule
		if query := head.Query(); query != "" {
			location += "?" + query
		}
		return c.Response.Redirect(location, http.StatusTemporaryRedirect)
	}
}
