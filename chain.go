package microroute

import (
	"slices"
	"sync"
	"time"

	"github.com/microroute/microroute/router"
)

// Chain is the rest of a chain of middleware, to be answered on another Exchange than that of the Context it began with: for
// middleware that puts something of another framework around what follows, as package nethttp does.
//
// What follows gets a Context of its own, with the rule, the variables, the values, the Session, the limits, Status and MIMEType
// that the first one had when the Chain was made; the Header of its Response is empty. It is answered as App.Serve answers, an
// error by OnError, but the hooks of Before and After are for the first Context alone. A panic goes through.
type Chain struct {
	c    *Context
	app  *App
	next Handler

	route     *route
	match     router.Match
	variables []string
	session   Session
	limit     int64
	scheme    string
	status    int
	reason    string
	mimeType  string

	mu      sync.Mutex
	values  []keyed
	failure *Error
}

// Chain returns the Chain of what follows. The handler ends it with Join or Leave.
func (c *Context) Chain(next Handler) *Chain {
	c.live()
	ch := &Chain{
		c: c, app: c.app, next: next,
		route: c.route, session: c.Session, limit: c.Request.limit, scheme: c.Request.scheme,
		status: c.Response.Status, reason: c.Response.Reason, mimeType: c.Response.MIMEType,
		values: slices.Clone(c.values), failure: c.failure,
	}
	for _, text := range c.Vars() {
		ch.variables = append(ch.variables, text)
	}
	if len(ch.variables) > 0 {
		ch.match = c.match.Clone()
	}
	return ch
}

// Serve answers x. It returns when the response is complete. Any goroutine may call it, and several at a time.
func (ch *Chain) Serve(x Exchange) {
	c := ch.app.contexts.Get().(*Context)
	c.begin(x)
	match := c.match
	ch.lead(c)
	defer func() {
		c.match = match
		c.end()
	}()
	c.settle(c.attempt(ch.next))
	ch.mu.Lock()
	defer ch.mu.Unlock()
	ch.values, ch.failure = slices.Clone(c.values), c.failure
}

// lead makes c a Context of the Chain.
func (ch *Chain) lead(c *Context) {
	ch.mu.Lock()
	c.values, c.failure = append(c.values, ch.values...), ch.failure
	ch.mu.Unlock()
	c.route, c.match, c.Session = ch.route, ch.match, ch.session
	c.hooked, c.began = true, time.Time{}
	c.request.variables, c.request.limit, c.request.scheme = ch.variables, ch.limit, ch.scheme
	r := &c.response
	r.Header.Clear()
	r.Status, r.Reason, r.MIMEType = ch.status, ch.reason, ch.mimeType
}

// Join gives the first Context what has come of it: the values that have been set, and the Error that has been answered. Every
// Serve must have returned.
func (ch *Chain) Join() {
	ch.c.live()
	ch.c.values, ch.c.failure = ch.values, ch.failure
}

// Leave ends the Chain for the first Context while it is still being answered. So that what uses the Session then does not find
// itself in another exchange, that Context is not used again.
func (ch *Chain) Leave() {
	ch.c.live()
	ch.c.deserted = true
}

// attempt runs h and returns its error, also one that it has panicked with: see Context.int.
func (c *Context) attempt(h Handler) (err error) {
	defer func() {
		switch cause := recover().(type) {
		case nil:
		case *Error:
			err = cause
		default:
			panic(cause)
		}
	}()
	return h(c)
}
