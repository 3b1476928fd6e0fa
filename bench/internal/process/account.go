//go:build linux

package process

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"time"
)

// tick is the unit of times in /proc, 1/USER_HZ, which is the same on all platforms that Go knows.
const tick = 10 * time.Millisecond

// CPU returns how long a process has been on a processor, its own time and the kernel's for it, in steps of 10 ms.
func CPU(pid int) (time.Duration, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	return parseStat(b)
}

// parseStat returns utime and stime, the fields 14 and 15 of proc_pid_stat(5). The second is the program's name, which
// may have spaces and parentheses itself.
func parseStat(b []byte) (time.Duration, error) {
	fields := bytes.Fields(b[bytes.LastIndexByte(b, ')')+1:])
	if len(fields) < 13 {
		return 0, fmt.Errorf("process: no times in %q", b)
	}
	var sum time.Duration
	for _, field := range fields[11:13] {
		n, err := strconv.ParseInt(string(field), 10, 64)
		if err != nil {
			return 0, err
		}
		sum += time.Duration(n) * tick
	}
	return sum, nil
}

// RSS returns the resident memory of a process in bytes.
func RSS(pid int) (int64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	return parseStatus(b)
}

// parseStatus returns VmRSS, which is in KiB.
func parseStatus(b []byte) (int64, error) {
	_, rest, _ := bytes.Cut(b, []byte("\nVmRSS:"))
	number, _, found := bytes.Cut(rest, []byte(" kB"))
	if !found {
		return 0, fmt.Errorf("process: no VmRSS in %q", b)
	}
	n, err := strconv.ParseInt(string(bytes.TrimSpace(number)), 10, 64)
	return n << 10, err
}
