package engine

import (
	"net"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// loop is one of the goroutines that wait, in epoll_wait(2), for sockets to become ready. It does nothing else: what is
// ready gets a goroutine of its own, or the one that waits for it is woken.
type loop struct {
	event   *eventEngine
	epoll   int
	bell    int // an eventfd that ends a wait
	wheel   wheel
	until   atomic.Int64 // the tick at which the present wait ends; 0 while the loop is awake
	network string       // of the listener, for errors
	address net.Addr
	expired []*timed
	jobs    chan *eventConn // to the workers that wait
	idle    atomic.Int32    // how many do
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
	bell, _, errno := syscall.Syscall(syscall.SYS_EVENTFD2, 0, syscall.O_CLOEXEC|syscall.O_NONBLOCK, 0)
	if errno != 0 {
		syscall.Close(epoll)
		return nil, errno
	}
	l := &loop{event: e, epoll: epoll, bell: int(bell), jobs: make(chan *eventConn), network: listener.Addr().Network(), address: listener.Addr()}
	if err := l.control(syscall.EPOLL_CTL_ADD, l.bell, syscall.EPOLLIN, bellMark); err != nil {
		l.close()
		return nil, err
	}
	return l, nil
}

func (l *loop) control(op, fd int, events uint32, mark int32) error {
	return syscall.EpollCtl(l.epoll, op, fd, &syscall.EpollEvent{Events: events, Fd: int32(fd), Pad: mark})
}

func (l *loop) close() {
	syscall.Close(l.epoll)
	syscall.Close(l.bell)
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
	events := make([]syscall.EpollEvent, batch)
	for !l.event.over() {
		n := l.wait(events)
		for i := range events[:n] {
			l.handle(&events[i])
		}
		l.expire()
		if n > 0 {
			runtime.Gosched() // to those who have something to do now
		}
	}
}

// wait waits for events, or until a deadline may have passed.
func (l *loop) wait(events []syscall.EpollEvent) int {
	if n, err := syscall.EpollWait(l.epoll, events, 0); n > 0 && err == nil {
		return n
	}
	timeout := -1
	first := l.wheel.first()
	l.until.Store(first)
	if again := l.wheel.first(); again < first { // put in by somebody who saw the loop awake
		first = again
	}
	if first != noTick {
		timeout = int(max((first<<tickShift-l.now())/int64(time.Millisecond)+1, 0))
	}
	n, err := syscall.EpollWait(l.epoll, events, timeout)
	l.until.Store(0)
	if err != nil {
		return 0 // EINTR
	}
	return n
}

// handle tells whom an event concerns.
func (l *loop) handle(event *syscall.EpollEvent) {
	switch event.Pad {
	case bellMark:
		var count [8]byte
		syscall.Read(l.bell, count[:])
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
		l.ring()
	}
}

// ring ends the loop's wait.
func (l *loop) ring() {
	one := [8]byte{1}
	syscall.Write(l.bell, one[:])
}

// forget takes a socket that is about to be closed out of the books.
func (l *loop) forget(s *socket) {
	l.wheel.remove(&s.timer)
	l.event.table.set(s.fd, nil)
	if l.event.sockets.Add(-1) == 0 && l.event.ending.Load() {
		l.event.ringAll()
	}
}

// end lets the loops go when the last socket is closed; a hijacked one may stay open for long.
func (e *eventEngine) end() {
	e.ending.Store(true)
	e.ringAll()
}

func (e *eventEngine) over() bool { return e.ending.Load() && e.sockets.Load() == 0 }

func (e *eventEngine) ringAll() {
	for _, l := range e.loops {
		l.ring()
	}
}
