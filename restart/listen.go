package restart

import (
	"fmt"
	"net"
	"syscall"

	"github.com/microroute/microroute/listener"
)

// namedListener is a listener that a successor inherits under a name.
type namedListener struct {
	name string
	net.Listener
	conn syscall.Conn // the same
}

// Listen returns the listener for a network, "tcp", "tcp4", "tcp6" or "unix", and an address. It is the one that the
// process has inherited; if there is none, it listens anew, as listener.TCP does, or for "unix" as the method Unix does
// with the zero UnixConfig. It is inherited under the network and the address as they are written here: a version that
// says "0.0.0.0:8080" where the one before said ":8080" finds the port taken. Port 0 keeps the port that the system has
// chosen.
//
// TLS and the PROXY protocol go around what Listen returns.
func (p *Process) Listen(network, address string) (net.Listener, error) {
	if network == "unix" {
		return p.Unix(address, listener.UnixConfig{})
	}
	return p.Inherit(network+" "+address, func() (net.Listener, error) {
		return listener.TCP(address, listener.TCPConfig{Network: network})
	})
}

// Unix returns the listener for a unix socket: the one that the process has inherited, whose file stays as it is, or
// else one that listener.Unix makes. The file is removed by the last process that serves it.
func (p *Process) Unix(path string, config listener.UnixConfig) (net.Listener, error) {
	l, err := p.Inherit("unix "+path, func() (net.Listener, error) { return listener.Unix(path, config) })
	if l, ok := l.(*net.UnixListener); ok {
		p.files = append(p.files, l)
	}
	return l, err
}

// Inherit returns the listener that the process has inherited under a name, a *net.TCPListener or *net.UnixListener. If
// there is none, it returns what listen does, which may be any listener with a descriptor: one of package listener with
// options, or of those that systemd passes on. Whatever there is around it, TLS for example, goes around what Inherit
// returns.
//
// The file of a unix socket that was inherited is not removed when the listener is closed, other than with Unix.
func (p *Process) Inherit(name string, listen func() (net.Listener, error)) (net.Listener, error) {
	l, err := p.claim(name, listen)
	if err != nil {
		p.predecessor.complain(err)
		return nil, err
	}
	return l, nil
}

func (p *Process) claim(name string, listen func() (net.Listener, error)) (net.Listener, error) {
	for _, other := range p.listeners {
		if other.name == name {
			return nil, fmt.Errorf("restart: listener %q is asked for twice", name)
		}
	}
	l, inherited := p.inherited[name]
	if !inherited {
		var err error
		if l, err = listen(); err != nil {
			return nil, err
		}
	}
	conn, ok := l.(syscall.Conn)
	if !ok {
		l.Close()
		return nil, fmt.Errorf("restart: listener %q is a %T, which has no descriptor to be inherited", name, l)
	}
	delete(p.inherited, name)
	p.listeners = append(p.listeners, namedListener{name, l, conn})
	return l, nil
}
