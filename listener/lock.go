//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package listener

import (
	"os"
	"syscall"
)

// lock waits until no other process has the lock that is the file called name, and takes it until unlock is called. The
// file is removed then, so who has waited for it starts again if it is not the one that is there.
func lock(name string) (unlock func(), err error) {
	for {
		f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
		if err != nil {
			return nil, err
		}
		if err := flock(f); err != nil {
			f.Close()
			return nil, err
		}
		if is(f, name) {
			return func() {
				os.Remove(name)
				f.Close()
			}, nil
		}
		f.Close()
	}
}

func flock(f *os.File) error {
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
		if err != syscall.EINTR {
			return os.NewSyscallError("flock", err)
		}
	}
}

// is reports whether f is the file that has the name.
func is(f *os.File, name string) bool {
	opened, openedErr := f.Stat()
	named, namedErr := os.Lstat(name)
	return openedErr == nil && namedErr == nil && os.SameFile(opened, named)
}
