package microroute

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"

	"github.com/microroute/microroute/message"
)

// Serve answers one exchange. It is called by transports, from any number of goroutines; see Prepare for what comes
// before. It returns when the response is complete or has been given up, whatever the handler does, panics and
// runtime.Goexit included.
func (a *App) Serve(x Exchange) {
	if a.steps != nil {
		a.queue(x)
		return
	}
	a.serve(x)
}

// serve is Serve on the caller's goroutine.
func (a *App) serve(x Exchange) {
	if len(a.hosts) > 0 {
		a = a.appFor(x)
	}
	c := a.contexts.Get().(*Context)
	c.begin(x)
	if a.config.SingleThread {
		a.turn.Lock()
	}
	returned := false
	defer func() {
		if !returned {
			c.crashed(recover())
		}
		if a.config.SingleThread {
			a.turn.Unlock()
		}
		c.end()
	}()
	c.settle(c.dispatch())
	returned = true
}

// dispatch finds the handler for the request and runs it.
func (c *Context) dispatch() error {
	a := c.app
	if c.request.x.Misdirected() {
		return &Error{Status: message.StatusMisdirectedRequest}
	}
	if a.config.Sessions != nil {
		session, err := a.config.Sessions.Session(c)
		if err != nil {
			return err
		}
		c.Session = session
	}
	for _, hook := range a.before {
		if err := hook(c); err != nil || c.Response.settled() {
			return err
		}
	}
	head := c.Request.head
	fallback := ""
	if head.Method == message.MethodHead {
		fallback = message.MethodGet
	}
	route, found := a.router.FindEither(head.Method, fallback, head.TransientPath(), &c.match)
	if !found {
		return c.site().handler(c)
	}
	c.route = route
	return route.handler(c)
}

// settle makes a response of what the handler has done and returned, and sends what is left to be sent.
func (c *Context) settle(err error) {
	if err != nil {
		c.fail(err)
	}
	if e := c.Response.page; e != nil {
		c.handled = true
		c.showError(e)
	}
	if !c.hooked {
		c.hooked = true
		for _, hook := range c.app.after {
			if err := hook(c); err != nil {
				c.fail(err)
			}
		}
	}
	if err := c.Response.complete(); err != nil {
		c.fail(err)
		c.Response.complete()
	}
	c.Response.reportTrailer()
	if !c.began.IsZero() {
		c.logRequest()
	}
}

// fail turns an error into a response. It is too late for that once the header has been sent: then the client must see
// that the response is broken. After an Abort it changes nothing.
func (c *Context) fail(err error) {
	r := c.Response
	switch {
	case r.aborted != nil:
		if !errors.Is(err, r.aborted) {
			c.logError(err)
		}
		return
	case r.headerSent || r.closed || r.x.Taken():
		c.logError(err)
		r.giveUp()
		return
	}
	r.reset()
	c.failure, c.handled = asError(err), true
	r.Status = c.failure.Status
	c.app.onError(c, err)
}

// crashed answers for a handler that has panicked or ended its goroutine.
func (c *Context) crashed(cause any) {
	answered := false
	defer func() {
		if !answered { // what answers for crashes has crashed itself
			recover()
			c.lastResort()
		}
	}()
	err, expected := cause.(*Error) // see Context.int
	if !expected {
		err = &Error{Status: message.StatusInternalServerError, Err: &crash{cause}}
		c.app.config.Logger.Log(context.Background(), LevelCrash, "handler crashed", "method", c.Request.Method,
			"path", c.Request.head.Path(), "error", err.Err, "stack", string(debug.Stack()))
	}
	if !c.handled {
		c.settle(err)
		answered = true
	}
}

// crash is the error of a handler that has panicked with cause, or called runtime.Goexit: then cause is nil.
type crash struct{ cause any }

func (e *crash) Error() string {
	if e.cause == nil {
		return "handler called runtime.Goexit"
	}
	return fmt.Sprint(e.cause)
}

func (e *crash) Unwrap() error {
	err, _ := e.cause.(error)
	return err
}

// lastResort answers without anything of the program's: hooks, pages or OnError.
func (c *Context) lastResort() {
	r := c.Response
	if r.headerSent || r.closed || r.x.Taken() {
		r.giveUp()
		return
	}
	r.reset()
	r.onSend, r.aborted, r.decided = nil, nil, true
	r.Status = message.StatusInternalServerError
	r.content = textContent(c.errorPage(&Error{Status: r.Status}))
	r.complete()
}

// jobs counts what Context.Go has started.
type jobs struct {
	running sync.WaitGroup
	mu      sync.Mutex
	context context.Context
	cancel  context.CancelFunc
}

func (j *jobs) init() { j.context, j.cancel = context.WithCancel(context.Background()) }

// start returns the context of a new job.
func (j *jobs) start() context.Context {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.context
}

// end ends the context of the jobs that run; later ones get another.
func (j *jobs) end() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.cancel()
	j.init()
}

// wait waits for the jobs that run. If ctx ends first, it ends their context and waits no longer.
func (j *jobs) wait(ctx context.Context) error {
	done := make(chan struct{})
	go func() {
		j.running.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		j.end()
		return ctx.Err()
	}
}
