//go:build linux

package systemd_test

import (
	"net"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// manager is the socket on which systemd listens for what services tell.
type manager struct {
	t    *testing.T
	conn *net.UnixConn
}

// newManager listens on a name that begins with / or @.
func newManager(t *testing.T, name string) *manager {
	t.Helper()
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return &manager{t, conn}
}

func notifySocket(t *testing.T) string { return filepath.Join(t.TempDir(), "notify") }

// next returns the next message, as soon as there is one.
func (m *manager) next() string {
	m.t.Helper()
	m.conn.SetReadDeadline(time.Now().Add(patience))
	message := make([]byte, 4096)
	n, err := m.conn.Read(message)
	if err != nil {
		m.t.Fatal(err)
	}
	return string(message[:n])
}

// await returns the next message that is not about the watchdog.
func (m *manager) await() string {
	m.t.Helper()
	for {
		if message := m.next(); message != "WATCHDOG=1" {
			return message
		}
	}
}

// waiting returns the messages that are there.
func (m *manager) waiting() (messages []string) {
	m.t.Helper()
	raw, err := m.conn.SyscallConn()
	if err != nil {
		m.t.Fatal(err)
	}
	raw.Control(func(fd uintptr) {
		message := make([]byte, 4096)
		for n := 0; err == nil; messages = append(messages, string(message[:n])) {
			if n, err = syscall.Read(int(fd), message); err != nil {
				break
			}
		}
	})
	if err != syscall.EAGAIN {
		m.t.Error(err)
	}
	return messages
}

// readOn reads what comes until rest is called, which returns it: a service would otherwise wait for room.
func (m *manager) readOn() (rest func() []string) {
	var messages []string
	var reading sync.WaitGroup
	m.conn.SetReadDeadline(time.Now().Add(patience))
	reading.Go(func() {
		for {
			message := make([]byte, 4096)
			n, err := m.conn.Read(message)
			if err != nil {
				return
			}
			messages = append(messages, string(message[:n]))
		}
	})
	return func() []string {
		m.t.Helper()
		m.conn.SetReadDeadline(time.Now())
		reading.Wait()
		return append(messages, m.waiting()...)
	}
}

// status returns what a message says in its line STATUS=.
func status(message string) string {
	_, text, _ := strings.Cut(message, "STATUS=")
	text, _, _ = strings.Cut(text, "\n")
	return text
}
