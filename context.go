package microroute

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/microroute/microroute/message"
	"github.com/microroute/microroute/router"
)

// Context is a request that is being answered: what came, what goes, and the visitor's Session. It belongs to the handler
// until that returns, and to its goroutine; strings that came from it may be kept, the Context may not. See Detach and Go
// for work that goes on.
type Context struct {
	Request  *Request
	Response *Response
	Session  Session

	app     *App
	route   *route
	match   router.Match
	failure *Error // what is being answered, if something has gone wrong
	values  []keyed
	hooked  bool      // the After hooks have run
	handled bool      // OnError has been called, or an error page
	began   time.Time // in development
	over    atomic.Bool

	deserted bool // by a handler that has left others behind: see Chain.Leave

	request  Request
	response Response
	kept     message.Request // the head when the exchange is over: that of a Detach, else an empty one
}

func newContext(a *App) *Context {
	c := &Context{app: a}
	c.request.c, c.response.c = c, c
	return c
}

// begin makes c the Context of x.
func (c *Context) begin(x Exchange) {
	c.over.Store(false)
	c.Request, c.Response, c.Session = &c.request, &c.response, noSession{}
	c.request.begin(x)
	c.response.begin(x)
	if c.app.config.Development {
		c.began = time.Now()
	}
}

// end takes c away from its handler. Where mistakes are to be caught, it is not used again.
func (c *Context) end() {
	c.request.end()
	c.response.end()
	c.route, c.failure, c.hooked, c.handled = nil, nil, false, false
	clear(c.values)
	c.values = c.values[:0]
	c.over.Store(true)
	if !c.deserted && !c.app.config.Development && !raceDetector {
		c.app.contexts.Put(c)
	}
}

// live panics if the handler has returned: c may be serving somebody else by now.
func (c *Context) live() {
	if c.over.Load() {
		panic("microroute: Context used after its handler has returned: keep a Detach of it, or use Go")
	}
}

// App returns the App that serves the request.
func (c *Context) App() *App { return c.app }

// Logger returns the App's logger with the request's method and path.
func (c *Context) Logger() *slog.Logger {
	return c.app.config.Logger.With("method", c.Request.Method, "path", c.Request.Path())
}

// Context returns a context that ends when the handler returns, when the client closes the connection, or when the
// server is closed. On a half-closed connection it ends, too: a client that is gone looks the same. It does not stop the
// response.
func (c *Context) Context() context.Context {
	c.live()
	return c.request.x.Context()
}

// Draining returns a channel that is closed when the server begins to shut down. Shutting down waits for handlers, so one
// that streams without an end should return then. Over a server of net/http, which does not tell, it is nil.
func (c *Context) Draining() <-chan struct{} {
	c.live()
	return c.request.x.Draining()
}

// Go runs f beside the handler and beyond its return; Server.Shutdown waits for it. Its ctx does not end with the client,
// but when the server gives up waiting. Of c it may use what it has taken before, or a Detach. A panic in f is logged.
func (c *Context) Go(f func(ctx context.Context)) {
	c.live()
	j, logger := &c.app.jobs, c.app.config.Logger
	ctx := j.start()
	j.running.Go(func() {
		defer func() {
			if cause := recover(); cause != nil {
				logger.Log(context.Background(), LevelCrash, "job crashed", "error", cause)
			}
		}()
		f(ctx)
	})
}

// Detach returns a copy of c that may be kept and used after the handler has returned: the request's head, the variables
// and the values set with a Key; the body if it has been read with Data. Its Response leads nowhere: what sends fails.
func (c *Context) Detach() *Context {
	c.live()
	d := newContext(c.app)
	d.Request, d.Response, d.Session = &d.request, &d.response, noSession{}
	d.route, d.failure = c.route, c.failure
	d.values = append(d.values, c.values...)
	d.request.copyOf(&c.request)
	d.response.begin(detached{})
	d.response.Header.Clear()
	if c.route != nil {
		for i := range c.route.variables {
			d.request.variables = append(d.request.variables, c.text(i))
		}
	}
	return d
}

// Exchange returns the transport's side of the request, for packages that adapt one to something else.
func (c *Context) Exchange() Exchange {
	c.live()
	return c.request.x
}

// OnEnd has f called when the exchange is over and the response has been sent, in the order of registration. c must not be used
// then.
func (c *Context) OnEnd(f func()) {
	c.live()
	c.request.cleanup(f)
}

// Vars yields the names and the decoded texts of the rule's variables, in their order.
func (c *Context) Vars() iter.Seq2[string, string] {
	c.live()
	return func(yield func(name, text string) bool) {
		if c.route == nil {
			return
		}
		for i := range c.route.variables {
			if !yield(c.route.variables[i].Name, c.text(i)) {
				return
			}
		}
	}
}

// Rule returns the rule that matched, "" if none did.
func (c *Context) Rule() string {
	if c.route == nil {
		return ""
	}
	return c.route.rule
}

// Var returns the decoded text of the rule's variable called name, "" if there is none.
func (c *Context) Var(name string) string {
	c.live()
	if c.route != nil {
		for i := range c.route.variables {
			if c.route.variables[i].Name == name {
				return c.text(i)
			}
		}
	}
	return ""
}

// Error returns what an ErrorPage has to report, nil if nothing has gone wrong.
func (c *Context) Error() *Error { return c.failure }

// text returns the text of variable i: a part of the head's copy, or a copy of its own if it had escapes.
func (c *Context) text(i int) string {
	if i < len(c.request.variables) {
		return c.request.variables[i]
	}
	text := c.match.Var(i)
	if at := c.match.Offset(i); at >= 0 {
		return c.request.head.CutPath(at, at+len(text))
	}
	return strings.Clone(text)
}

func (c *Context) logRequest() {
	c.app.config.Logger.Debug("request", "method", c.Request.Method, "path", c.Request.head.Path(),
		"status", c.Response.sentStatus, "took", time.Since(c.began))
}

// logError logs an error whose answer the client does not see, or sees without the cause.
func (c *Context) logError(err error) {
	if _, crashed := errors.AsType[*crash](err); crashed {
		return // that has been logged, with the stack
	}
	level := slog.LevelError
	left := errors.Is(err, context.Canceled) && c.request.x.Context().Err() != nil // the client has
	if e := asError(err); e.Status < message.StatusInternalServerError || isTimeout(err) || left {
		level = slog.LevelDebug
	}
	c.app.config.Logger.Log(context.Background(), level, "request failed", "method", c.Request.Method,
		"path", c.Request.head.Path(), "error", err)
}
