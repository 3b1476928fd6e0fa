//go:build !unix

package restart

import (
	"errors"
	"os"
	"syscall"
)

func duplicate(syscall.Conn) (*os.File, error) { return nil, errors.ErrUnsupported }

func checkPipe(int) error { return errors.ErrUnsupported }
