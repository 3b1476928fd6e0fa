//go:build linux

package systemd_test

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A service serves the sockets that it is passed, says when it is ready, is alive, and says that it stops when it begins
// to: a request that is under way then is still answered.
func TestRun(t *testing.T) {
	tcp := openTCP(t)
	unix, path := openUnix(t)
	m := newManager(t, notifySocket(t))
	s := startService(t, "run", []*os.File{tcp.file, unix}, "LISTEN_PID=$$", "LISTEN_FDS=2",
		"NOTIFY_SOCKET="+m.conn.LocalAddr().String(), "WATCHDOG_PID=$$", "WATCHDOG_USEC=20000")
	unix.Close() // or it would be open for ever
	if got, want := m.next(), "READY=1\nSTATUS=serving "+tcp.address+", "+path; got != want {
		t.Fatalf("got %q, want %q", got, want)
	}
	for range 3 {
		if got := m.next(); got != "WATCHDOG=1" {
			t.Errorf("got %q, want %q", got, "WATCHDOG=1")
		}
	}
	for _, address := range []net.Addr{tcpAddr(t, tcp.address), &net.UnixAddr{Name: path, Net: "unix"}} {
		conn := dial(t, address)
		fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
		if got := readUntil(t, conn, "tea"); !strings.HasPrefix(got, "HTTP/1.1 200 ") {
			t.Errorf("%v: got %q, want status 200", address, got)
		}
	}

	upload := dial(t, tcpAddr(t, tcp.address))
	fmt.Fprint(upload, "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n")
	readUntil(t, upload, "begun")
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if got, want := m.await(), "STOPPING=1\nSTATUS=finishing what is under way"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	rest := m.readOn()
	fmt.Fprint(upload, "coffee")
	readUntil(t, upload, "coffee")
	if got, want := s.wait(), "Run returned <nil>\n"; got != want {
		t.Errorf("the program printed %q, want %q", got, want)
	}
	for _, message := range rest() {
		if message != "WATCHDOG=1" {
			t.Errorf("got %q at the end, want nothing more", message)
		}
	}
}

// Without sockets it is the App's own address, and without a manager nobody is told.
func TestRunWithoutSystemd(t *testing.T) {
	m := newManager(t, notifySocket(t))
	s := startService(t, "run", nil, "NOTIFY_SOCKET="+m.conn.LocalAddr().String())
	address, ok := strings.CutPrefix(status(m.next()), "serving ")
	if !ok {
		t.Fatalf("got status %q, want the address", address)
	}
	conn := dial(t, tcpAddr(t, address))
	fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	readUntil(t, conn, "tea")
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if got, want := m.next(), "STOPPING=1\n"; !strings.HasPrefix(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := s.wait(), "Run returned <nil>\n"; got != want {
		t.Errorf("the program printed %q, want %q", got, want)
	}
}

// A manager that is not there keeps nobody from serving, but is told of in the end.
func TestRunWithoutManager(t *testing.T) {
	unix, path := openUnix(t)
	s := startService(t, "run", []*os.File{unix}, "LISTEN_PID=$$", "LISTEN_FDS=1",
		"NOTIFY_SOCKET="+notifySocket(t), "WATCHDOG_USEC=tea")
	conn := dial(t, &net.UnixAddr{Name: path, Net: "unix"})
	fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	readUntil(t, conn, "tea")
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	got := s.wait()
	for _, want := range []string{"systemd: NOTIFY_SOCKET: dial", "systemd: WATCHDOG_USEC=tea is not"} {
		if !strings.Contains(got, want) {
			t.Errorf("the program printed %q, want it to contain %q", got, want)
		}
	}
}

func TestRunFails(t *testing.T) {
	got := startService(t, "run", []*os.File{openDatagrams(t)}, "LISTEN_PID=$$", "LISTEN_FDS=1").wait()
	if want := "Run returned listener: descriptor 3 (unknown): not a stream"; !strings.HasPrefix(got, want) {
		t.Errorf("the program printed %q, want %q", got, want)
	}
}

// systemd's own program for trying services passes the socket on with the first connection.
func TestSocketActivate(t *testing.T) {
	activate, err := exec.LookPath("systemd-socket-activate")
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatal("package systemd is not installed: ", err)
	}
	if err != nil {
		t.Skip("package systemd is not installed: ", err)
	}
	name, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "socket")
	m := newManager(t, notifySocket(t))
	cmd := exec.Command(activate, "-l", path, "--fdname=tea", "-E", serviceVariable+"=run",
		"-E", "NOTIFY_SOCKET="+m.conn.LocalAddr().String(), name)
	output := &strings.Builder{}
	cmd.Stdout = output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	conn := dial(t, &net.UnixAddr{Name: path, Net: "unix"})
	fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	readUntil(t, conn, "tea")
	if got, want := m.next(), "READY=1\nSTATUS=serving "+path; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	defer time.AfterFunc(patience, func() { cmd.Process.Kill() }).Stop()
	if err := cmd.Wait(); err != nil || output.String() != "Run returned <nil>\n" {
		t.Errorf("the program ended with %v and printed %q", err, output)
	}
}

func tcpAddr(t *testing.T, address string) net.Addr {
	t.Helper()
	addr, err := net.ResolveTCPAddr("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	return addr
}

// dial connects as soon as somebody listens.
func dial(t *testing.T, address net.Addr) net.Conn {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		conn, err := net.Dial(address.Network(), address.String())
		if err == nil {
			t.Cleanup(func() { conn.Close() })
			conn.SetDeadline(deadline)
			return conn
		}
		if time.Now().After(deadline) {
			t.Fatalf("nobody listens: %v", err)
		}
	}
}

// readUntil reads until end, and returns all of it.
func readUntil(t *testing.T, conn net.Conn, end string) string {
	t.Helper()
	var read strings.Builder
	for r := bufio.NewReader(conn); !strings.HasSuffix(read.String(), end); {
		octet, err := r.ReadByte()
		if err != nil {
			t.Fatalf("got %q and then %v, want it to end with %q", read.String(), err, end)
		}
		read.WriteByte(octet)
	}
	return read.String()
}
