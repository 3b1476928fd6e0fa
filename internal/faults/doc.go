// Package faults is a suite of tests for what goes wrong around a server: clients that are slow, silent, rude or too many,
// files that shrink while they are sent, descriptors and memory that run out, handlers that panic, and an end in the
// middle of work. Each test runs on both engines and checks that nothing is left behind: no goroutine, no descriptor, no
// connection.
//
// The usual run takes few clients and is over soon. The long one takes as many as the engines are made for:
//
//	go test ./internal/faults
//	go test ./internal/faults -long -timeout 1h
package faults
