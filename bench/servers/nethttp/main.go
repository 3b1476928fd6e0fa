// Command nethttp is net/http and its ServeMux in the benchmark.
package main

import (
	"net"
	"net/http"

	"github.com/microroute/microroute/bench/internal/site"
	"github.com/microroute/microroute/bench/internal/standard"
)

func main() {
	site.Main(func(l net.Listener, files site.Files) error {
		mux := http.NewServeMux()
		standard.Register(files, (*http.Request).PathValue, func(method, pattern string, h http.HandlerFunc) {
			mux.HandleFunc(method+" "+pattern, h)
		})
		mux.Handle("GET /", http.FileServer(http.Dir(files)))
		return http.Serve(l, mux)
	})
}
