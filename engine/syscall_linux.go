//go:build linux && !race

package engine

import (
	"syscall"
	"unsafe"
)

// readSocket and writeSocket are plain calls that tell the scheduler nothing: the sockets are non-blocking, and what is
// moved at once is little, so they return before the scheduler could do anything with the time.

func readSocket(fd int, p []byte) (int, syscall.Errno) {
	n, _, errno := syscall.RawSyscall(syscall.SYS_READ, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(min(len(p), maxRaw)))
	return int(n), errno
}

func writeSocket(fd int, p []byte) (int, syscall.Errno) {
	n, _, errno := syscall.RawSyscall(syscall.SYS_WRITE, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(min(len(p), maxRaw)))
	return int(n), errno
}
