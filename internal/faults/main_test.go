package faults_test

import (
	"flag"
	"os"
	"os/exec"
	"testing"
	"time"
)

var long = flag.Bool("long", false, "run with as many clients as the engines are made for")

// TestMain runs the tests, or the server that some of them need as a process of its own.
func TestMain(m *testing.M) {
	if settings := os.Getenv(childVariable); settings != "" {
		runChild(settings)
		return
	}
	flag.Set("test.parallel", "8") // those that run beside each other wait for most of their time
	flag.Parse()
	m.Run()
}

// soon is how long a test waits for what must happen; nothing that works takes as long.
const soon = 30 * time.Second

// many returns how many clients or requests a test takes: few, or in the long run all.
func many(few, all int) int {
	if *long {
		return all
	}
	return few
}

// eventually waits until done, or fails with what state says.
func eventually(t *testing.T, what string, done func() bool, state func() string) {
	t.Helper()
	for start := time.Now(); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Since(start) > soon {
			t.Fatalf("waited in vain until %s: %s", what, state())
		}
	}
}

// await waits for a value from c.
func await[T any](t *testing.T, what string, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(soon):
		t.Fatalf("waited in vain for %s", what)
		panic("unreachable")
	}
}

// need returns the path of a program. Where it is missing the test is skipped, unless CI is true.
func need(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatal(err)
	}
	if err != nil {
		t.Skip(err)
	}
	return path
}
