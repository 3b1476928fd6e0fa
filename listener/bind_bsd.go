//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package listener

import (
	"io/fs"
	"net"
	"sync"
	"syscall"
)

// umask is held by who has changed the umask of the process, so that it is set back to what it was.
var umask sync.Mutex

// bind listens on a socket whose file has no more permissions than mode from its first moment on.
func bind(path string, mode fs.FileMode) (*net.UnixListener, error) {
	umask.Lock()
	defer umask.Unlock()
	defer syscall.Umask(syscall.Umask(int(fs.ModePerm &^ mode)))
	return net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
}
