//go:build linux

// Command limit is what no server in Go can be faster than: an epoll instance for each processor, non-blocking reads and
// writes in its loop, and answers that are there before the request. It recognises a request by its first line and
// looks at nothing else but the length of its content.
package main

import (
	"log"
	"net"
	"runtime"
	"runtime/debug"
	"syscall"

	"github.com/microroute/microroute/bench/internal/site"
)

func main() { site.Main(serve) }

func serve(l net.Listener, files site.Files) error {
	canned, err := newAnswers(files)
	if err != nil {
		return err
	}
	// Fd makes the listener a blocking one: accept waits in a thread of its own.
	listener, err := l.(*net.TCPListener).File()
	if err != nil {
		return err
	}
	defer listener.Close()
	debug.SetGCPercent(-1) // it could not stop the loops, and there is next to nothing to collect
	loops := make([]int, runtime.GOMAXPROCS(0))
	runtime.GOMAXPROCS(len(loops) + 2) // the loops never give theirs back
	for i := range loops {
		if loops[i], err = syscall.EpollCreate1(syscall.EPOLL_CLOEXEC); err != nil {
			return err
		}
		go func() { log.Fatal((&loop{epoll: loops[i], answers: canned}).run()) }()
	}
	waiting := int(listener.Fd())
	for turn := 0; ; turn++ {
		fd, err := accept(waiting)
		if err != nil {
			return err
		}
		event := syscall.EpollEvent{Events: syscall.EPOLLIN | syscall.EPOLLOUT | edge, Fd: int32(fd)}
		if err := syscall.EpollCtl(loops[turn%len(loops)], syscall.EPOLL_CTL_ADD, fd, &event); err != nil {
			return err
		}
	}
}

// edge is EPOLLET, whose constant is negative.
const edge = 1 << 31

// accept waits for a connection and returns its descriptor, which the runtime knows nothing of.
func accept(listener int) (fd int, err error) {
	if fd, _, err = syscall.Accept4(listener, syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC); err != nil {
		return 0, err
	}
	// It fails if the client has gone already, which the loop finds out.
	syscall.SetsockoptInt(fd, syscall.IPPROTO_TCP, syscall.TCP_NODELAY, 1)
	return fd, nil
}
