// Package files has no code of its own: its tests have curl fetch files from a server, resume, revalidate, decode and break
// off as people do with it, and ask over raw sockets for files that nobody may have.
//
//	go test ./...
//	go test -short ./...   # without the download of ten gigabytes
//
// Where there is no curl the tests with it are skipped, unless CI is true.
package files
