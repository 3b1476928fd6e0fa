//go:build linux

package process

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// tick is the unit of times in /proc, 1/USER_HZ, which is the same on all platforms that Go knows.
const tick = 10 * time.Millisecond

// CPU returns how long a process and its descendants have been on a processor, their own time and the kernel's for them,
// in steps of 10 ms. Descendants that have ended are not counted.
func CPU(pid int) (sum time.Duration, err error) {
	err = each(pid, "stat", func(b []byte) error {
		d, err := parseStat(b)
		sum += d
		return err
	})
	return sum, err
}

// each calls f with a file that /proc has of a process, and with those of its descendants.
func each(pid int, file string, f func([]byte) error) error {
	dir := fmt.Sprintf("/proc/%d/", pid)
	b, err := os.ReadFile(dir + file)
	if err == nil {
		err = f(b)
	}
	if err != nil {
		return err
	}
	lists, err := filepath.Glob(dir + "task/*/children") // each thread has its own
	for _, list := range lists {
		children, err := os.ReadFile(list)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ESRCH) {
			continue // the thread has ended
		}
		if err != nil {
			return err
		}
		for child := range bytes.FieldsSeq(children) {
			number, err := strconv.Atoi(string(child))
			if err == nil {
				err = each(number, file, f)
			}
			if err != nil {
				return err
			}
		}
	}
	return err
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

// RSS returns the resident memory of a process and its descendants in bytes. What they share counts for each of them.
func RSS(pid int) (sum int64, err error) {
	err = each(pid, "status", func(b []byte) error {
		n, err := parseStatus(b)
		sum += n
		return err
	})
	return sum, err
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

// Model returns the name of the machine's processors, or "processor" if the system does not tell.
func Model() string {
	b, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "processor"
	}
	_, rest, _ := bytes.Cut(b, []byte("\nmodel name"))
	line, _, found := bytes.Cut(rest, []byte("\n"))
	if !found {
		return "processor"
	}
	return string(bytes.Trim(line, "\t :"))
}
