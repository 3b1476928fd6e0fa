//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package listener

import (
	"errors"
	"fmt"
)

func setReusePort(uintptr) error { return fmt.Errorf("SO_REUSEPORT: %w", errors.ErrUnsupported) }
