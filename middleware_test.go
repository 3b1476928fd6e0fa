package microroute_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/microroutetest"
)

// trace is what happened, in order.
type trace struct {
	mu    sync.Mutex
	steps []string
}

func (tr *trace) add(step string) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.steps = append(tr.steps, step)
}

// take returns the steps since the last take.
func (tr *trace) take() string {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	steps := strings.Join(tr.steps, " ")
	tr.steps = nil
	return steps
}

// around is middleware that leaves name> on the way in and <name on the way out.
func (tr *trace) around(name string) microroute.Middleware {
	return func(next microroute.Handler) microroute.Handler {
		return func(c *Context) error {
			tr.add(name + ">")
			defer tr.add("<" + name)
			return next(c)
		}
	}
}

func (tr *trace) handler(name string) func(*Context) {
	return func(*Context) { tr.add(name) }
}

func TestMiddlewareOrder(t *testing.T) {
	var tr trace
	app := microroute.New()
	app.Get("/early", tr.handler("early"))
	app.Use(tr.around("a"), tr.around("b"))
	app.Get("/plain", tr.handler("plain"))
	group := app.Group("/group", tr.around("g"))
	group.Get("/early", tr.handler("early"))
	group.Use(tr.around("h"))
	group.Get("/late", tr.handler("late"))
	group.Group("/deep", tr.around("d")).Get("/x", tr.handler("deep"))
	group.With(tr.around("w"), tr.around("v")).Get("/with", tr.handler("with"))
	app.With(tr.around("w")).Get("/with", tr.handler("with"))
	app.Use(tr.around("c"))
	app.ErrorPage(404, tr.handler("page"))
	client := microroutetest.New(t, app)

	for target, want := range map[string]string{
		"/early":        "a> b> c> early <c <b <a",
		"/plain":        "a> b> c> plain <c <b <a",
		"/group/early":  "a> b> c> g> h> early <h <g <c <b <a",
		"/group/late":   "a> b> c> g> h> late <h <g <c <b <a",
		"/group/deep/x": "a> b> c> g> h> d> deep <d <h <g <c <b <a",
		"/group/with":   "a> b> c> g> h> w> v> with <v <w <h <g <c <b <a",
		"/with":         "a> b> c> w> with <w <c <b <a",
		"/nowhere":      "a> b> c> <c <b <a page",
	} {
		client.Get(target)
		if got := tr.take(); got != want {
			t.Errorf("%s: got %q, want %q", target, got, want)
		}
	}
}

// Middleware is composed once, when the App starts, not for each request.
func TestMiddlewareIsComposedOnce(t *testing.T) {
	composed := 0
	app := microroute.New()
	app.Use(func(next microroute.Handler) microroute.Handler {
		composed++
		return next
	})
	app.Get("/", func(*Context) {})
	client := microroutetest.New(t, app)
	before := composed
	client.Get("/")
	client.Get("/nowhere")
	if composed != before {
		t.Errorf("composed %d times by requests, want none", composed-before)
	}
}

func TestMiddlewareDecides(t *testing.T) {
	app := microroute.New()
	answer := func(handler microroute.Handler) microroute.Middleware {
		return func(microroute.Handler) microroute.Handler { return handler }
	}
	unreachable := func(c *Context) { t.Errorf("%s has reached the handler", c.Request.Path()) }
	app.With(answer(func(c *Context) error { return c.Response.SendString("sent") })).Get("/sent", unreachable)
	app.With(answer(func(c *Context) error { return c.Response.Redirect("/sent") })).Get("/redirected", unreachable)
	app.With(answer(func(c *Context) error { return &microroute.Error{Status: 402} })).Get("/error", unreachable)
	client := microroutetest.New(t, app)
	for target, want := range map[string]int{"/sent": 200, "/redirected": 302, "/error": 402} {
		if got := client.Get(target); got.Status != want {
			t.Errorf("%s: got %d, want %d", target, got.Status, want)
		}
	}
}
