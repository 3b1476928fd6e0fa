package engine

import (
	"net"
	"net/netip"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// eventListener is a listener that the loops watch.
type eventListener struct {
	net.Listener
	event      *eventEngine
	fd         int
	mayPreface bool           // its connections may open with the preface of HTTP/2
	users      sync.WaitGroup // loops that are accepting
	closed     chan struct{}

	mu     sync.Mutex
	paused bool
	done   bool
}

// acceptEvent serves l with the event engine, if l has a descriptor that accepts sockets: TCP and unix listeners. It
// reports whether it has.
func (s *Server) acceptEvent(l net.Listener, mayPreface bool) (served bool, err error) {
	switch l.(type) {
	case *net.TCPListener, *net.UnixListener:
	default:
		return false, nil
	}
	raw, err := l.(syscall.Conn).SyscallConn()
	if err != nil {
		return false, nil
	}
	event, err := s.eventEngine()
	if err != nil {
		return false, nil
	}
	el := &eventListener{Listener: ownFile(l), event: event, mayPreface: mayPreface, closed: make(chan struct{})}
	if err := raw.Control(func(fd uintptr) { el.fd = int(fd) }); err != nil {
		return false, nil
	}
	if !s.addListener(el) {
		return true, ErrServerClosed
	}
	defer s.removeListener(el)
	event.mu.Lock()
	event.listeners[el.fd] = el
	event.mu.Unlock()
	el.resume()
	<-el.closed
	return true, ErrServerClosed
}

// listener returns the listener with the descriptor fd, which stays open until its users are Done; nil if there is none.
func (e *eventEngine) listener(fd int) *eventListener {
	e.mu.Lock()
	defer e.mu.Unlock()
	l := e.listeners[fd]
	if l != nil {
		l.users.Add(1)
	}
	return l
}

// eventEngine returns the server's loops, and starts them for its first listener.
func (s *Server) eventEngine() (*eventEngine, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var err error
	if s.event == nil {
		s.event, err = newEventEngine(s)
	}
	return s.event, err
}

// keepAliveSeconds is after how long the kernel asks a silent peer whether it is still there, as package net has it.
const keepAliveSeconds = 15

// tune sets the options of an accepted socket. Those of the listener would be inherited, but not by clients that had
// connected before they were set.
func tune(fd int) {
	syscall.SetsockoptInt(fd, syscall.IPPROTO_TCP, syscall.TCP_NODELAY, 1)
	syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_KEEPALIVE, 1)
	syscall.SetsockoptInt(fd, syscall.IPPROTO_TCP, syscall.TCP_KEEPIDLE, keepAliveSeconds)
	syscall.SetsockoptInt(fd, syscall.IPPROTO_TCP, syscall.TCP_KEEPINTVL, keepAliveSeconds)
}

// Close takes the connections that wait already and closes the listener.
func (l *eventListener) Close() error {
	l.mu.Lock()
	if l.done {
		l.mu.Unlock()
		return nil
	}
	l.done = true
	if !l.paused {
		l.unwatch()
	}
	l.mu.Unlock()
	for l.event.accept(l.fd) {
	}
	l.event.mu.Lock()
	delete(l.event.listeners, l.fd)
	l.event.mu.Unlock()
	l.users.Wait()
	defer close(l.closed)
	return l.Listener.Close()
}

// acceptPause is how long accepting rests when descriptors have run out, or there are as many connections as there may be.
const acceptPause = 20 * time.Millisecond

// pause stops accepting for a while; a loop would otherwise be told again and again of what it cannot take.
func (l *eventListener) pause(why error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.paused || l.done {
		return
	}
	if why != nil {
		l.event.server.logger.Warn("accepting paused", "error", why, "for", acceptPause)
	}
	l.rest()
}

// rest stops the watching for a while; l.mu is held.
func (l *eventListener) rest() {
	l.paused = true
	l.unwatch()
	time.AfterFunc(acceptPause, l.resume)
}

// resume has the loops watch the listener. One of them is told of each connection that comes (EPOLLEXCLUSIVE).
func (l *eventListener) resume() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.done {
		return
	}
	l.paused = false
	for _, one := range l.event.loops {
		if err := one.control(syscall.EPOLL_CTL_ADD, l.fd, syscall.EPOLLIN|epollExclusive, listenerMark); err != nil {
			l.event.server.logger.Error("listener not watched", "error", err)
			l.rest()
			return
		}
	}
}

func (l *eventListener) unwatch() {
	for _, one := range l.event.loops {
		one.control(syscall.EPOLL_CTL_DEL, l.fd, 0, listenerMark)
	}
}

// addrPortOf returns the address of a TCP socket, IPv4 in its own form; the zero AddrPort for other sockets.
func addrPortOf(name syscall.Sockaddr) netip.AddrPort {
	switch name := name.(type) {
	case *syscall.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(name.Addr), uint16(name.Port))
	case *syscall.SockaddrInet6:
		addr := netip.AddrFrom16(name.Addr).Unmap()
		if name.ZoneId != 0 && addr.Is6() {
			addr = addr.WithZone(strconv.FormatUint(uint64(name.ZoneId), 10))
		}
		return netip.AddrPortFrom(addr, uint16(name.Port))
	}
	return netip.AddrPort{}
}
