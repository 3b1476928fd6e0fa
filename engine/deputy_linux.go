package engine

import (
	"sync/atomic"
	"syscall"
)

// deputy is how a loop's leader may serve a connection itself, which saves starting another goroutine when there is only one
// to serve, and yet delays nobody: before it does, it lends the lead. If anything happens at the loop's sockets while it is
// busy, another goroutine, that stands by for this, takes the lead over, and the former leader is one of the others when it
// has finished.
//
// What stands by is woken by an epoll instance that watches the loop's own, but only while the lead is lent. So a server
// with one client at a time does with one goroutine switch for a request, and one with many clients as it would without.
type deputy struct {
	epoll   *poller
	watched int         // the descriptor of the loop's epoll instance
	seated  atomic.Bool // there is somebody standing by, or about to
	turn    uint64      // how often the lead has been lent
	lent    atomic.Uint64
}

// open readies the deputy for the loop whose epoll instance has this descriptor.
func (d *deputy) open(watched int) (err error) {
	if d.epoll, err = newPoller(1); err != nil {
		return err
	}
	d.watched = watched
	return d.epoll.control(syscall.EPOLL_CTL_ADD, watched, syscall.EPOLLONESHOT, 0)
}

// takeSeat reports whether the caller is to stand by.
func (d *deputy) takeSeat() bool { return !d.seated.Load() && d.seated.CompareAndSwap(false, true) }

// standBy waits until the caller leads. It reports false if the loop has ended.
func (d *deputy) standBy() bool {
	for len(d.epoll.wait()) > 0 {
		if turn := d.lent.Load(); turn != 0 && d.lent.CompareAndSwap(turn, 0) {
			d.seated.Store(false)
			return true
		}
	}
	return false
}

// lend lets the one who stands by take the lead as soon as anything happens. It is the leader who calls it.
func (d *deputy) lend() (turn uint64) {
	d.turn++
	turn = d.turn
	d.lent.Store(turn) // first: what happens before the watching begins is told then
	d.watch(syscall.EPOLLIN | syscall.EPOLLONESHOT)
	return turn
}

// takeBack reports whether the lead that has been lent is still the caller's, and ends the lending.
func (d *deputy) takeBack(turn uint64) bool {
	if !d.lent.CompareAndSwap(turn, 0) {
		return false
	}
	d.watch(syscall.EPOLLONESHOT)
	return true
}

func (d *deputy) watch(events uint32) { d.epoll.control(syscall.EPOLL_CTL_MOD, d.watched, events, 0) }
