//go:build !unix

package engine

import "net"

func newReadiness(c *conn, accepted net.Conn) readiness { return &takeFirst{c: c, net: accepted} }

func waiting(net.Conn) bool { return false }
