// Package listener makes listeners that App.Start has no address for: several of them on one TCP port, unix sockets for
// certain users only, and sockets that the program has inherited from the one that started it.
//
//	l, err := listener.Unix("/run/tea/http", listener.UnixConfig{Mode: 0o660, Group: "www-data"})
//	if err != nil {
//		return err
//	}
//	return app.RunOn(l)
//
// What it returns are listeners of package net without anything around them, so that the event engine serves them. TLS
// is the business of package https, the PROXY protocol that of package proxyprotocol; both take these listeners.
// Package systemd finds the sockets that systemd passes on.
//
// Its errors are for errors.Is with the conditions below, those of package syscall, and errors.ErrUnsupported for what a
// platform does not have.
package listener

import "errors"

// The conditions under which there is no listener.
var (
	// ErrInUse is returned for a unix socket on which somebody listens. Of TCP ports the system says syscall.EADDRINUSE.
	ErrInUse = errors.New("somebody listens there already")
	// ErrNotSocket is returned where a unix socket was to be, but a file of another kind is.
	ErrNotSocket = errors.New("there is a file that is no socket")
	// ErrNotListening is returned for a descriptor of anything but a stream socket that listens.
	ErrNotListening = errors.New("not a stream socket that listens")
)
