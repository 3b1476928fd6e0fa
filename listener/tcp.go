package listener

import (
	"context"
	"net"
	"syscall"
)

// TCPConfig is how TCP listens. The zero TCPConfig is what App.Start does.
type TCPConfig struct {
	// Network is "tcp" (the default: IPv4 and IPv6), "tcp4" or "tcp6". With "tcp" an address of all interfaces, ":8080",
	// "[::]:8080" and also "0.0.0.0:8080", is that of both, on one socket.
	Network string

	// ReusePort lets several listeners have one address, all of which must ask for it (SO_REUSEPORT). They may belong to
	// different programs; on Linux to those of one user only, so that nobody can listen in. Linux spreads the connections
	// evenly over them, other systems may not.
	//
	// Every listener has a queue of its own, and when it is closed, the system resets the connections that are in it,
	// while the other listeners could have taken them. A Server accepts what is in the queue before it closes a listener,
	// which leaves those that come between the two; the sysctl net.ipv4.tcp_migrate_req=1 (Linux 5.14) moves these to
	// another listener. To hand a port from one process to the next, package restart, which passes on the very socket, is
	// therefore the better way. Within one process one listener is enough: the engine's loops share it.
	//
	// It exists on Linux, macOS and the BSDs; elsewhere it is an error.
	ReusePort bool
}

// TCP listens on address, host:port. Unlike App.Start it looks up names of hosts and services, and listens on one
// address if there are several of that name. Port 0 lets the system choose a port; with ReusePort the other listeners are
// then given the first one's Addr.
func TCP(address string, config TCPConfig) (*net.TCPListener, error) {
	network := config.Network
	switch network {
	case "":
		network = "tcp"
	case "tcp", "tcp4", "tcp6":
	default:
		return nil, &net.OpError{Op: "listen", Net: network, Err: net.UnknownNetworkError(network)}
	}
	var listen net.ListenConfig
	listen.SetMultipathTCP(false) // as App.Start
	if config.ReusePort {
		listen.Control = reusePort
	}
	l, err := listen.Listen(context.Background(), network, address)
	if err != nil {
		return nil, err
	}
	return l.(*net.TCPListener), nil
}

// reusePort prepares a socket that has no address yet.
func reusePort(_, _ string, c syscall.RawConn) error {
	var setErr error
	if err := c.Control(func(fd uintptr) { setErr = setReusePort(fd) }); err != nil {
		return err
	}
	return setErr
}
