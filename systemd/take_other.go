//go:build !unix

package systemd

import "errors"

func closeOnExec(uintptr) error { return errors.ErrUnsupported }
