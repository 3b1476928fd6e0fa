//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package listener

import (
	"errors"
	"fmt"
	"net"
)

func listenFile(string, UnixConfig) (*net.UnixListener, error) {
	return nil, fmt.Errorf("socket with a mode: %w", errors.ErrUnsupported)
}
