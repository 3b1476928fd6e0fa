//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package listener

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// listenFile listens on a socket that has a file. The file is the owner's alone until it has its group and its mode.
func listenFile(path string, config UnixConfig) (*net.UnixListener, error) {
	group, err := groupID(config.Group)
	if err != nil {
		return nil, err
	}
	unlock, err := lock(path + ".lock")
	if err != nil {
		return nil, err
	}
	defer unlock()
	if err := removeStale(path); err != nil {
		return nil, err
	}
	l, err := bind(path, config.mode()&0o700)
	if err != nil {
		return nil, err
	}
	if err := share(path, group, config.mode()); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// groupID returns the number of a group, -1 for the group "".
func groupID(group string) (int, error) {
	if group == "" {
		return -1, nil
	}
	if _, err := strconv.ParseUint(group, 10, 31); err != nil {
		found, err := user.LookupGroup(group)
		if err != nil {
			return 0, err
		}
		group = found.Gid
	}
	return strconv.Atoi(group)
}

// removeStale removes a socket on which nobody listens.
func removeStale(path string) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case info.Mode().Type() != fs.ModeSocket:
		return ErrNotSocket
	}
	conn, err := net.DialUnix("unix", nil, &net.UnixAddr{Name: path, Net: "unix"})
	switch {
	case err == nil:
		conn.Close()
		return ErrInUse
	case errors.Is(err, syscall.EPROTOTYPE), errors.Is(err, syscall.EAGAIN): // not by connections, or too busy for one
		return ErrInUse
	case errors.Is(err, syscall.ECONNREFUSED):
		return os.Remove(path)
	}
	return fmt.Errorf("there is a socket that cannot be tried: %w", err)
}

// share gives the file its group, if that is not -1, and then its mode.
func share(path string, group int, mode fs.FileMode) error {
	if group >= 0 {
		if err := os.Lchown(path, -1, group); err != nil {
			return err
		}
	}
	return os.Chmod(path, mode)
}
