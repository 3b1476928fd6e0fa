// Package standard is the routes of package site as handlers of net/http, for the routers that serve such.
package standard

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/microroute/microroute/bench/internal/site"
)

// Register registers the routes with handle, whose patterns are those of net/http: /gists/{id}. The function variable
// returns the value of a variable.
func Register(files site.Files, variable func(r *http.Request, name string) string, handle func(method, pattern string, h http.HandlerFunc)) {
	handle("GET", "/plaintext", func(w http.ResponseWriter, _ *http.Request) { text(w, site.Hello) })
	handle("GET", "/json", greet)
	handle("GET", "/goods/{name}/{price}/{n}", func(w http.ResponseWriter, r *http.Request) {
		answer, err := site.ParseGoods(variable(r, "name"), variable(r, "price"), variable(r, "n"))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		text(w, answer)
	})
	handle("POST", "/echo", echo)
	handle("GET", "/file/{name}", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, files.Path(variable(r, "name")))
	})
	handle("GET", "/stream", func(w http.ResponseWriter, _ *http.Request) { stream(w, 0) })
	handle("GET", "/drip", func(w http.ResponseWriter, _ *http.Request) { stream(w, site.Drip) })
	handle("GET", "/block", func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(site.Blocking)
		text(w, site.Hello)
	})
	for _, route := range site.GitHub() {
		handle(route.Method, route.Braces(), func(w http.ResponseWriter, r *http.Request) {
			text(w, route.AnswerFrom(func(name string) string { return variable(r, name) }))
		})
	}
}

func text(w http.ResponseWriter, s string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	io.WriteString(w, s)
}

func greet(w http.ResponseWriter, _ *http.Request) {
	b, err := json.Marshal(site.Greeting)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(b)
}

func echo(w http.ResponseWriter, r *http.Request) {
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, site.MaxBody))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	w.Write(b)
}

func stream(w http.ResponseWriter, pause time.Duration) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	for _, piece := range site.Pieces {
		time.Sleep(pause)
		io.WriteString(w, piece)
		http.NewResponseController(w).Flush()
	}
}
