//go:build linux && race

package engine

import "syscall"

// Under the race detector the ordinary calls are used, which tell it of the memory that the kernel reads and writes.

func readSocket(fd int, p []byte) (int, syscall.Errno) {
	n, err := syscall.Read(fd, p[:min(len(p), maxRaw)])
	errno, _ := err.(syscall.Errno)
	return n, errno
}

func writeSocket(fd int, p []byte) (int, syscall.Errno) {
	n, err := syscall.Write(fd, p[:min(len(p), maxRaw)])
	errno, _ := err.(syscall.Errno)
	return n, errno
}
