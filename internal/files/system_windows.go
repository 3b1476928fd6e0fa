package files

import (
	"errors"
	"io/fs"
	"path/filepath"
	"syscall"
)

// nonBlocking is not needed: the names of pipes and devices cannot be opened below a directory.
const nonBlocking = 0

const (
	errorInvalidName     = syscall.Errno(123)
	errorBadPathname     = syscall.Errno(161)
	errorNameTooLong     = syscall.Errno(206)
	errorDirectory       = syscall.Errno(267)
	errorCannotResolve   = syscall.Errno(1921)
	errorCannotBeReached = syscall.Errno(1920)
)

// absolute returns a path that means the same wherever the program goes.
func absolute(dir string) (string, error) { return filepath.Abs(dir) }

// isUnreachable reports whether err says that a name cannot be that of a file: it is too long or not well formed, runs
// through something that is no directory, in circles, or out of an os.Root, whose error for that is no errno.
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
	case errorInvalidName, errorBadPathname, errorNameTooLong, errorDirectory, errorCannotResolve, errorCannotBeReached,
		syscall.ENAMETOOLONG, syscall.EINVAL, syscall.ENOTDIR, syscall.ELOOP:
		return true
	}
	return false
}
