package browser_test

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"
)

// serving is the line in which the tour says where it can be found.
var serving = regexp.MustCompile(`msg=serving address=(\S+)`)

// startTour builds the tour and starts it on a free port. It returns its address; at the end of the test the tour is asked
// to end, as a terminal would ask it, and must do so.
func startTour(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "tour")
	build := exec.Command("go", "build", "-C", filepath.Join("..", ".."), "-o", program, "./examples/tour")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the tour: %v\n%s", err, output)
	}
	tour := exec.Command(program, "-addr", "127.0.0.1:0")
	log, err := tour.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := tour.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		if found := serving.FindStringSubmatch(lines.Text()); found != nil {
			drained := make(chan struct{})
			go func() {
				defer close(drained)
				io.Copy(io.Discard, log)
			}()
			t.Cleanup(func() { endTour(t, tour, drained) })
			return "http://" + found[1] + "/"
		}
	}
	tour.Process.Kill()
	t.Fatalf("the tour does not serve: %v", tour.Wait())
	return ""
}

// endTour interrupts the tour, and fails the test if it does not end in good order.
func endTour(t *testing.T, tour *exec.Cmd, drained <-chan struct{}) {
	tour.Process.Signal(os.Interrupt)
	overdue := time.AfterFunc(patience, func() { tour.Process.Kill() })
	defer overdue.Stop()
	<-drained
	if err := tour.Wait(); err != nil {
		t.Errorf("ending the tour: %v", err)
	}
}
