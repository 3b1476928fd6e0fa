package httpcases

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// How long the client waits for something that should not come, or for a connection to end.
const (
	quietTime = 150 * time.Millisecond
	closeTime = 1500 * time.Millisecond
)

// judge waits for the server's answer to what was sent and compares it with the expectation.
func (x *exchange) judge(c Case) (Verdict, string) {
	e := c.Expect
	if e.AllowH2 && x.isH2() {
		return Pass, "HTTP/2 settings"
	}
	x.await(e)
	switch {
	case x.fault != nil:
		return Fail, x.fault.Error()
	case e.QuietMS != nil && x.spokeBefore(*e.QuietMS):
		return Fail, fmt.Sprintf("spoke before %d ms", *e.QuietMS) + x.got()
	case len(x.final) == 0:
		return x.judgeSilence(e)
	case len(e.Status) == 0 && slices.Contains(e.StatusOr, x.final[0].status):
		return Pass, x.got()
	case len(e.Status) == 0:
		return Fail, "answered:" + x.got()
	}
	for _, difference := range []func(Expect) string{x.inStatus, x.inFirst, x.inCount, x.inInterim, x.inFollowing, x.inRest} {
		if why := difference(e); why != "" {
			return Fail, why + x.got()
		}
	}
	if why := x.inConnection(c); why != "" {
		return Fail, why + x.got()
	}
	return Pass, x.got()
}

// isH2 reports whether the server answers with a SETTINGS frame (RFC 9113 section 6.5).
func (x *exchange) isH2() bool {
	const frameHeader, settings = 9, 0x4
	x.until(limit, func() bool { return len(x.received) >= frameHeader })
	return len(x.received) >= frameHeader && x.received[3] == settings
}

// await collects the responses, then sees whether the connection ends, or too many come.
func (x *exchange) await(e Expect) {
	least, most := e.Responses.limits()
	x.until(limit, func() bool { return len(x.final) >= max(least, 1) })
	tooMany := func() bool { return len(x.final) > most }
	if e.Connection == "close" {
		x.until(closeTime, tooMany)
	} else {
		x.until(quietTime, tooMany)
	}
}

func (x *exchange) spokeBefore(milliseconds int) bool {
	after, spoke := x.inbox.firstAfter(x.began)
	return spoke && after < time.Duration(milliseconds)*time.Millisecond
}

// judgeSilence is the verdict when no final response came.
func (x *exchange) judgeSilence(e Expect) (Verdict, string) {
	switch {
	case x.ended != nil && (e.AllowClose || len(e.Status) == 0):
		return Pass, "closed"
	case x.ended == io.EOF:
		return Fail, "closed, no response"
	case x.ended != nil:
		return Fail, fmt.Sprintf("no response: %v", x.ended)
	case e.AllowWait:
		return Pass, "waiting"
	}
	return Fail, "timeout, no response"
}

func (x *exchange) inStatus(e Expect) string {
	if got := x.final[0].status; !slices.Contains(e.Status, got) {
		return fmt.Sprintf("status %d, wanted %d", got, e.Status)
	}
	return ""
}

func (x *exchange) inFirst(e Expect) string { return x.final[0].differs(e.Content) }

func (x *exchange) inCount(e Expect) string {
	least, most := e.Responses.limits()
	if n := len(x.final); n < least || n > most {
		return fmt.Sprintf("%d responses, wanted %d to %d", n, least, most)
	}
	return ""
}

func (x *exchange) inInterim(e Expect) string {
	if e.Interim != nil && !slices.Equal(x.interim, e.Interim) {
		return fmt.Sprintf("interim %d, wanted %d", x.interim, e.Interim)
	}
	return ""
}

// inFollowing compares the second response and those behind it.
func (x *exchange) inFollowing(e Expect) string {
	for i, then := range e.Then {
		n := i + 2
		if n > len(x.final) {
			return x.inAbsent(e, n)
		}
		r := x.final[n-1]
		if !slices.Contains(then.Status, r.status) {
			return fmt.Sprintf("response %d: status %d, wanted %d", n, r.status, then.Status)
		}
		if why := r.differs(then.Content); why != "" {
			return fmt.Sprintf("response %d: %s", n, why)
		}
	}
	return ""
}

// inAbsent judges that the n-th response is missing: where that is allowed, the server must have closed.
func (x *exchange) inAbsent(e Expect, n int) string {
	if !e.ThenOptional {
		return fmt.Sprintf("no response %d", n)
	}
	if _, most := e.Responses.limits(); n <= most {
		x.until(time.Second, func() bool { return false })
		if x.ended == nil {
			return fmt.Sprintf("no response %d and the connection stays open", n)
		}
	}
	return ""
}

func (x *exchange) inRest(Expect) string {
	if stray := x.received[x.parsed:]; len(stray) > 0 {
		return fmt.Sprintf("stray octets after the last response: %q", start(stray))
	}
	return ""
}

// inConnection judges whether the connection has ended, or still serves. A close that was announced may linger while
// the server drains what the client sent (RFC 9112 section 9.6).
func (x *exchange) inConnection(c Case) string {
	announced := strings.Contains(strings.ToLower(x.final[len(x.final)-1].fields["connection"]), "close")
	switch {
	case c.Expect.Connection == "close" && x.ended == nil && !announced:
		return "connection stays open"
	case c.Expect.Connection == "keep" && x.ended != nil:
		return "connection closed"
	case c.Expect.Connection == "keep" && !c.HalfClose:
		return x.inFollowUp()
	}
	return ""
}

// inFollowUp asks for / on the same connection.
func (x *exchange) inFollowUp() string {
	n := len(x.final)
	x.send([]byte("GET / HTTP/1.1\r\nHost: t.example\r\n\r\n"))
	x.until(limit, func() bool { return len(x.final) > n })
	if len(x.final) == n {
		return fmt.Sprintf("follow-up request not answered (%v)", x.fault)
	}
	if r := x.final[n]; r.status != 200 || string(r.body) != "hello" {
		return fmt.Sprintf("follow-up request got %d %q", r.status, start(r.body))
	}
	return ""
}

// got lists the status codes that came.
func (x *exchange) got() string {
	var codes []int
	for _, r := range x.final {
		codes = append(codes, r.status)
	}
	if len(codes) > 6 {
		return fmt.Sprintf(" got %d and %d more", codes[:6], len(codes)-6)
	}
	return fmt.Sprintf(" got %d", codes)
}
