//go:build unix

package files

import (
	"errors"
	"io/fs"
	"path/filepath"
	"syscall"
)

// nonBlocking makes opening a FIFO without a writer return at once.
const nonBlocking = syscall.O_NONBLOCK

// absolute returns a path that means the same wherever the program goes. It does what filepath.Abs does, whose ways around a
// system without getcwd would be 28 KB of every program.
func absolute(dir string) (string, error) {
	if filepath.IsAbs(dir) {
		return dir, nil
	}
	working, err := syscall.Getwd()
	return filepath.Join(working, dir), err
}

// isUnreachable reports whether err says that a name cannot be that of a file: it is too long or not well formed, runs
// through something that is no directory, in circles, or out of the root. The error of an os.Root for that is no errno.
func isUnreachable(err error) bool {
	failure, ok := errors.AsType[*fs.PathError](err)
	if !ok {
		return false
	}
	errno, ok := errors.AsType[syscall.Errno](failure.Err)
	if !ok {
		return failure.Err.Error() == escapes
	}
	switch errno {
	case syscall.ENAMETOOLONG, syscall.EINVAL, syscall.EILSEQ, syscall.ENOTDIR, syscall.ELOOP, syscall.ENXIO,
		syscall.EXDEV: // what openat2 says to a name that leads out
		return true
	}
	return false
}
