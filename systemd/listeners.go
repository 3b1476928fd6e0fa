package systemd

import (
	"errors"
	"net"
	"os"

	"github.com/microroute/microroute/listener"
)

// Socket is a listener that systemd has opened.
type Socket struct {
	// Name is FileDescriptorName= of the socket's unit, by default the name of the unit: "tea.socket". Sockets of one unit
	// have one name. It is "unknown" if systemd does not tell.
	Name string
	// Listener is a *net.TCPListener or *net.UnixListener. To close it does not remove the file of a unix socket.
	Listener net.Listener
}

// Sockets are the listeners of a service, in the order of the lines ListenStream= of their unit.
type Sockets []Socket

// All returns all listeners, for App.StartOn.
func (s Sockets) All() []net.Listener {
	var all []net.Listener
	for _, socket := range s {
		all = append(all, socket.Listener)
	}
	return all
}

// Named returns the listeners with a name, nil if there are none.
func (s Sockets) Named(name string) []net.Listener {
	var named Sockets
	for _, socket := range s {
		if socket.Name == name {
			named = append(named, socket)
		}
	}
	return named.All()
}

// Listeners returns the listeners that systemd passes to this process, none if there are none. They are passed once: the
// variables are gone from the environment then, so that programs that are started do not take them for theirs, and a
// further call returns none.
//
// It is an error if the variables are malformed, or if one of the sockets is not for streams or does not listen
// (listener.ErrNotListening), as with ListenDatagram= or Accept=yes. Then all of them are closed; those of systemd stay.
func Listeners() (Sockets, error) {
	passed, err := take()
	if err != nil {
		return nil, err
	}
	var sockets Sockets
	var faults []error
	for _, p := range passed {
		l, err := listener.FD(p.fd, p.name)
		if err != nil {
			faults = append(faults, err)
			os.NewFile(p.fd, p.name).Close()
			continue
		}
		sockets = append(sockets, Socket{p.name, l})
	}
	if len(faults) > 0 {
		for _, socket := range sockets {
			socket.Listener.Close()
		}
		return nil, errors.Join(faults...)
	}
	return sockets, nil
}

// Files is Listeners for sockets of every kind, and other files: each is named as its Socket would be, and belongs to the
// caller. Those for datagrams, of which HTTP/3 needs one, are made a net.PacketConn by net.FilePacketConn, those for
// streams a net.Listener by net.FileListener.
func Files() ([]*os.File, error) {
	passed, err := take()
	if err != nil {
		return nil, err
	}
	var files []*os.File
	for _, p := range passed {
		files = append(files, os.NewFile(p.fd, p.name))
	}
	return files, nil
}
