package microroute_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// How large stripped programs may be, octets. See docs/decisions/size-of-a-program.md for what they are made of before
// raising this.
const (
	maxHello = 3_500_000
	maxFiles = 3_850_000
)

// What every program has to carry does not grow unnoticed: one import too many can cost a quarter of a megabyte.
func TestSizeOfHello(t *testing.T) { checkSize(t, "./examples/hello", maxHello) }

// The same program with a static root has the file server on top of that.
func TestSizeOfFileServer(t *testing.T) {
	hello, err := os.ReadFile("examples/hello/main.go")
	if err != nil {
		t.Fatal(err)
	}
	files := bytes.Replace(hello, []byte("New()"), []byte(`New(microroute.Config{Root: "www"})`), 1)
	program := filepath.Join(t.TempDir(), "main.go")
	if err := os.WriteFile(program, files, 0o644); err != nil {
		t.Fatal(err)
	}
	checkSize(t, program, maxFiles)
}

// checkSize builds a package, or a file, and compares the size of the program with what it may be.
func checkSize(t *testing.T, source string, most int64) {
	t.Helper()
	if testing.Short() {
		t.Skip("builds a program")
	}
	program := filepath.Join(t.TempDir(), "program")
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", program, source)
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=amd64", "GOFLAGS=")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	info, err := os.Stat(program)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d octets", info.Size())
	if info.Size() > most {
		t.Errorf("got %d octets, want at most %d: what is new in `go list -deps %s`?", info.Size(), most, source)
	}
}
