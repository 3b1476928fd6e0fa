package engine

import "time"

// Limits bounds what clients may cost. Zero stands for the default, a negative value lifts the limit. The defaults are
// meant for the open internet.
type Limits struct {
	Target int   // octets of a request's target, else 414; default 16 KiB
	Head   int   // octets of a request's line and fields, else 431; default 64 KiB
	Fields int   // field lines of a request, else 431; default 200
	Body   int64 // octets of a request's content, else 413; default 4 MiB (a route may set its own)
	Drain  int64 // octets of content that are read and dropped to keep a connection; default 256 KiB

	Connections          int // at a time, more wait to be accepted; default: what RLIMIT_NOFILE leaves room for
	ConnectionsPerClient int // at a time from one IP address, more are closed; default: no limit, for proxies share one

	HeadTimeout  time.Duration // from the first octet of a head to its last; default 10 s
	BodyTimeout  time.Duration // without an octet of content while it is being read; default 30 s
	WriteTimeout time.Duration // without the client taking an octet; default 30 s
	IdleTimeout  time.Duration // between two requests; default 75 s
	DrainTimeout time.Duration // for reading and dropping content, and for the last octets before a close; default 1 s
}

// WithDefaults returns l with its zeros replaced.
func (l Limits) WithDefaults() Limits {
	return Limits{
		Target:               or(l.Target, 16<<10),
		Head:                 or(l.Head, 64<<10),
		Fields:               or(l.Fields, 200),
		Body:                 or(l.Body, 4<<20),
		Drain:                or(l.Drain, 256<<10),
		Connections:          or(l.Connections, maxConnections()),
		ConnectionsPerClient: or(l.ConnectionsPerClient, -1),
		HeadTimeout:          or(l.HeadTimeout, 10*time.Second),
		BodyTimeout:          or(l.BodyTimeout, 30*time.Second),
		WriteTimeout:         or(l.WriteTimeout, 30*time.Second),
		IdleTimeout:          or(l.IdleTimeout, 75*time.Second),
		DrainTimeout:         or(l.DrainTimeout, time.Second),
	}
}

func or[T int | int64 | time.Duration](v, fallback T) T {
	if v == 0 {
		return fallback
	}
	return v
}

// overDrain reports whether n octets are more than are read for nothing.
func (l *Limits) overDrain(n int64) bool { return l.Drain >= 0 && n > l.Drain }

// after returns the time d from now, the zero time for a negative d.
func after(d time.Duration) time.Time {
	if d < 0 {
		return time.Time{}
	}
	return time.Now().Add(d)
}
