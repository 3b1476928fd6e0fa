//go:build unix

package proxyprotocol_test

import (
	"net"
	"syscall"
	"testing"
)

// readNext reads from the descriptor of conn, as the engine does.
func readNext(t *testing.T, conn net.Conn) string {
	t.Helper()
	raw, err := conn.(syscall.Conn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var n int
	b := make([]byte, 100)
	if err := raw.Read(func(fd uintptr) bool {
		n, err = syscall.Read(int(fd), b)
		return err != syscall.EAGAIN
	}); err != nil {
		t.Fatal(err)
	}
	return string(b[:max(n, 0)])
}
