package microroute_test

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/microroutetest"
)

// hooked returns an App whose hooks leave traces, and fail as the query says.
func hooked(tr *trace, config ...microroute.Config) *microroute.App {
	app := microroute.New(config...)
	app.Before(func(c *Context) error { tr.add("before1"); return nil })
	app.Before(func(c *Context) error {
		tr.add("before2")
		switch c.Request.Args.Get("before") {
		case "error":
			return &microroute.Error{Status: 401}
		case "redirect":
			return c.Response.Redirect("/")
		case "send":
			return c.Response.SendString("sent")
		case "abort":
			c.Response.Abort(403, "no")
		case "close":
			return c.Response.Close()
		case "panic":
			panic("before")
		case "goexit":
			runtime.Goexit()
		}
		return nil
	})
	app.Before(func(c *Context) error { tr.add("before3"); return nil })
	app.After(func(c *Context) error { tr.add(fmt.Sprint("after1:", c.Response.Status)); return nil })
	app.After(func(c *Context) error {
		tr.add("after2")
		c.Response.Header.Set("X-After", "1")
		switch c.Request.Args.Get("after") {
		case "error":
			return &microroute.Error{Status: 409}
		case "panic":
			panic("after")
		case "goexit":
			runtime.Goexit()
		}
		return nil
	})
	app.After(func(c *Context) error { tr.add("after3"); return nil })
	app.OnError(func(c *Context, err error) {
		tr.add("onerror")
		switch c.Request.Args.Get("onerror") {
		case "panic":
			panic("onerror")
		case "goexit":
			runtime.Goexit()
		}
		microroute.DefaultOnError(c, err)
	})
	app.ErrorPage(404, func(c *Context) (string, error) {
		tr.add("page")
		switch c.Request.Args.Get("page") {
		case "panic":
			panic("page")
		case "goexit":
			runtime.Goexit()
		case "error":
			return "", errors.New("page")
		}
		return "own page", nil
	})
	app.Get("/", func(c *Context) (string, error) {
		tr.add("handler")
		switch c.Request.Args.Get("handler") {
		case "error":
			return "", errors.New("handler")
		case "panic":
			panic("handler")
		case "Error":
			panic(&microroute.Error{Status: 418})
		case "goexit":
			runtime.Goexit()
		}
		return "body", nil
	})
	return app
}

func TestHooks(t *testing.T) {
	const before, after = "before1 before2 before3", "after2 after3"
	for _, test := range []struct {
		query  string
		status string // with the start of the body; "" for no answer
		steps  string
	}{
		{"", "200 body", before + " handler after1:200 " + after},
		{"handler=error", "500 <!doctype", before + " handler onerror after1:500 " + after},
		{"handler=panic", "500 <!doctype", before + " handler onerror after1:500 " + after},
		{"handler=Error", "418 <!doctype", before + " handler onerror after1:418 " + after},
		{"handler=goexit", "500 <!doctype", before + " handler onerror after1:500 " + after},

		{"before=error", "401 <!doctype", "before1 before2 onerror after1:401 " + after},
		{"before=redirect", "302 ", "before1 before2 after1:302 " + after},
		{"before=send", "200 sent", "before1 before2 after1:200 " + after},
		{"before=abort", "403 no", "before1 before2 after1:403 " + after},
		{"before=close", "", "before1 before2 after1:200 " + after},
		{"before=panic", "500 <!doctype", "before1 before2 onerror after1:500 " + after},
		{"before=goexit", "500 <!doctype", "before1 before2 onerror after1:500 " + after},

		{"after=error", "409 <!doctype", before + " handler after1:200 after2 onerror after3"},
		{"after=panic", "500 <!doctype", before + " handler after1:200 after2 onerror"},
		{"after=goexit", "500 <!doctype", before + " handler after1:200 after2 onerror"},

		{"handler=error&onerror=panic", "500 <!doctype", before + " handler onerror"},
		{"handler=error&onerror=goexit", "500 <!doctype", before + " handler onerror"},
		{"handler=Error&onerror=panic", "500 <!doctype", before + " handler onerror"},
		{"handler=panic&onerror=panic", "500 <!doctype", before + " handler onerror"},
		{"handler=panic&after=panic", "500 <!doctype", before + " handler onerror after1:500 after2"},
		{"after=error&onerror=panic", "500 <!doctype", before + " handler after1:200 after2 onerror"},
	} {
		t.Run(test.query, func(t *testing.T) {
			var tr trace
			server := serve(t, hooked(&tr))
			got := talk(t, server, lines("GET /?"+test.query+" HTTP/1.1", "Host: a.test", "Connection: close"))
			server.Shutdown(t.Context()) // the handler may have closed the connection before it was through
			if steps := tr.take(); !startsWithSteps(steps, test.steps) {
				t.Errorf("got steps %q, want %q", steps, test.steps)
			}
			checkAnswer(t, got, test.status)
		})
	}
}

// startsWithSteps reports whether these steps were taken, and afterwards at most such hooks as had not run.
func startsWithSteps(got, want string) bool {
	rest, ok := strings.CutPrefix(got, want)
	if !ok {
		return false
	}
	seen := strings.Fields(want)
	for _, step := range strings.Fields(rest) {
		name, _, _ := strings.Cut(step, ":")
		if !strings.HasPrefix(name, "after") || slices.ContainsFunc(seen, func(s string) bool { return strings.HasPrefix(s, name) }) {
			return false
		}
		seen = append(seen, step)
	}
	return true
}

// checkAnswer compares the status and the start of the body.
func checkAnswer(t *testing.T, octets, want string) {
	t.Helper()
	if want == "" {
		if octets != "" {
			t.Errorf("got %q, want no answer", octets)
		}
		return
	}
	if octets == "" {
		t.Errorf("got no answer, want %q", want)
		return
	}
	got := parse(t, octets)
	status, body, _ := strings.Cut(want, " ")
	if !strings.HasPrefix(got.line, "HTTP/1.1 "+status+" ") || !strings.Contains(got.body, body) {
		t.Errorf("got %q with %q, want %q", got.line, got.body, want)
	}
}

func TestErrorPageThatFails(t *testing.T) {
	for _, test := range []struct{ query, status string }{
		{"", "404 own page"},
		{"page=error", "404 <h1>404 Not Found</h1>"},
		{"page=panic", "500 <h1>500 Internal Server Error</h1>"},
		{"page=goexit", "500 <h1>500 Internal Server Error</h1>"},
	} {
		t.Run(test.query, func(t *testing.T) {
			var tr trace
			got := talk(t, serve(t, hooked(&tr)), lines("GET /nowhere?"+test.query+" HTTP/1.1", "Host: a.test", "Connection: close"))
			checkAnswer(t, got, test.status)
			if steps := tr.take(); strings.Count(steps, "page") != 1 {
				t.Errorf("got steps %q, want the page once", steps)
			}
		})
	}
}

// A page for the very error that it fails with must not keep the client from an answer.
func TestErrorPageOf500ThatFails(t *testing.T) {
	for name, fail := range map[string]func() error{
		"error": func() error { return errors.New("page") },
		"panic": func() error { panic("page") },
	} {
		t.Run(name, func(t *testing.T) {
			app := microroute.New()
			app.ErrorPage(500, func(*Context) error { return fail() })
			app.Get("/error", func(*Context) error { return errors.New("handler") })
			app.Get("/panic", func(*Context) { panic("handler") })
			app.Get("/abort", func(c *Context) error { return c.Response.Abort(500) })
			server := serve(t, app)
			for _, target := range []string{"/error", "/panic", "/abort"} {
				got := talk(t, server, lines("GET "+target+" HTTP/1.1", "Host: a.test", "Connection: close"))
				checkAnswer(t, got, "500 <h1>500 Internal Server Error</h1>")
			}
		})
	}
}

// Whatever panics, Serve returns and the next request is served, even if handlers take turns.
func TestServeAlwaysReturns(t *testing.T) {
	for _, query := range []string{
		"handler=panic", "handler=panic&onerror=panic", "handler=Error&onerror=panic", "handler=Error&after=panic",
		"handler=panic&after=panic", "after=panic", "after=panic&onerror=panic", "before=panic&after=panic",
	} {
		t.Run(query, func(t *testing.T) {
			app := hooked(&trace{}, microroute.Config{SingleThread: true})
			if err := app.Prepare(); err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := recover(); err != nil {
					t.Errorf("Serve let a panic through: %v", err)
				}
			}()
			bad := hold(t, "GET /?"+query+" HTTP/1.1", "Host: a.test")
			app.Serve(bad)
			if bad.status < 400 || !bad.ended {
				t.Errorf("got status %d, complete: %t, want the page of an error", bad.status, bad.ended)
			}
			good := hold(t, "GET / HTTP/1.1", "Host: a.test")
			app.Serve(good)
			if string(good.response) != "body" {
				t.Errorf("the next request got %q, want %q", good.response, "body")
			}
		})
	}
}

func TestAfterSeesEveryEnd(t *testing.T) {
	app := microroute.New()
	statuses := make(chan int, 1)
	app.After(func(c *Context) error {
		c.Response.Header.Set("X-After", "1")
		statuses <- c.Response.Status
		return nil
	})
	app.Get("/page", func(*Context) string { return "page" })
	app.Get("/made", func(c *Context) string { c.Response.Status = 201; return "made" })
	app.Get("/error", func(*Context) error { return &microroute.Error{Status: 402} })
	app.Get("/panic", func(*Context) { panic("handler") })
	app.Get("/redirect", func(c *Context) error { return c.Response.Redirect("/page") })
	app.Get("/abort", func(c *Context) error { return c.Response.Abort(403) })
	client := microroutetest.New(t, app)
	for target, want := range map[string]int{
		"/page": 200, "/made": 201, "/error": 402, "/panic": 500, "/redirect": 302, "/abort": 403, "/nowhere": 404,
	} {
		got := client.Get(target)
		if seen := <-statuses; seen != want || got.Status != want || got.Header.Get("X-After") != "1" {
			t.Errorf("%s: the hook saw %d, the client got %d with X-After %q, want %d and the field",
				target, seen, got.Status, got.Header.Get("X-After"), want)
		}
	}
}

func TestOnErrorIsCalledOnceAndOnlyInTime(t *testing.T) {
	app := microroute.New()
	var tr trace
	app.OnError(func(c *Context, err error) {
		tr.add(err.Error())
		c.Response.Status = 599
		c.Response.SendString("own answer")
	})
	app.Get("/error", func(*Context) error { return errors.New("error") })
	app.Get("/panic", func(*Context) error { panic(errors.New("panic")) })
	app.Get("/sent", func(c *Context) error { c.Response.SendString("sent"); return errors.New("late") })
	app.Get("/abort", func(c *Context) error { return c.Response.Abort(403, "aborted") })
	server := serve(t, app)
	for target, want := range map[string]string{"/error": "error", "/sent": "", "/abort": "", "/nowhere": "404 Not Found"} {
		got := ask(t, server, target)
		if steps := tr.take(); steps != want {
			t.Errorf("%s: OnError got %q, want %q", target, steps, want)
		}
		if (want != "") != strings.Contains(got.body, "own answer") {
			t.Errorf("%s: the client got %+v", target, got)
		}
	}
	ask(t, server, "/panic")
	if steps := tr.take(); steps != "500 Internal Server Error: panic" && steps != "panic" {
		t.Errorf("/panic: OnError got %q, want it once", steps)
	}
}
