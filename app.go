// Package microroute is a web framework for small, self-contained programs: rules with typed variables that become the
// parameters of a handler, a handler's result that becomes the body, and a Response that hands over the whole exchange,
// down to the socket.
//
//	app := microroute.New()
//	app.Get("/", func(c *microroute.Context) string { return "<h1>Hello World!</h1>" })
//	app.Get("/goods/<string:name>/<float:price>/<int:n>", func(c *microroute.Context, name string, price float64, n int) string {
//		return fmt.Sprintf("%s: %.2f", name, price*float64(n))
//	})
//	if err := app.Run(":8080"); err != nil {
//		log.Fatal(err)
//	}
//
// An App has Routes, and answers each request with a Context that holds the Request, the Response and the Session. The
// bytes are read and written by package engine, or by net/http through package nethttp; templates are the business of
// package views. The package imports neither net/http nor crypto/tls, so that programs stay small.
//
// # Handlers
//
// A handler is a func(*Context, vars...) [T] [, error]. The vars are those of its rule, in their order: string for
// string, path and custom variables, int or int64 for int, float64 for float. T is the body: a string or []byte as it is,
// an io.Reader or an iter.Seq of strings or byte slices as a stream, a Component as a page, anything else as JSON. An
// error goes to App.OnError, if nothing has been sent. Handlers are checked when the App starts, and every mistake is
// reported with its file and line; nothing of that costs a request anything.
package microroute

import (
	"errors"
	"regexp"
	"sync"
	"sync/atomic"

	"github.com/microroute/microroute/message"
	"github.com/microroute/microroute/router"
)

// App is a web application: routes, hooks, tables and a static root. It is set up first, by one goroutine, and then
// serves; changing it after its start is an error. Several Apps in one program share nothing.
type App struct {
	*Routes

	// MIMETypes maps the suffix of a file, in small letters and without the dot, to its media type.
	MIMETypes map[string]string
	// StatusTexts maps a status to the reason phrase that HTTP/1 sends with it. What is not in it has the phrase of the
	// IANA registry.
	StatusTexts map[int]string
	// DefaultPages are the files that stand for their directory, the first that exists, where StaticConfig has no others.
	DefaultPages []string

	config  Config
	router  *router.Router[*route]
	sites   []*site   // answer what no rule matches, the longest prefix first
	root    directory // nil if there is none
	before  []Handler
	after   []Handler
	onError func(c *Context, err error)
	pages   map[int]Handler
	methods methodSet

	mistakes mistakes
	prepare  sync.Once
	problem  error // what Prepare returns
	started  bool

	contexts sync.Pool // *Context
	files    fileCache
	turn     sync.Mutex // held by the handler that runs, if they run one at a time
	jobs     jobs
	stopping atomic.Int32 // Servers that are shutting down

	servers servers
	steps   chan step // to Server.Step, if that serves
	hosts   []virtualHost
	host    *App // of which this one answers for a host
}

// New returns an App without routes. It takes one Config at most; without one, the zero Config.
func New(config ...Config) *App {
	// This is little enough for the compiler to inline it. Where there is no Config it then leaves out the file server.
	var openRoot func(Config) directory
	if len(config) > 0 {
		openRoot = staticRoot
	}
	return newApp(config, openRoot)
}

func newApp(config []Config, openRoot func(Config) directory) *App {
	a := &App{
		MIMETypes:    message.MIMETypes(),
		StatusTexts:  map[int]string{},
		DefaultPages: []string{"index.html", "index.htm"},
		router:       router.New[*route](compilePattern),
		pages:        map[int]Handler{},
		methods:      methodSet{},
	}
	if len(config) > 0 {
		a.config = config[0]
	}
	if len(config) > 1 {
		a.mistakes.add(2, "New takes one Config, not %d", len(config))
	}
	if a.config.Root != "" {
		a.root = openRoot(a.config)
	}
	a.config = a.config.withDefaults()
	a.Routes = &Routes{app: a}
	a.onError = DefaultOnError
	a.contexts.New = func() any { return newContext(a) }
	a.jobs.init()
	if a.config.Manual {
		a.steps = make(chan step)
	}
	return a
}

// compilePattern makes the matcher of a custom variable.
func compilePattern(pattern string) (func(string) bool, error) {
	expression, err := regexp.Compile(`^(?:` + pattern + `)$`)
	if err != nil {
		return nil, err
	}
	return expression.MatchString, nil
}

// Config returns the Config that the App was made with, its defaults filled in.
func (a *App) Config() Config { return a.config }

// Before registers a hook that runs before every request is routed, in the order of registration. If it returns an error,
// or decides the response (by Redirect, Abort or sending), no handler runs.
func (a *App) Before(hook func(c *Context) error) {
	a.mustNotRun("Before")
	a.before = append(a.before, hook)
}

// After registers a hook that runs when a request has been handled, in the order of registration, errors included: the
// status is known and the header can still be changed, unless the handler has sent it. An error it returns is answered in
// place of the response, if that has not been sent.
func (a *App) After(hook func(c *Context) error) {
	a.mustNotRun("After")
	a.after = append(a.after, hook)
}

// OnError replaces the function that turns the error of a handler into a response. It is called once for a request, and
// only if nothing has been sent yet. DefaultOnError is what it replaces.
func (a *App) OnError(handler func(c *Context, err error)) {
	a.mustNotRun("OnError")
	a.onError = handler
}

// ErrorPage registers the page for answers with an error status: those of handlers that returned an error, of Abort
// without content, and the App's own, such as 404. The handler has no variables; Context.Error tells it what happened.
// The status is set before it runs. It is for clients of every kind: one that wants problem documents for some asks for
// their Accept field.
func (a *App) ErrorPage(status int, handler any) {
	a.mustNotRun("ErrorPage")
	h, err := bind(handler, nil)
	switch {
	case err != nil:
		a.mistakes.add(1, "ErrorPage(%d): %v", status, err)
	case status < 400 || status > 599:
		a.mistakes.add(1, "ErrorPage(%d): an error has a status from 400 to 599", status)
	case a.pages[status] != nil:
		a.mistakes.add(1, "ErrorPage(%d): there is one already", status)
	default:
		a.pages[status] = h
	}
}

// mustNotRun refuses a change to an App that serves already: other goroutines are reading it.
func (a *App) mustNotRun(what string) {
	if a.started {
		panic("microroute: " + what + " after the App has started: set it up before")
	}
}

// Prepare ends the setting up: it checks every route and returns all mistakes together, each with its file and line. Run
// and Start call it; a program that serves the App by another transport calls it itself. It may be called again.
func (a *App) Prepare() error {
	a.prepare.Do(func() {
		a.started = true
		a.Routes.compose()
		a.openSites()
		a.problem = a.mistakes.error()
		for _, host := range a.hosts {
			a.problem = errors.Join(a.problem, host.app.Prepare())
		}
	})
	return a.problem
}

// statusText returns the reason phrase for status, "" if there is none.
func (a *App) statusText(status int) string {
	if text, ok := a.StatusTexts[status]; ok {
		return text
	}
	return message.StatusText(status)
}
