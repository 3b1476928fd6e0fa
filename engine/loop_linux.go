package engine

import (
	"net"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"
)

// loop is one of the goroutines that wait for sockets to become ready, each with an epoll instance. It does nothing else:
// what is ready gets a goroutine of its own, or the one that waits for it is woken.
type loop struct {
	event   *eventEngine
	epoll   int
	file    *os.File        // epoll, for the runtime's poller
	raw     syscall.RawConn // of file
	alarm   int64           // the tick of file's deadline
	bell    bell
	wheel   wheel
	until   atomic.Int64 // the tick at which the present wait ends; 0 while the loop is awake
	network string       // of the listener, for errors
	address net.Addr
	expired []*timed
	events  [batch]syscall.EpollEvent
	found   int                // how many of events look has found
	look    func(uintptr) bool // polls for raw; a field, so that waiting allocates nothing
	jobs    chan *eventConn    // to the workers that wait
	idle    atomic.Int32       // how many do
}

// interest is what a socket is registered for, once and for all: every change of its state is told once (EPOLLET).
const interest = syscall.EPOLLIN | syscall.EPOLLOUT | syscall.EPOLLRDHUP | epollET

const (
	epollET        = 1 << 31
	epollExclusive = 1 << 28
	listenerMark   = -1 // in place of a generation, in the events of listeners
	bellMark       = -2
)

// eventEngine is the loops of a server, and what they share.
type eventEngine struct {
	server     *Server
	loops      []*loop
	table      table
	base       time.Time // when the loops' time began
	next       atomic.Uint32
	generation atomic.Uint32
	sockets    atomic.Int64 // open ones
	ending     atomic.Bool
	mu         sync.Mutex
	listeners  map[int]*eventListener
}

// newEventEngine starts a loop for each processor that the program may use.
func newEventEngine(s *Server, l net.Listener) (*eventEngine, error) {
	e := &eventEngine{server: s, base: time.Now(), listeners: map[int]*eventListener{}}
	for range runtime.GOMAXPROCS(0) {
		one, err := newLoop(e, l)
		if err != nil {
			for _, one := range e.loops {
				one.close()
			}
			return nil, err
		}
		e.loops = append(e.loops, one)
	}
	for _, one := range e.loops {
		go one.run()
	}
	return e, nil
}

func newLoop(e *eventEngine, listener net.Listener) (*loop, error) {
	epoll, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return nil, err
	}
	if err := syscall.SetNonblock(epoll, true); err != nil {
		syscall.Close(epoll)
		return nil, err
	}
	file := os.NewFile(uintptr(epoll), "epoll")
	raw, err := file.SyscallConn()
	if err == nil {
		err = file.SetReadDeadline(time.Time{}) // fails if the runtime cannot poll it
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	fd, _, errno := syscall.Syscall(syscall.SYS_EVENTFD2, 0, syscall.O_CLOEXEC|syscall.O_NONBLOCK, 0)
	if errno != 0 {
		file.Close()
		return nil, errno
	}
	l := &loop{event: e, epoll: epoll, file: file, raw: raw, bell: bell{fd: int(fd)}, jobs: make(chan *eventConn), network: listener.Addr().Network(), address: listener.Addr()}
	l.look = func(uintptr) bool {
		l.found = l.poll()
		return l.found > 0
	}
	if err := l.control(syscall.EPOLL_CTL_ADD, l.bell.fd, syscall.EPOLLIN, bellMark); err != nil {
		l.close()
		return nil, err
	}
	return l, nil
}

func (l *loop) control(op, fd int, events uint32, mark int32) error {
	return syscall.EpollCtl(l.epoll, op, fd, &syscall.EpollEvent{Events: events, Fd: int32(fd), Pad: mark})
}

func (l *loop) close() {
	l.file.Close()
	l.bell.close()
}

// now returns the time in nanoseconds since the loops began.
func (l *loop) now() int64 { return int64(time.Since(l.event.base)) }

// at returns t in the loop's time.
func (l *loop) at(t time.Time) int64 { return int64(t.Sub(l.event.base)) }

// batch is how many events are taken at once.
const batch = 128

// run waits and hands out until the engine has ended.
func (l *loop) run() {
	defer l.close()
	defer close(l.jobs)
	for !l.event.over() {
		n := l.wait()
		for i := range l.events[:n] {
			l.handle(&l.events[i])
		}
		l.expire()
		if n > 0 {
			runtime.Gosched() // to those who have something to do now
		}
	}
}

// wait waits for events, or until a deadline may have passed. The loop waits as goroutines do, in the runtime's own poller,
// which watches its epoll instance: a thread in epoll_wait(2) would keep its processor from the goroutines that have been
// started, until the runtime notices. That cost a tenth of the processor time of small requests, and a third of their rate.
func (l *loop) wait() int {
	if n := l.poll(); n > 0 {
		return n
	}
	first := l.wheel.first()
	l.until.Store(first)
	if again := l.wheel.first(); again < first { // put in by somebody who saw the loop awake
		first = again
	}
	if first != l.alarm {
		l.alarm = first
		var at time.Time
		if first != noTick {
			at = l.event.base.Add(time.Duration(first << tickShift))
		}
		l.file.SetReadDeadline(at)
	}
	l.found = 0
	err := l.raw.Read(l.look)
	l.until.Store(0)
	if err != nil { // the deadline has passed
		l.alarm = 0
	}
	return l.found
}

// poll takes the events that are there.
func (l *loop) poll() int {
	for {
		n, _, errno := syscall.RawSyscall6(syscall.SYS_EPOLL_PWAIT, uintptr(l.epoll), uintptr(unsafe.Pointer(&l.events)),
			uintptr(len(l.events)), 0, 0, 0)
		switch errno {
		case 0:
			return int(n)
		case syscall.EINTR:
		default:
			return 0
		}
	}
}

// handle tells whom an event concerns.
func (l *loop) handle(event *syscall.EpollEvent) {
	switch event.Pad {
	case bellMark:
		l.bell.silence()
		return
	case listenerMark:
		l.event.accept(int(event.Fd))
		return
	}
	c := l.event.table.get(int(event.Fd))
	if c == nil || c.socket.generation != event.Pad {
		return // an event of an earlier socket with this descriptor
	}
	s := &c.socket
	if event.Events&(syscall.EPOLLRDHUP|syscall.EPOLLHUP|syscall.EPOLLERR) != 0 {
		s.ended.Store(true)
		s.checkGone()
	}
	if event.Events&(syscall.EPOLLOUT|syscall.EPOLLHUP|syscall.EPOLLERR) != 0 {
		s.writer.signal()
	}
	if event.Events&(syscall.EPOLLIN|syscall.EPOLLRDHUP|syscall.EPOLLHUP|syscall.EPOLLERR) != 0 && s.reader.signal() {
		l.start(c)
	}
}

// maxIdleWorkers is how many goroutines of a loop wait for work to come. A new goroutine would have to grow its stack
// with every request: a sixth of the processor time of a small one.
const maxIdleWorkers = 64

// start has c served, by a worker that waits or else by a new one.
func (l *loop) start(c *eventConn) {
	select {
	case l.jobs <- c:
	default:
		go l.work(c)
	}
}

// work serves c, and then other connections.
func (l *loop) work(c *eventConn) {
	for c != nil {
		c.serve()
		if l.idle.Add(1) > maxIdleWorkers {
			l.idle.Add(-1)
			return
		}
		c = <-l.jobs
		l.idle.Add(-1)
	}
}

// expire ends the waits whose deadline has passed.
func (l *loop) expire() {
	now := l.now()
	l.expired = l.wheel.take(now>>tickShift, l.expired[:0])
	for i, t := range l.expired {
		t.owner.checkDeadlines(now)
		l.expired[i] = nil
	}
}

// schedule has the loop look at t when due nanoseconds have come, or before.
func (l *loop) schedule(t *timed, due int64) {
	tick := tickOf(due)
	if l.wheel.put(t, tick) && tick < l.until.Load() {
		l.bell.ring()
	}
}

// forget takes a socket that is about to be closed out of the books.
func (l *loop) forget(s *socket) {
	l.wheel.remove(&s.timer)
	l.event.table.set(s.fd, nil)
	l.event.discount()
}

// end lets the loops go when the last socket is closed; a hijacked one may stay open for long.
func (e *eventEngine) end() {
	e.ending.Store(true)
	e.ringAll()
}

func (e *eventEngine) over() bool { return e.ending.Load() && e.sockets.Load() == 0 }

// discount takes one from the number of open sockets.
func (e *eventEngine) discount() {
	if e.sockets.Add(-1) == 0 && e.ending.Load() {
		e.ringAll()
	}
}

func (e *eventEngine) ringAll() {
	for _, l := range e.loops {
		l.bell.ring()
	}
}
