package listener

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"runtime"
	"strings"
	"syscall"
)

// UnixConfig is who may connect to a unix socket. The zero UnixConfig is for the program's own user.
type UnixConfig struct {
	// Mode is the mode of the socket's file. To connect takes the permission to write. Default 0600, with a Group 0660.
	Mode fs.FileMode
	// Group is the group of the file, by its name or its number; for a program that is not run by root it must be one of
	// the user's groups. Default: what the system gives to new files.
	Group string
}

func (c UnixConfig) mode() fs.FileMode {
	switch {
	case c.Mode != 0:
		return c.Mode
	case c.Group != "":
		return 0o660
	}
	return 0o600
}

// Unix listens on the unix socket path, on Linux, macOS and the BSDs.
//
// What path names already is left alone if it is a socket on which somebody listens (ErrInUse) or no socket (ErrNotSocket).
// A socket that a program has left behind without listening any more, which shows in that it refuses a connection, is
// removed. Programs that use Unix wait for each other meanwhile, with the help of a file beside it that is called
// path.lock, so that of two that find such a socket one gets the path and the other one ErrInUse.
//
// At no moment can anybody connect whom Mode and Group do not permit to. The file of a socket appears with all permissions
// that the umask leaves, and to change the umask for that moment would change it for everything else that the program
// creates. On Linux the socket is therefore given its mode before it has a path: bind(2) applies it to the file. It permits
// the owner only, until the file has its group. Other systems know no such thing; there it is the umask after all, so that
// files that are created by other goroutines just then may have fewer permissions than they should.
//
// When a Server closes the listener, the file is removed, unless another has taken its place. The listener's own Close, as
// package net has it, removes what has the name then: a program that gives its path away calls SetUnlinkOnClose(false).
//
// A path that begins with @ is a name in Linux's abstract namespace: there is no file, everybody on the machine (to be
// exact, in the network namespace) may connect, and a Mode or Group is an error.
func Unix(path string, config UnixConfig) (*net.UnixListener, error) {
	l, err := listenUnix(path, config)
	if err != nil {
		return nil, failed(path, err)
	}
	return l, nil
}

// failed returns the error of listening on a unix socket, in the form that those of package net have already.
func failed(path string, err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		err = ErrInUse
	}
	if _, formed := err.(*net.OpError); formed {
		return err
	}
	return &net.OpError{Op: "listen", Net: "unix", Addr: &net.UnixAddr{Name: path, Net: "unix"}, Err: err}
}

func listenUnix(path string, config UnixConfig) (*net.UnixListener, error) {
	switch mode := config.Mode; {
	case path == "":
		return nil, errors.New("no path")
	case mode&^fs.ModePerm != 0:
		return nil, fmt.Errorf("mode %v is not one of permissions", mode)
	case !strings.HasPrefix(path, "@"):
		return listenFile(path, config)
	case mode != 0 || config.Group != "":
		return nil, errors.New("an abstract socket has neither mode nor group")
	case runtime.GOOS != "linux":
		return nil, fmt.Errorf("abstract socket: %w", errors.ErrUnsupported)
	}
	return net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
}
