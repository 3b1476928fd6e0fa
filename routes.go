package microroute

import (
	"strings"

	"github.com/microroute/microroute/internal/ascii"
	"github.com/microroute/microroute/message"
	"github.com/microroute/microroute/router"
)

// Handler answers a request. Whatever handler is registered for a rule becomes one.
type Handler func(c *Context) error

// Middleware wraps a Handler in another one, which does something before or after it, or in its place.
type Middleware func(next Handler) Handler

// Routes is a group of routes: they have the start of their rules and some middleware in common. An App is the group of
// all of them.
type Routes struct {
	app        *App
	parent     *Routes
	prefix     string
	middleware []Middleware
	groups     []*Routes
	routes     []*route
}

// route is a rule with its handler.
type route struct {
	rule      string
	variables []router.Variable
	handler   Handler
}

// Get registers a handler for GET requests that match rule. They answer HEAD requests, too.
//
// A rule is a path with variables <type:name>: string (the default, any text without a slash), int (digits), float
// (digits with at most one dot), path (the rest of the path) and custom=regex. Package router describes them, and which
// rule wins if several match. A trailing slash makes no difference.
func (r *Routes) Get(rule string, handler any) { r.add(message.MethodGet, rule, handler) }

// Head registers a handler for HEAD requests; the GET handler answers them where there is none.
func (r *Routes) Head(rule string, handler any) { r.add(message.MethodHead, rule, handler) }

// Post registers a handler for POST requests.
func (r *Routes) Post(rule string, handler any) { r.add(message.MethodPost, rule, handler) }

// Put registers a handler for PUT requests.
func (r *Routes) Put(rule string, handler any) { r.add(message.MethodPut, rule, handler) }

// Patch registers a handler for PATCH requests.
func (r *Routes) Patch(rule string, handler any) { r.add(message.MethodPatch, rule, handler) }

// Delete registers a handler for DELETE requests.
func (r *Routes) Delete(rule string, handler any) { r.add(message.MethodDelete, rule, handler) }

// Options registers a handler for OPTIONS requests; where there is none, the App answers with the Allow field.
func (r *Routes) Options(rule string, handler any) { r.add(message.MethodOptions, rule, handler) }

// Handle registers a handler for several methods, separated by commas and in any case: "get,post". "*" stands for every
// method.
func (r *Routes) Handle(methods, rule string, handler any) {
	for _, method := range strings.Split(methods, ",") {
		switch method = strings.ToUpper(strings.TrimSpace(method)); method {
		case "*":
			r.add("", rule, handler)
		case "":
			r.app.mistakes.add(1, "Handle(%q, %q): a method is missing", methods, rule)
		default:
			r.add(method, rule, handler)
		}
	}
}

// Use adds middleware to the group. It wraps all routes of the group and of the groups in it, whether they were registered
// before or after, the first outermost. The App's wraps everything, files and errors such as 404 included.
func (r *Routes) Use(middleware ...Middleware) {
	r.app.mustNotRun("Use")
	r.middleware = append(r.middleware, middleware...)
}

// Group returns a new group within r whose rules begin with r's prefix and then this one.
func (r *Routes) Group(prefix string, middleware ...Middleware) *Routes {
	r.app.mustNotRun("Group")
	group := &Routes{app: r.app, parent: r, prefix: joinRules(r.prefix, prefix), middleware: middleware}
	r.groups = append(r.groups, group)
	return group
}

// With returns a group without a prefix of its own, for routes that need some more middleware:
//
//	app.With(auth).Get("/secret", secret)
func (r *Routes) With(middleware ...Middleware) *Routes { return r.Group("", middleware...) }

// add is called by the methods that users call, so the mistakes are theirs: two callers up.
func (r *Routes) add(method, rule string, handler any) {
	r.app.mustNotRun("a route")
	what := strings.TrimSpace(method + " " + rule)
	if method != "" && !ascii.IsToken(method) {
		r.app.mistakes.add(2, "%s: %q is no method", what, method)
		return
	}
	parsed, err := router.Parse(joinRules(r.prefix, rule))
	if err != nil {
		r.app.mistakes.add(2, "%s: %v", what, err)
		return
	}
	variables := parsed.Variables()
	bound, err := bind(handler, variables)
	if err != nil {
		r.app.mistakes.add(2, "%s: %v", what, err)
		return
	}
	one := &route{parsed.String(), variables, bound}
	if err := r.app.router.Add(method, parsed, one); err != nil {
		r.app.mistakes.add(2, "%s: %v", what, err)
		return
	}
	r.app.methods.add(method)
	r.routes = append(r.routes, one)
}

// compose wraps the handlers of the group in their middleware.
func (r *Routes) compose() {
	for _, one := range r.routes {
		one.handler = r.wrap(one.handler)
	}
	for _, group := range r.groups {
		group.compose()
	}
}

// wrap wraps h in the middleware of the group and of those around it.
func (r *Routes) wrap(h Handler) Handler {
	for ; r != nil; r = r.parent {
		for i := len(r.middleware) - 1; i >= 0; i-- {
			h = r.middleware[i](h)
		}
	}
	return h
}

// joinRules joins a prefix and a rule with one slash.
func joinRules(prefix, rule string) string {
	if rule == "" || rule == "/" {
		if prefix != "" {
			return prefix
		}
		return "/"
	}
	return strings.TrimSuffix(prefix, "/") + "/" + strings.TrimPrefix(rule, "/")
}

// MaxBody returns middleware that lets a request's body have up to n octets instead of Limits.Body; a negative n, any
// number.
//
//	app.With(microroute.MaxBody(1<<30)).Post("/upload", upload)
func MaxBody(n int64) Middleware {
	return func(next Handler) Handler {
		return func(c *Context) error {
			c.Request.SetBodyLimit(n)
			return next(c)
		}
	}
}

// methodSet is the methods that an App has rules for.
type methodSet map[string]bool

func (s methodSet) add(method string) { s[method] = true }

// has reports whether a request with this method may match a rule.
func (s methodSet) has(method string) bool { return s[method] || s[""] }
