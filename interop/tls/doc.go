// Package tls has no code of its own: its tests have curl, OpenSSL's s_client and testssl.sh talk to servers of package
// https, and weigh what an idle connection costs beside net/http.
//
//	go test ./...
//	go test -short ./...   # without testssl.sh and the crowd
//
// A test whose program is not there is skipped, unless CI is true.
package tls
