// Command nethttp is the program of the chapter about net/http: handlers and middleware that were written for it, in an App.
//
//	go run ./examples/guide/nethttp
//	go run ./examples/guide/nethttp -backend http://127.0.0.1:9000
package main

import (
	"bytes"
	"context"
	"expvar"
	"flag"
	"fmt"
	"log"
	"net/http"
	"net/http/httputil"
	_ "net/http/pprof"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/nethttp"
)

func main() {
	backend := flag.String("backend", "http://127.0.0.1:9000", "`URL` that requests below /api go to")
	flag.Parse()
	target, err := url.Parse(*backend)
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(newApp(target, boil).Run(":8080"))
}

// boil boils tea.
func boil(ctx context.Context) (string, error) {
	select {
	case <-time.After(10 * time.Millisecond):
		return "Here it is.", nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func newApp(backend *url.URL, boil func(ctx context.Context) (string, error)) *microroute.App {
	app := microroute.New()
	addHandlers(app)
	addProxy(app, backend)
	addMiddleware(app)
	addTimeout(app, boil)
	addExchange(app)
	return app
}

// addHandlers shows handlers that others have written.
func addHandlers(app *microroute.App) {
	app.Get("/debug/vars", nethttp.Serve(expvar.Handler()))

	// import _ "net/http/pprof"
	nethttp.Mount(app.Routes, "/debug/pprof", http.DefaultServeMux)
}

// addProxy hands over a part of the site to another server.
func addProxy(app *microroute.App, backend *url.URL) {
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(backend)
		r.SetXForwarded()
	}}
	nethttp.Mount(app.Routes, "/api", http.StripPrefix("/api", proxy))
}

// addMiddleware shows middleware of the standard library, and some of our own.
func addMiddleware(app *microroute.App) {
	protection := http.NewCrossOriginProtection()
	app.Use(nethttp.Middleware(protection.Handler, numbering()))
	app.Get("/number", func(c *microroute.Context) string {
		return fmt.Sprint("You are number ", c.Context().Value(number{}), ".")
	})
	app.Post("/order", func(c *microroute.Context) string { return "Thank you!" })
}

type number struct{}

// numbering counts the requests, and tells handlers which theirs is.
func numbering() func(http.Handler) http.Handler {
	var requests atomic.Int64
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			n := requests.Add(1)
			w.Header().Set("X-Number", fmt.Sprint(n))
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), number{}, n)))
		})
	}
}

// addTimeout gives a handler a second, and its client an answer then.
func addTimeout(app *microroute.App, boil func(ctx context.Context) (string, error)) {
	timeout := func(next http.Handler) http.Handler {
		return http.TimeoutHandler(next, time.Second, "This takes too long.")
	}
	app.With(nethttp.Middleware(timeout)).Get("/tea", func(c *microroute.Context) (string, error) {
		return boil(c.Context())
	})
}

// addExchange shows a handler of ours that calls functions of theirs.
func addExchange(app *microroute.App) {
	app.Get("/report/<name>", func(c *microroute.Context, name string) error {
		report, changed, err := find(name)
		if err != nil {
			return err
		}
		w, r := nethttp.Exchange(c)
		http.ServeContent(w, r, name+".txt", changed, bytes.NewReader(report))
		return nil
	})
}

func find(name string) (report []byte, changed time.Time, err error) {
	if name != "june" {
		return nil, time.Time{}, &microroute.Error{Status: http.StatusNotFound}
	}
	return []byte("We have drunk a lot of tea.\n"), time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC), nil
}
