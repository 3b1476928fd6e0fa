//go:build unix

package listener

import (
	"fmt"
	"os"
	"syscall"
)

// checkListening returns an error unless fd is a stream socket that listens, of a family that package net knows.
func checkListening(fd uintptr) error {
	name, err := syscall.Getsockname(int(fd))
	switch {
	case err == syscall.ENOTSOCK:
		return fmt.Errorf("%w: no socket at all", ErrNotListening)
	case err != nil:
		return os.NewSyscallError("getsockname", err)
	}
	kind, err := syscall.GetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_TYPE)
	if err != nil {
		return os.NewSyscallError("getsockopt", err)
	}
	switch kind {
	case syscall.SOCK_STREAM:
	case syscall.SOCK_DGRAM:
		return fmt.Errorf("%w, but one for datagrams", ErrNotListening)
	default:
		return fmt.Errorf("%w, but one of type %d", ErrNotListening, kind)
	}
	switch name.(type) {
	case *syscall.SockaddrInet4, *syscall.SockaddrInet6, *syscall.SockaddrUnix:
	default:
		return fmt.Errorf("%w for TCP or unix", ErrNotListening)
	}
	listens, err := syscall.GetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_ACCEPTCONN)
	if err != nil {
		return os.NewSyscallError("getsockopt", err)
	}
	if listens == 0 {
		return fmt.Errorf("%w: listen(2) was not called", ErrNotListening)
	}
	return nil
}
