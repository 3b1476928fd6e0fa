// Command chi is github.com/go-chi/chi in the benchmark.
package main

import (
	"net"
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/microroute/microroute/bench/internal/site"
	"github.com/microroute/microroute/bench/internal/standard"
)

func main() {
	site.Main(func(l net.Listener, files site.Files) error {
		router := chi.NewRouter()
		standard.Register(files, chi.URLParam, router.MethodFunc)
		return http.Serve(l, router)
	})
}
