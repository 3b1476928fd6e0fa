package listener

import (
	"io/fs"
	"math"
	"net"
	"os"
	"syscall"
)

// bind listens on a socket whose file has no more permissions than mode from its first moment on: the file of a socket is
// created with those that the socket itself has, less the umask.
//
// A net.ListenConfig with a Control could do it, too, but knows how to look up names of hosts, which is a sixteenth of a
// small program.
func bind(path string, mode fs.FileMode) (*net.UnixListener, error) {
	fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC|syscall.SOCK_NONBLOCK, 0)
	if err != nil {
		return nil, os.NewSyscallError("socket", err)
	}
	f := os.NewFile(uintptr(fd), path)
	defer f.Close()
	if err := syscall.Fchmod(fd, uint32(mode)); err != nil {
		return nil, os.NewSyscallError("fchmod", err)
	}
	if err := syscall.Bind(fd, &syscall.SockaddrUnix{Name: path}); err != nil {
		return nil, os.NewSyscallError("bind", err)
	}
	l, err := listen(fd, f)
	if err != nil {
		os.Remove(path)
		return nil, err
	}
	l.SetUnlinkOnClose(true)
	return l, nil
}

// listen returns the listener of a socket that has its address. Its queue is as long as the system permits.
func listen(fd int, f *os.File) (*net.UnixListener, error) {
	if err := syscall.Listen(fd, math.MaxInt32); err != nil {
		return nil, os.NewSyscallError("listen", err)
	}
	l, err := net.FileListener(f)
	if err != nil {
		return nil, err
	}
	return l.(*net.UnixListener), nil
}
