package http2_test

import (
	"bufio"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"regexp"
	"syscall"
	"testing"
	"time"
)

// patience is how long a test waits for what must happen; nothing that works takes as long.
const patience = time.Minute

// serving is what the program logs when it begins to serve.
var serving = regexp.MustCompile(`msg=serving address=(\S+)`)

// program returns a function that runs the contract's program until the test ends, and returns where it serves.
func program(file string, args ...string) func(t *testing.T) (addr string) {
	return func(t *testing.T) string {
		t.Helper()
		cmd := exec.Command(file, append(args, "-addr", "127.0.0.1:0")...)
		said, err := cmd.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		read := make(chan struct{})
		t.Cleanup(func() {
			end(t, cmd, read)
		})
		addr := make(chan string, 1)
		go func() {
			defer close(read)
			for lines := bufio.NewScanner(said); lines.Scan(); {
				if found := serving.FindStringSubmatch(lines.Text()); found != nil {
					addr <- found[1]
				}
			}
			close(addr)
		}()
		return <-addr
	}
}

// end ends the program as an operator does. It must not have died before, and go in good order.
func end(t *testing.T, cmd *exec.Cmd, read <-chan struct{}) {
	t.Helper()
	giveUp := time.AfterFunc(patience, func() { cmd.Process.Kill() })
	defer giveUp.Stop()
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Errorf("ending the program: %v", err)
	}
	<-read
	if err := cmd.Wait(); err != nil {
		t.Errorf("the program ends with %v", err)
	}
}

// hello reads all content before it answers, as the program does for the target /any.
func hello(w http.ResponseWriter, r *http.Request) {
	io.Copy(io.Discard, r.Body)
	io.WriteString(w, "hello")
}

func netHTTP(t *testing.T) (addr string) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(hello))
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

func netHTTPWithoutTLS(t *testing.T) (addr string) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(hello))
	server.Config.Protocols = new(http.Protocols)
	server.Config.Protocols.SetHTTP1(true)
	server.Config.Protocols.SetUnencryptedHTTP2(true)
	server.Start()
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}
