package engine

import (
	"os"
	"sync"
	"syscall"
)

// bell is an eventfd that ends a loop's wait. It may be rung by anybody at any time, also after the loop has ended: its
// descriptor may be somebody else's by then.
type bell struct {
	mu     sync.Mutex
	fd     int
	closed bool
}

func (b *bell) open() error {
	fd, _, errno := syscall.Syscall(syscall.SYS_EVENTFD2, 0, syscall.O_CLOEXEC|syscall.O_NONBLOCK, 0)
	if errno != 0 {
		return os.NewSyscallError("eventfd2", errno)
	}
	b.fd = int(fd)
	return nil
}

func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for one := [8]byte{1}; !b.closed; {
		if _, err := syscall.Write(b.fd, one[:]); err != syscall.EINTR {
			return // EAGAIN: it rings already
		}
	}
}

func (b *bell) silence() {
	var count [8]byte
	syscall.Read(b.fd, count[:])
}

func (b *bell) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.closed && b.fd != 0 {
		syscall.Close(b.fd)
	}
	b.closed = true
}
