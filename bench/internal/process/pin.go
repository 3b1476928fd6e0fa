//go:build linux

package process

import (
	"os/exec"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// StartOn starts cmd on the processor cpu, or on any if that is negative; a program in Go sets its GOMAXPROCS by it. The
// process is the first of a group of its own, and is asked to end when this one does.
func StartOn(cmd *exec.Cmd, cpu int) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	if cpu < 0 {
		return cmd.Start()
	}
	// A child inherits the processors of the thread that starts it, so the thread goes there and back.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var before, one unix.CPUSet
	if err := unix.SchedGetaffinity(0, &before); err != nil {
		return err
	}
	one.Set(cpu)
	if err := unix.SchedSetaffinity(0, &one); err != nil {
		return err
	}
	defer unix.SchedSetaffinity(0, &before)
	return cmd.Start()
}
