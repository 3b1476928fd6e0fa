package engine

import "testing"

// A wait that begins when its deadline has just passed ends all the same.
func TestDeadlinePassesBeforeTheWait(t *testing.T) {
	l, err := newLoop(&eventEngine{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.close()
	c := &eventConn{}
	s := &c.socket
	s.loop, s.timer.owner = l, c
	s.reader.wake = make(chan struct{}, 1)

	s.setDue(&s.readDue, -1, 1)
	tick := func(n int64) {
		for _, due := range l.wheel.take(n, nil) {
			due.owner.checkDeadlines(n << tickShift)
		}
	}
	tick(1) // while nobody waits yet
	if !s.reader.leave(parked) {
		t.Fatal("the wait does not begin")
	}
	tick(2)
	select {
	case <-s.reader.wake:
	default:
		t.Fatal("the wait goes on")
	}
	if !s.reader.takeExpired() {
		t.Error("the wait has ended, but not of its deadline")
	}
	s.readDue.Store(0) // as the one does who has waited
	tick(3)
	if first := l.wheel.first(); first != noTick {
		t.Errorf("the socket is still watched, until tick %d, although nobody waits", first)
	}
}
