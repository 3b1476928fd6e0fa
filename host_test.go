package microroute_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute"
)

// named returns an App that says who it is.
func named(name string) *microroute.App {
	app := microroute.New()
	app.Get("/", func(*Context) string { return name })
	return app
}

func TestHost(t *testing.T) {
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		app.Get("/", func(*Context) string { return "main" })
		app.Get("/main", func(*Context) string { return "only here" })
		app.Host("api.tea.example", named("api"))
		app.Host("*.tea.example", named("any"))
		app.Host("*.cup.tea.example", named("cup"))
		app.Host("Upper.Example.", named("upper"))
		server := serve(t, app)
		for host, want := range map[string]string{
			"api.tea.example":        "api",
			"API.tea.example:8080":   "api",
			"api.tea.example.":       "api",
			"x.tea.example":          "any",
			"a.b.tea.example":        "any",
			"red.cup.tea.example":    "cup",
			"tea.example":            "main",
			"xtea.example":           "main",
			"upper.example":          "upper",
			"[::1]:80":               "main",
			"[::1]":                  "main",
			"127.0.0.1":              "main",
			"api.tea.example.evil.x": "main",
		} {
			got := parse(t, talk(t, server, lines("GET / HTTP/1.1", "Host: "+host, "Connection: close")))
			if got.body != want {
				t.Errorf("host %s: got %q, want %q", host, got.body, want)
			}
		}
		got := parse(t, talk(t, server, lines("GET http://api.tea.example/ HTTP/1.1", "Host: tea.example", "Connection: close")))
		if got.body != "api" {
			t.Errorf("absolute-form: got %q, want api", got.body)
		}
		got = parse(t, talk(t, server, lines("GET /main HTTP/1.1", "Host: api.tea.example", "Connection: close")))
		if got.line != "HTTP/1.1 404 Not Found" {
			t.Errorf("a route of the main App on another host: got %q, want 404", got.line)
		}
	})
}

func TestHostMistakes(t *testing.T) {
	app, other := microroute.New(), named("other")
	bad := named("bad")
	bad.Get("/", 5)
	app.Host("", named(""))
	app.Host("*", named(""))
	app.Host("a:80", named(""))
	app.Host("a.*.b", named(""))
	app.Host("a/b", named(""))
	app.Host("self", app)
	app.Host("nil", nil)
	app.Host("twice", other)
	app.Host("TWICE", named(""))
	app.Host("again", other)
	app.Host("bad", bad)
	err := app.Prepare()
	if err == nil {
		t.Fatal("no mistake reported")
	}
	for _, want := range []string{
		`Host("")`, `Host("*")`, `Host("a:80")`, `Host("a.*.b")`, `Host("a/b")`, `Host("self")`, `Host("nil")`, `Host("TWICE")`,
		`Host("again")`, "host_test.go", "GET /: ",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("got mistakes %v\nwant %q among them", err, want)
		}
	}
	if strings.Contains(err.Error(), `Host("twice")`) {
		t.Errorf("a good one is reported: %v", err)
	}
}

// The jobs of all hosts are waited for, and their Apps know that the end is near.
func TestHostShutdown(t *testing.T) {
	app, other := microroute.New(), microroute.New()
	finished := make(chan bool, 1)
	other.Get("/", func(c *Context) {
		c.Go(func(context.Context) {
			for other.Ready() {
				time.Sleep(time.Millisecond)
			}
			finished <- true
		})
	})
	app.Host("other", other)
	server, err := app.Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	talk(t, server, lines("GET / HTTP/1.1", "Host: other", "Connection: close"))
	if err := server.Shutdown(context.Background()); err != nil {
		t.Errorf("Shutdown = %v", err)
	}
	if len(finished) == 0 {
		t.Error("Shutdown has not waited for the other App's job")
	}
}
