package engine

import (
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

func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if one := [8]byte{1}; !b.closed {
		syscall.Write(b.fd, one[:])
	}
}

func (b *bell) silence() {
	var count [8]byte
	syscall.Read(b.fd, count[:])
}

func (b *bell) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	syscall.Close(b.fd)
}
