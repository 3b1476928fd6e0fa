//go:build linux

package restart_test

import (
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/microroute/microroute"
)

// manager is told of a service as systemd is, and knows by whom.
type manager struct {
	t       *testing.T
	conn    *net.UnixConn
	notices chan notice // but for the watchdog
	alive   chan int    // the last process that has answered the watchdog
}

type notice struct {
	pid  int
	text string
}

func newManager(t *testing.T) *manager {
	t.Helper()
	path := filepath.Join(t.TempDir(), "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := conn.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	raw.Control(func(fd uintptr) { err = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_PASSCRED, 1) })
	if err != nil {
		t.Fatal(err)
	}
	m := &manager{t, conn, make(chan notice, 100), make(chan int, 1)}
	listening := make(chan struct{})
	go func() {
		defer close(listening)
		m.listen()
	}()
	t.Cleanup(func() {
		conn.Close()
		<-listening
	})
	return m
}

func (m *manager) variable() string { return "NOTIFY_SOCKET=" + m.conn.LocalAddr().String() }

// listen takes down what it is told, at once: a service waits for that.
func (m *manager) listen() {
	text, control := make([]byte, 4096), make([]byte, 1024)
	for {
		n, more, _, _, err := m.conn.ReadMsgUnix(text, control)
		if err != nil {
			return
		}
		messages, err := syscall.ParseSocketControlMessage(control[:more])
		if err != nil || len(messages) != 1 {
			m.t.Errorf("got %d control messages, error %v", len(messages), err)
			return
		}
		sender, err := syscall.ParseUnixCredentials(&messages[0])
		if err != nil {
			m.t.Error(err)
			return
		}
		if string(text[:n]) == "WATCHDOG=1" {
			select {
			case <-m.alive:
			default:
			}
			m.alive <- int(sender.Pid)
			continue
		}
		m.notices <- notice{int(sender.Pid), string(text[:n])}
	}
}

// wantAlive waits until a process answers the watchdog.
func (m *manager) wantAlive(pid int) {
	m.t.Helper()
	for late := time.After(soon); ; {
		select {
		case alive := <-m.alive:
			if alive == pid {
				return
			}
		case <-late:
			m.t.Fatalf("%d does not answer the watchdog", pid)
		}
	}
}

// want checks the next notice.
func (m *manager) want(pid int, pattern string) {
	m.t.Helper()
	select {
	case got := <-m.notices:
		if got.pid != pid || !regexp.MustCompile("^"+pattern+"$").MatchString(got.text) {
			m.t.Errorf("%d says %q, want %d to say %q", got.pid, got.text, pid, pattern)
		}
	case <-time.After(soon):
		m.t.Fatalf("nothing is said, want %d to say %q", pid, pattern)
	}
}

// systemd is told what is the main process, by the one that is it, and that the service ends by the last one only.
func TestService(t *testing.T) {
	m := newManager(t)
	g := newLine(t, settings{})
	g.start(exec.Command("/bin/sh", "-c", `WATCHDOG_PID=$$ exec "$0"`, testBinary(t)), m.variable(), "WATCHDOG_USEC=20000")
	serving := "STATUS=serving " + regexp.QuoteMeta(g.address())
	begins := "RELOADING=1\nMONOTONIC_USEC=[0-9]+\nSTATUS=starting a successor"
	first := g.serving()
	m.wantAlive(first)
	m.want(first, "READY=1\n"+serving)

	g.write(faultFile, "exit")
	g.ask("POST", "/restart")
	m.want(first, begins)
	m.want(first, "READY=1\n"+serving+"; a restart has failed")
	g.write(faultFile, "")

	second := g.restart(syscall.SIGHUP)
	m.want(first, begins)
	m.want(first, fmt.Sprintf("MAINPID=%d\nREADY=1\n%s", second, serving))
	m.wantAlive(second)
	third := g.restart(syscall.SIGUSR2)
	m.want(second, begins)
	m.want(second, fmt.Sprintf("MAINPID=%d\nREADY=1\n%s", third, serving))

	g.signal(third, syscall.SIGTERM)
	m.want(third, "STOPPING=1\nSTATUS=finishing what is under way")
	g.wantEnded()
}

// A service that has nothing to finish says that it ends, too.
func TestServiceEndsAtOnce(t *testing.T) {
	m := newManager(t)
	name, value, _ := strings.Cut(m.variable(), "=")
	t.Setenv(name, value)
	for range 30 {
		app := microroute.New(microroute.Config{Logger: slog.New(slog.DiscardHandler)})
		server, err := app.Start("127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		server.Close()
		if err := newProcess(t).RunServers(server); err != nil {
			t.Errorf("RunServers returned %v", err)
		}
		m.want(os.Getpid(), "READY=1\nSTATUS=serving .*")
		m.want(os.Getpid(), "STOPPING=1\nSTATUS=finishing what is under way")
	}
}
