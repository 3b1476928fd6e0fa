package listener

import (
	"fmt"
	"net"
	"os"
)

// FD returns a listener for a socket that listens already, of which the program has inherited the descriptor fd:
// a *net.TCPListener or *net.UnixListener. The name is for errors, and may be "".
//
// The listener has a descriptor of its own, which programs that are started do not inherit, and fd is closed. If it is
// not a stream socket that listens (ErrNotListening), it is left as it was. Closing the listener does not remove the file
// of a unix socket: that belongs to whoever has made it.
//
// The socket is made non-blocking, which other processes that have it notice.
func FD(fd uintptr, name string) (net.Listener, error) {
	l, err := inherit(fd, name)
	if err != nil {
		return nil, fmt.Errorf("listener: descriptor %d%s: %w", fd, inBrackets(name), err)
	}
	return l, nil
}

func inBrackets(name string) string {
	if name == "" {
		return ""
	}
	return " (" + name + ")"
}

func inherit(fd uintptr, name string) (net.Listener, error) {
	if err := checkListening(fd); err != nil {
		return nil, err
	}
	f := os.NewFile(fd, name)
	defer f.Close()
	return net.FileListener(f)
}
