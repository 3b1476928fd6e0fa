//go:build linux

package process

import (
	"os/exec"
	"runtime"
	"syscall"
	"unsafe"
)

// cpuSet is the cpu_set_t of sched_setaffinity(2).
type cpuSet [16]uint64

// StartOn starts cmd on the processor cpu, or on any if that is negative; a program in Go sets its GOMAXPROCS by it. The
// process ends with this one.
func StartOn(cmd *exec.Cmd, cpu int) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if cpu < 0 {
		return cmd.Start()
	}
	// A child inherits the processors of the thread that starts it, so the thread goes there and back.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var before cpuSet
	if err := affinity(syscall.SYS_SCHED_GETAFFINITY, &before); err != nil {
		return err
	}
	var one cpuSet
	one[cpu/64] = 1 << (cpu % 64)
	if err := affinity(syscall.SYS_SCHED_SETAFFINITY, &one); err != nil {
		return err
	}
	defer affinity(syscall.SYS_SCHED_SETAFFINITY, &before)
	return cmd.Start()
}

// affinity gets or sets the processors of this thread.
func affinity(call uintptr, set *cpuSet) error {
	if _, _, errno := syscall.RawSyscall(call, 0, unsafe.Sizeof(*set), uintptr(unsafe.Pointer(set))); errno != 0 {
		return errno
	}
	return nil
}
