//go:build unix

package systemd

import "syscall"

// closeOnExec keeps a descriptor from programs that are started. It fails if the descriptor is not open.
func closeOnExec(fd uintptr) error {
	var stat syscall.Stat_t
	if err := syscall.Fstat(int(fd), &stat); err != nil {
		return err
	}
	syscall.CloseOnExec(int(fd))
	return nil
}
