//go:build linux

package process

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

func TestParseStat(t *testing.T) {
	stat := "42 (a) strange) name) S 1 42 42 0 -1 4194560 100 0 0 0 150 25 0 0 20 0 5 0 100 1000000 500"
	got, err := parseStat([]byte(stat))
	if want := 1750 * time.Millisecond; got != want || err != nil {
		t.Errorf("%q: got %v, %v, want %v", stat, got, err, want)
	}
	if got, err := parseStat([]byte("42 (short) S 1")); err == nil {
		t.Errorf("a short line: got %v, want an error", got)
	}
}

func TestParseStatus(t *testing.T) {
	status := "Name:\ta\nVmHWM:\t    9000 kB\nVmRSS:\t    5120 kB\nThreads:\t1\n"
	got, err := parseStatus([]byte(status))
	if want := int64(5 << 20); got != want || err != nil {
		t.Errorf("%q: got %d, %v, want %d", status, got, err, want)
	}
	if got, err := parseStatus([]byte("Name:\ta\n")); err == nil {
		t.Errorf("no VmRSS: got %d, want an error", got)
	}
}

// TestDescendants measures a shell before and after it has a child and a grandchild.
func TestDescendants(t *testing.T) {
	cmd := exec.Command("sh", "-c", "echo up; read line; sh -c 'sleep 60; true' & wait")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := StartOn(cmd, -1); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		cmd.Wait()
	})
	if _, err := out.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	alone, err := RSS(cmd.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(in, "go on")
	// While a program begins, it has no memory to tell of.
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); {
		processes := 0
		err = each(cmd.Process.Pid, "stat", func([]byte) error { processes++; return nil })
		all, failed := RSS(cmd.Process.Pid)
		if processes == 3 && all > 2*alone && err == nil && failed == nil {
			return
		}
		err = fmt.Errorf("%d processes with %d bytes: %w", processes, all, errors.Join(err, failed))
	}
	t.Errorf("got %v, want 3 with more than twice the %d of one", err, alone)
}

func TestThisProcess(t *testing.T) {
	if _, err := CPU(os.Getpid()); err != nil {
		t.Error(err)
	}
	if rss, err := RSS(os.Getpid()); err != nil || rss < 1<<20 {
		t.Errorf("got %d, %v, want more than 1 MiB", rss, err)
	}
}
