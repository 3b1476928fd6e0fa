//go:build linux

package process_test

import (
	"errors"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/microroute/microroute/bench/internal/process"
)

// TestStartEnds starts what is no server.
func TestStartEnds(t *testing.T) {
	_, err := process.Start(t.Context(), -1, t.TempDir(), "/bin/sh", "-c", "true") // -addr is no option of sh
	if err == nil || !strings.Contains(err.Error(), "ended by itself") || !strings.Contains(err.Error(), "option") {
		t.Errorf("got error %v, want one that says how it ended, and with which words", err)
	}
}

func TestStartOn(t *testing.T) {
	for _, cpu := range []int{-1, 0} {
		var output strings.Builder
		cmd := exec.Command("grep", "Cpus_allowed_list", "/proc/self/status")
		cmd.Stdout = &output
		if err := process.StartOn(cmd, cpu); errors.Is(err, syscall.EINVAL) {
			t.Skipf("processor %d is none of this process's", cpu)
		} else if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Fatal(err)
		}
		if pinned := strings.HasSuffix(output.String(), "\t0\n"); pinned != (cpu == 0 || runtime.NumCPU() == 1) {
			t.Errorf("processor %d: got %q", cpu, output.String())
		}
	}
}
