//go:build !unix

package proxyprotocol_test

import (
	"io"
	"net"
	"testing"
)

// readNext reads four octets from conn.
func readNext(t *testing.T, conn net.Conn) string {
	t.Helper()
	b := make([]byte, 4)
	if _, err := io.ReadFull(conn, b); err != nil {
		t.Fatal(err)
	}
	return string(b)
}
