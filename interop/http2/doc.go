// Package http2 has no code of its own: its tests have h2spec say how well a server keeps to HTTP/2, with TLS and without, and
// attack it with frames that no client sends, as those do that want to bring a server down.
//
//	go test ./...
//	go test -short ./...   # without h2spec, which waits a lot
package http2
