package nethttp

import (
	"context"
	"net/http"
	"slices"
	"sync"

	"github.com/microroute/microroute"
)

// Middleware makes middleware of some for net/http, the first outermost:
//
//	app.Use(nethttp.Middleware(middleware.RequestID, middleware.Compress(5)))
//
// To this middleware, all that follows in the chain is the next http.Handler: handlers of microroute, files and error pages. What
// they send, returned bodies included, goes through the ResponseWriter that it has made; fields, content, context and addresses
// are those of the Request that it has made, and the rule is what has been matched before. An error that they return is answered
// inside, so that it sees the status; a panic goes through it. It need not call next, may call it several times, or leave it
// behind at work, as http.TimeoutHandler does: then its answer goes out, and what they send or read fails.
//
// Inside, the Context is another one, which lasts until next returns. It has the same rule, variables, values and Session; the
// Header of its Response begins with what the ResponseWriter has.
//
// A Middleware costs a request about twice what Serve does. Give it all at once what belongs together.
func Middleware(wrap ...func(http.Handler) http.Handler) microroute.Middleware {
	return func(next microroute.Handler) microroute.Handler {
		var h http.Handler = http.HandlerFunc(serveChain)
		for _, one := range slices.Backward(wrap) {
			h = one(h)
		}
		inside := func(c *microroute.Context) error {
			c.Exchange().(*inner).show(&c.Response.Header)
			return next(c)
		}
		return func(c *microroute.Context) error {
			v := viewOf(c)
			p := &passage{view: v, chain: c.Chain(inside)}
			p.Context, p.cancel = context.WithCancel(v.request.Context())
			return p.serve(h)
		}
	}
}

// passage is the way of a request through middleware of net/http to the rest of a chain. It is also the context of that request.
type passage struct {
	context.Context
	cancel context.CancelFunc
	view   *view
	chain  *microroute.Chain

	mu     sync.Mutex
	closed bool           // the middleware has returned
	within int            // how many are answering the rest of the chain
	inside sync.WaitGroup // for them
}

type passageKey struct{}

func (p *passage) Value(key any) any {
	if key == (passageKey{}) {
		return p
	}
	return p.Context.Value(key)
}

// serve has the middleware answer.
func (p *passage) serve(h http.Handler) error {
	defer p.leave()
	return p.view.serve(h, p.view.request.WithContext(p))
}

// leave is the end for those who have gone in. Some may be left behind, as http.TimeoutHandler does: they are told, and find
// themselves without an exchange. Only the end of the server waits for them, and an App that runs one handler at a time.
func (p *passage) leave() {
	p.mu.Lock()
	p.closed = true
	deserted := p.within > 0
	p.mu.Unlock()
	p.cancel()
	c := p.view.c
	if deserted && !c.App().Config().SingleThread {
		p.chain.Leave()
		c.Go(func(context.Context) { p.inside.Wait() })
		return
	}
	if deserted {
		p.view.body.end() // they may be waiting for content
	}
	p.inside.Wait()
	p.chain.Join()
	views.Set(c, p.view) // the one inside was another
}

// enter reports whether it is not too late to answer the rest of the chain; then it counts.
func (p *passage) enter() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed {
		p.within++
		p.inside.Add(1)
	}
	return !p.closed
}

// exit is the end of what enter has begun.
func (p *passage) exit() {
	p.mu.Lock()
	p.within--
	p.mu.Unlock()
	p.inside.Done()
}

// serveChain is the rest of a chain as an http.HandlerFunc.
func serveChain(w http.ResponseWriter, r *http.Request) {
	p, ok := r.Context().Value(passageKey{}).(*passage)
	if !ok {
		panic("nethttp: middleware has called next with a context that is not made of its request's")
	}
	if !p.enter() {
		return // nobody is there any more
	}
	defer p.exit()
	x := &inner{newExchange(w, r), p.view}
	defer x.release()
	p.chain.Serve(x)
	x.finish()
}
