//go:build linux

package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// patience is how long a test waits for what must happen.
const patience = 20 * time.Second

// programVariable makes the program of the test binary.
const programVariable = "MICROROUTE_TEST_LISTENERS"

func TestMain(m *testing.M) {
	if os.Getenv(programVariable) != "" {
		main()
		return
	}
	m.Run()
}

// The program is started with arguments and perhaps sockets, answers, and ends well.
func TestProgram(t *testing.T) {
	dir := t.TempDir()
	first, second := filepath.Join(dir, "first"), filepath.Join(dir, "second")
	for _, test := range []struct {
		name    string
		args    []string
		sockets []string // paths of those that the program inherits, called http and office
		want    map[string]string
		mode    os.FileMode // of the first, 0 for any
	}{
		{
			"addresses", []string{"unix:" + first, "127.0.0.1:0", "unix:" + second}, nil,
			map[string]string{first: "tea", second: "tea"}, 0,
		},
		{
			"proxy", []string{"-socket", first, "-group", fmt.Sprint(os.Getgid())}, nil,
			map[string]string{first: "tea"}, 0o660,
		},
		{"service", nil, []string{first, second}, map[string]string{first: "tea", second: "tea"}, 0},
		{"named service", []string{"-named"}, []string{first, second}, map[string]string{first: "tea", second: "the office"}, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			cmd := program(t, test.args, test.sockets)
			ready := notification(t, cmd)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			defer cmd.Process.Kill()
			if test.sockets != nil {
				ready() // from now on it knows what to do with signals
			}
			for path, want := range test.want {
				if got := get(t, path); got != want {
					t.Errorf("%s: got %q, want %q", path, got, want)
				}
			}
			if info, err := os.Stat(first); test.mode != 0 && (err != nil || info.Mode().Perm() != test.mode) {
				t.Errorf("got %v, %v, want mode %v", info, err, test.mode)
			}
			if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			defer time.AfterFunc(patience, func() { cmd.Process.Kill() }).Stop()
			if err := cmd.Wait(); err != nil {
				t.Errorf("the program ended with %v", err)
			}
		})
		os.Remove(first)
		os.Remove(second)
	}
}

func TestProgramFails(t *testing.T) {
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"-socket", "main.go"}, "listen unix main.go: there is a file that is no socket"},
		{[]string{"-shared", "localhost"}, "missing port"},
		{[]string{"-named"}, "without a listener"},
		{[]string{"127.0.0.1:0", "unix:main.go"}, "listen unix main.go"},
	} {
		output, err := program(t, test.args, nil).CombinedOutput()
		if err == nil || !strings.Contains(string(output), test.want) {
			t.Errorf("%q: got %v and %q, want it to say %q", test.args, err, output, test.want)
		}
	}
}

// program returns the program, with sockets in the way of systemd.
func program(t *testing.T, args, sockets []string) *exec.Cmd {
	t.Helper()
	name, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	start := `exec "$0" "$@"`
	if len(sockets) > 0 {
		start = fmt.Sprintf("export LISTEN_PID=$$ LISTEN_FDS=%d LISTEN_FDNAMES=http:office; ", len(sockets)) + start
	}
	cmd := exec.Command("/bin/sh", append([]string{"-c", start, name}, args...)...)
	cmd.Env = append(os.Environ(), programVariable+"=1", "GORACE=atexit_sleep_ms=0") // it would wait a second
	for _, path := range sockets {
		l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
		if err != nil {
			t.Fatal(err)
		}
		l.SetUnlinkOnClose(false)
		f, err := l.File()
		if err != nil {
			t.Fatal(err)
		}
		l.Close()
		t.Cleanup(func() { f.Close() })
		cmd.ExtraFiles = append(cmd.ExtraFiles, f)
	}
	return cmd
}

// notification has the program say when it is ready, as systemd has it; what it returns waits for that.
func notification(t *testing.T, cmd *exec.Cmd) (ready func()) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "notify")
	l, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	cmd.Env = append(cmd.Env, "NOTIFY_SOCKET="+path)
	return func() {
		t.Helper()
		l.SetReadDeadline(time.Now().Add(patience))
		message := make([]byte, 4096)
		n, err := l.Read(message)
		if err != nil || !strings.Contains(string(message[:n]), "READY=1") {
			t.Fatalf("got %q, %v, want READY=1", message[:n], err)
		}
	}
}

// get returns the answer of the App on a unix socket, as soon as there is one.
func get(t *testing.T, path string) string {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		conn, err := net.Dial("unix", path)
		if err != nil {
			if time.Now().After(deadline) {
				t.Fatal(err)
			}
			continue
		}
		defer conn.Close()
		conn.SetDeadline(deadline)
		fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
		response, err := io.ReadAll(conn)
		if err != nil {
			t.Fatal(err)
		}
		_, content, _ := strings.Cut(string(response), "\r\n\r\n")
		return content
	}
}
