package engine

import (
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// loop is an epoll instance and the goroutines that serve its sockets. One of them leads: it waits for sockets to become
// ready. What is ready is served by the others, or the goroutine that waits for it is woken. See deputy for who leads when
// the leader itself serves.
type loop struct {
	event   *eventEngine
	epoll   *poller
	deputy  deputy
	bell    bell
	wheel   wheel
	until   atomic.Int64 // the tick before which nobody looks at the wheel; 0 if the leader is about to
	alarm   *time.Timer  // rings the bell
	alarmAt int64        // the tick when it does; 0 if it is not known
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
func newEventEngine(s *Server) (*eventEngine, error) {
	e := &eventEngine{server: s, base: time.Now(), listeners: map[int]*eventListener{}}
	for range runtime.GOMAXPROCS(0) {
		one, err := newLoop(e)
		if err != nil {
			for _, one := range e.loops {
				one.close()
			}
			return nil, err
		}
		e.loops = append(e.loops, one)
	}
	for _, one := range e.loops {
		go one.attend(nil)
	}
	return e, nil
}

func newLoop(e *eventEngine) (l *loop, err error) {
	l = &loop{event: e, jobs: make(chan *eventConn)}
	defer func() {
		if err != nil {
			l.close()
		}
	}()
	if l.epoll, err = newPoller(batch); err != nil {
		return l, err
	}
	if err := l.bell.open(); err != nil {
		return l, err
	}
	if err := l.control(syscall.EPOLL_CTL_ADD, l.bell.fd, syscall.EPOLLIN, bellMark); err != nil {
		return l, err
	}
	l.alarm = time.AfterFunc(time.Hour, l.bell.ring)
	l.alarm.Stop()
	return l, l.deputy.open(l.epoll.fd)
}

func (l *loop) control(op, fd int, events uint32, mark int32) error {
	return l.epoll.control(op, fd, events, mark)
}

func (l *loop) close() {
	if l.alarm != nil {
		l.alarm.Stop()
	}
	l.epoll.close()
	l.deputy.epoll.close()
	l.bell.close()
}

// now returns the time in nanoseconds since the loops began.
func (l *loop) now() int64 { return int64(time.Since(l.event.base)) }

// at returns t in the loop's time.
func (l *loop) at(t time.Time) int64 { return int64(t.Sub(l.event.base)) }

// batch is how many events are taken at once.
const batch = 128

// lead waits and hands out until the engine has ended, or somebody else leads.
func (l *loop) lead() {
	for !l.event.over() {
		l.announce()
		events := l.epoll.wait()
		l.until.Store(0)
		if len(events) == 1 {
			if c := l.handle(&events[0]); c != nil && !l.serve(c) {
				return
			}
			l.expire()
			continue
		}
		for i := range events {
			if c := l.handle(&events[i]); c != nil {
				l.start(c)
			}
		}
		l.expire()
		runtime.Gosched() // to those who have something to do now
	}
	close(l.jobs)
	l.close()
}

// announce tells that nobody looks at the wheel from now on, and sets the alarm for its first tick.
func (l *loop) announce() {
	first := l.wheel.first()
	l.until.Store(first)
	if again := l.wheel.first(); again < first { // put in by somebody who did not know yet
		first = again
	}
	if first == l.alarmAt {
		return
	}
	l.alarmAt = first
	if first == noTick {
		l.alarm.Stop()
		return
	}
	l.alarm.Reset(time.Duration(first<<tickShift - l.now()))
}

// handle tells whom an event concerns. It returns the connection that is to be served, if there is one.
func (l *loop) handle(event *syscall.EpollEvent) *eventConn {
	switch event.Pad {
	case bellMark:
		l.bell.silence()
		l.alarmAt = 0
		return nil
	case listenerMark:
		l.event.accept(int(event.Fd))
		return nil
	}
	c := l.event.table.get(int(event.Fd))
	if c == nil || c.socket.generation != event.Pad {
		return nil // an event of an earlier socket with this descriptor
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
		return c
	}
	return nil
}

// maxIdleWorkers is how many goroutines of a loop wait for work to come. A new goroutine would have to grow its stack
// with every request: a sixth of the processor time of a small one.
const maxIdleWorkers = 64

// start has c served, by a goroutine that waits or else by a new one.
func (l *loop) start(c *eventConn) {
	select {
	case l.jobs <- c:
	default:
		go l.attend(c)
	}
}

// serve serves c on the leader's goroutine if somebody stands by to lead meanwhile. It reports whether the goroutine leads
// afterwards.
func (l *loop) serve(c *eventConn) (leads bool) {
	if !l.deputy.seated.Load() {
		l.start(c)
		return true
	}
	l.announce()
	turn, done := l.deputy.lend(), false
	defer func() {
		leads = l.deputy.takeBack(turn)
		if leads && !done { // the handler has ended the goroutine
			go l.attend(nil)
		}
	}()
	c.serve()
	done = true
	return
}

// attend is what the goroutines of a loop do: serve connections, or lead, which the one does that begins with none. Who has
// done that stands by as deputy, or waits for more to do, if there are not enough who wait already.
func (l *loop) attend(c *eventConn) {
	for {
		if c == nil {
			l.lead()
		} else {
			c.serve()
		}
		if l.deputy.takeSeat() {
			if c = nil; l.deputy.standBy() {
				continue
			}
			return
		}
		if c = l.nextJob(); c == nil {
			return
		}
	}
}

// nextJob waits for a connection to serve. It returns nil if the goroutine is not needed any more.
func (l *loop) nextJob() *eventConn {
	defer l.idle.Add(-1)
	if l.idle.Add(1) > maxIdleWorkers {
		return nil
	}
	return <-l.jobs
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
