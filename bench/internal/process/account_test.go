//go:build linux

package process

import (
	"os"
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

func TestThisProcess(t *testing.T) {
	if _, err := CPU(os.Getpid()); err != nil {
		t.Error(err)
	}
	if rss, err := RSS(os.Getpid()); err != nil || rss < 1<<20 {
		t.Errorf("got %d, %v, want more than 1 MiB", rss, err)
	}
}
