//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package listener

import (
	"os"
	"syscall"
)

func setReusePort(fd uintptr) error {
	return os.NewSyscallError("setsockopt", syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, soReusePort, 1))
}
