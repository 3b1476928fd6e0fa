package microroute_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// maxHello is how large the stripped program of examples/hello may be, octets. See docs/decisions/size-of-a-program.md for what
// it is made of before raising this.
const maxHello = 3_670_016 // 3.5 MiB

// What every program has to carry does not grow unnoticed: one import too many can cost a quarter of a megabyte.
func TestSizeOfHello(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program")
	}
	program := filepath.Join(t.TempDir(), "hello")
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", program, "./examples/hello")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=amd64", "GOFLAGS=")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	info, err := os.Stat(program)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d octets", info.Size())
	if info.Size() > maxHello {
		t.Errorf("got %d octets, want at most %d: what is new in `go list -deps ./examples/hello`?", info.Size(), maxHello)
	}
}
