package engine

import (
	"io/fs"
	"net"
	"os"
)

// ownFile returns l or, for a unix listener, one that leaves the file alone when it is closed if that is another one by then.
// Package net removes whatever has the name.
func ownFile(l net.Listener) net.Listener {
	unix, ok := l.(*net.UnixListener)
	if !ok {
		return l
	}
	file, err := os.Lstat(unix.Addr().String())
	if err != nil {
		return l // an abstract socket
	}
	return &fileListener{unix, file}
}

type fileListener struct {
	*net.UnixListener
	file fs.FileInfo // its inode is not used again while the socket is open
}

// Close closes the listener, and has its file removed if the listener would do that and the file is still its own.
func (l *fileListener) Close() error {
	if file, err := os.Lstat(l.Addr().String()); err == nil && !os.SameFile(file, l.file) {
		l.SetUnlinkOnClose(false)
	}
	return l.UnixListener.Close()
}
