// Package nethttp has no code of its own: its tests have well-known handlers, middleware and clients that are written for
// net/http work with an App, on every engine, over TLS and HTTP/2: pprof, Prometheus, OpenTelemetry, the reverse proxy of the
// standard library, the middleware of chi and gorilla, three WebSocket libraries.
//
//	go test -race ./...
package nethttp
