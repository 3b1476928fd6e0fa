//go:build linux

package restart_test

import (
	"flag"
	"os"
	"syscall"
	"testing"
	"time"
)

var long = flag.Bool("long", false, "restart more often, and under more load")

// TestMain runs the tests, or the program that they restart.
func TestMain(m *testing.M) {
	if settings := os.Getenv(programVariable); settings != "" {
		runProgram(settings)
		return
	}
	flag.Parse()
	adoptOrphans()
	m.Run()
}

// adoptOrphans makes this process the parent of those whose own has ended, so that nothing is left of them.
func adoptOrphans() {
	const setChildSubreaper = 36
	if _, _, errno := syscall.Syscall(syscall.SYS_PRCTL, setChildSubreaper, 1, 0); errno != 0 {
		panic(errno)
	}
}

// soon is how long a test waits for what must happen; nothing that works takes as long.
const soon = 30 * time.Second

// many returns how many restarts or clients a test takes: few, or in the long run all.
func many(few, all int) int {
	if *long {
		return all
	}
	return few
}

// eventually waits until done, or fails with what state says.
func eventually(t *testing.T, what string, done func() bool, state func() string) {
	t.Helper()
	for start := time.Now(); !done(); time.Sleep(2 * time.Millisecond) {
		if time.Since(start) > soon {
			t.Fatalf("waited in vain until %s: %s", what, state())
		}
	}
}
