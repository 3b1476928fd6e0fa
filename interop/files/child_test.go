package files_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/microroute/microroute"
)

// childVariable is what makes a server of the test binary: its settings, as JSON.
const childVariable = "MICROROUTE_FILES_CHILD"

// settings of a child.
type settings struct {
	Root   string
	Engine microroute.Engine
}

func TestMain(m *testing.M) {
	if text := os.Getenv(childVariable); text != "" {
		if err := runChild(text); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// runChild serves a root, says where, and ends in good order when its input does.
func runChild(text string) error {
	var with settings
	if err := json.Unmarshal([]byte(text), &with); err != nil {
		return err
	}
	app := microroute.New(microroute.Config{Root: with.Root, Engine: with.Engine, Logger: slog.New(slog.DiscardHandler)})
	server, err := app.Start("127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(server.Addr())
	io.Copy(io.Discard, os.Stdin)
	ctx, cancel := context.WithTimeout(context.Background(), soon)
	defer cancel()
	return server.Shutdown(ctx)
}

// startChild runs a server in a process of its own until the test ends.
func startChild(t *testing.T, with settings) (address string, pid int) {
	t.Helper()
	text, err := json.Marshal(with)
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), childVariable+"="+string(text))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("the server ends with %v", err)
		}
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the server says %q: %v", line, err)
	}
	return strings.TrimSpace(line), cmd.Process.Pid
}
