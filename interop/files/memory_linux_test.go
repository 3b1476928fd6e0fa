package files_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestTenGigabytes fetches the ends of a file that is larger than most memories, and then all of it, while the server's
// memory must not grow. The file has holes, so it takes no room on the disk.
func TestTenGigabytes(t *testing.T) {
	const (
		size           = 10 << 30
		mostRSS        = 16 << 20 // that the server may take in addition
		beginning, end = "the beginning", "the end"
	)
	root := newSite(t, map[string]string{"ten.bin": beginning})
	file, err := os.OpenFile(filepath.Join(root, "ten.bin"), os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = file.WriteAt([]byte(end), size-int64(len(end)))
	if err = errors.Join(err, file.Close()); err != nil {
		t.Fatal(err)
	}
	for name, engine := range engines {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // the system reads the file only once then
			address, pid := startChild(t, settings{root, engine})
			c := newCurl(t, address)
			c.patience = 4 * time.Minute
			for ranges, want := range map[string]string{"0-12": beginning, "-7": end} {
				if got := c.get("/ten.bin", "-r", ranges); got.status != 206 || got.content != want {
					t.Errorf("-r %s: got %d %q, want 206 %q", ranges, got.status, got.content, want)
				}
			}
			if got := c.get("/ten.bin", "-I"); got.header.Get("Content-Length") != strconv.Itoa(size) {
				t.Errorf("-I: got Content-Length %q, want %d", got.header.Get("Content-Length"), size)
			}
			if testing.Short() {
				return
			}
			before := memory(t, pid, "VmRSS")
			if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", pid), []byte("5"), 0); err != nil { // proc_pid_clear_refs(5)
				t.Fatal(err)
			}
			got := c.get("/ten.bin", "-o", os.DevNull, "-w", "%{size_download}")
			if got.code != 0 || got.status != 200 || got.content != strconv.Itoa(size) {
				t.Errorf("got exit %d, status %d, %s octets, want 0, 200, %d", got.code, got.status, got.content, size)
			}
			if peak := memory(t, pid, "VmHWM"); peak-before > mostRSS {
				t.Errorf("the server's memory went from %d to %d bytes, want %d more at most", before, peak, mostRSS)
			}
		})
	}
}

// memory returns a size that the system tells of a process, in bytes.
func memory(t *testing.T, pid int, name string) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "\n"+name+":")
	number, _, _ := strings.Cut(rest, " kB")
	kib, err := strconv.Atoi(strings.TrimSpace(number))
	if err != nil {
		t.Fatalf("%s of %d: %v", name, pid, err)
	}
	return kib << 10
}
