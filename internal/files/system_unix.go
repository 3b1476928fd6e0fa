//go:build unix

package files

import (
	"errors"
	"io/fs"
	"syscall"
)

// nonBlocking makes opening a FIFO without a writer return at once.
const nonBlocking = syscall.O_NONBLOCK

// isUnreachable reports whether err says that a name cannot be that of a file: it is too long or not well formed, runs
// through something that is no directory, in circles, or out of an os.Root, whose error for that is no errno.
func isUnreachable(err error) bool {
	failure, ok := errors.AsType[*fs.PathError](err)
	if !ok {
		return false
	}
	errno, ok := errors.AsType[syscall.Errno](failure.Err)
	if !ok {
		return !errors.Is(err, fs.ErrClosed)
	}
	switch errno {
	case syscall.ENAMETOOLONG, syscall.EINVAL, syscall.EILSEQ, syscall.ENOTDIR, syscall.ELOOP, syscall.ENXIO:
		return true
	}
	return false
}
