//go:build unix

package restart

import (
	"errors"
	"os"
	"syscall"
)

// duplicate returns another descriptor of a socket, for a successor. Both stand for the same socket with the same flags,
// and it must stay non-blocking: the event engine accepts from it until nobody waits. The File method of package net
// makes such a duplicate, too, but one that turns blocking when a process is started with it.
func duplicate(conn syscall.Conn) (*os.File, error) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return nil, err
	}
	duplicate, dupErr := -1, error(nil)
	err = raw.Control(func(fd uintptr) {
		syscall.ForkLock.RLock() // until it is closed on exec
		defer syscall.ForkLock.RUnlock()
		if duplicate, dupErr = syscall.Dup(int(fd)); dupErr == nil {
			syscall.CloseOnExec(duplicate)
		}
	})
	if err := errors.Join(err, os.NewSyscallError("dup", dupErr)); err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(duplicate), "listener"), nil
}

var errNoPipe = errors.New("no pipe")

// checkPipe returns an error unless the descriptor is a pipe's. It is kept from programs that are started.
func checkPipe(fd int) error {
	var stat syscall.Stat_t
	if err := syscall.Fstat(fd, &stat); err != nil {
		return os.NewSyscallError("fstat", err)
	}
	if stat.Mode&syscall.S_IFMT != syscall.S_IFIFO {
		return errNoPipe
	}
	syscall.CloseOnExec(fd)
	return nil
}
