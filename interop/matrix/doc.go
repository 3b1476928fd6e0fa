// Package matrix has no code of its own: its test plays every wire case of the contract over every way to an App, on both
// engines and on net/http, from octets over TCP to HTTP/3.
//
//	go test ./...
package matrix
