//go:build darwin || dragonfly || freebsd || netbsd || openbsd || (linux && !386 && !amd64 && !arm)

package listener

import "syscall"

const soReusePort = syscall.SO_REUSEPORT
