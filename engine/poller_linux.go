package engine

import (
	"os"
	"syscall"
	"time"
	"unsafe"
)

// poller is an epoll instance that a goroutine waits for as goroutines do, in the runtime's own poller: a thread in
// epoll_wait(2) would keep its processor from the goroutines that have been started, until the runtime notices. That cost a
// tenth of the processor time of small requests, and a third of their rate.
type poller struct {
	fd     int
	file   *os.File        // fd, for the runtime
	raw    syscall.RawConn // of file
	events []syscall.EpollEvent
	found  int                // how many of events look has found
	look   func(uintptr) bool // a field, so that waiting allocates nothing
}

// newPoller returns a poller that takes so many events at once.
func newPoller(batch int) (*poller, error) {
	fd, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return nil, err
	}
	if err := syscall.SetNonblock(fd, true); err != nil {
		syscall.Close(fd)
		return nil, err
	}
	p := &poller{fd: fd, file: os.NewFile(uintptr(fd), "epoll"), events: make([]syscall.EpollEvent, batch)}
	p.raw, err = p.file.SyscallConn()
	if err == nil {
		err = p.file.SetReadDeadline(time.Time{}) // fails if the runtime cannot poll it
	}
	if err != nil {
		p.file.Close()
		return nil, err
	}
	p.look = func(uintptr) bool {
		p.found = p.poll()
		return p.found > 0
	}
	return p, nil
}

func (p *poller) close() {
	if p != nil {
		p.file.Close()
	}
}

func (p *poller) control(op, fd int, events uint32, mark int32) error {
	return syscall.EpollCtl(p.fd, op, fd, &syscall.EpollEvent{Events: events, Fd: int32(fd), Pad: mark})
}

// wait waits for events. There are none if the poller has been closed.
func (p *poller) wait() []syscall.EpollEvent {
	if p.raw.Read(p.look) != nil {
		return nil
	}
	return p.events[:p.found]
}

// poll takes the events that are there.
func (p *poller) poll() int {
	for {
		n, _, errno := syscall.RawSyscall6(syscall.SYS_EPOLL_PWAIT, uintptr(p.fd),
			uintptr(unsafe.Pointer(unsafe.SliceData(p.events))), uintptr(len(p.events)), 0, 0, 0)
		switch errno {
		case 0:
			return int(n)
		case syscall.EINTR:
		default:
			return 0
		}
	}
}
