package microroute_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/microroutetest"
)

// catches reports whether a Context that is used too late is caught: in development, and under the race detector.
func catches(config microroute.Config) bool { return config.Development || raceDetector }

func TestContextUsedTooLate(t *testing.T) {
	app := microroute.New(microroute.Config{Development: true, Logger: (&record{}).logger()})
	key := microroute.NewKey[int]("key")
	late := make(chan *Context, 1)
	app.Get("/", func(c *Context) { late <- c })
	microroutetest.New(t, app).Get("/")
	c := <-late
	for name, use := range map[string]func(){
		"Context":             func() { c.Context() },
		"Go":                  func() { c.Go(func(context.Context) {}) },
		"Detach":              func() { c.Detach() },
		"Var":                 func() { c.Var("x") },
		"Logger":              func() { c.Logger() },
		"Key.Set":             func() { key.Set(c, 1) },
		"Key.Get":             func() { key.Get(c) },
		"DefaultOnError":      func() { microroute.DefaultOnError(c, io.EOF) },
		"Request.Path":        func() { c.Request.Path() },
		"Request.Target":      func() { c.Request.Target() },
		"Request.Host":        func() { c.Request.Host() },
		"Request.Scheme":      func() { c.Request.Scheme() },
		"Request.TLS":         func() { c.Request.TLS() },
		"Request.Cookie":      func() { c.Request.Cookie("a") },
		"Request.Client":      func() { c.Request.Client() },
		"Request.Body":        func() { c.Request.Body() },
		"Request.Data":        func() { c.Request.Data() },
		"Request.JSON":        func() { c.Request.JSON(new(any)) },
		"Request.Form":        func() { c.Request.Form() },
		"Request.Parts":       func() { c.Request.Parts() },
		"Response.SendHeader": func() { c.Response.SendHeader() },
		"Response.Send":       func() { c.Response.Send(nil) },
		"Response.SendString": func() { c.Response.SendString("") },
		"Response.Write":      func() { c.Response.Write(nil) },
		"Response.SendJSON":   func() { c.Response.SendJSON(1) },
		"Response.SendFile":   func() { c.Response.SendFile("x") },
		"Response.Render":     func() { c.Response.Render("x", nil) },
		"Response.Redirect":   func() { c.Response.Redirect("/") },
		"Response.Abort":      func() { c.Response.Abort(500) },
		"Response.Close":      func() { c.Response.Close() },
		"Response.Client":     func() { c.Response.Client() },
		"Response.Hijack":     func() { c.Response.Hijack() },
		"Response.SetCookie":  func() { c.Response.SetCookie(microroute.Cookie{}) },
		"Response.OnSend":     func() { c.Response.OnSend(func() {}) },
	} {
		func() {
			defer func() {
				if text := fmt.Sprint(recover()); !strings.Contains(text, "used after its handler has returned") {
					t.Errorf("%s: got panic %q, want one that says what is wrong", name, text)
				}
			}()
			use()
		}()
	}
}

// A body, too, belongs to the handler's time.
func TestBodyUsedTooLate(t *testing.T) {
	app := microroute.New(microroute.Config{Development: true, Logger: (&record{}).logger()})
	late := make(chan io.Reader, 1)
	app.Post("/", func(c *Context) { late <- c.Request.Body() })
	microroutetest.New(t, app).Post("/", "text/plain", "tea")
	defer func() {
		if recover() == nil {
			t.Error("got no panic")
		}
	}()
	(<-late).Read(make([]byte, 1))
}

func TestContextIsNotUsedTwiceWhereMistakesAreCaught(t *testing.T) {
	for _, development := range []bool{false, true} {
		config := microroute.Config{Development: development, Logger: (&record{}).logger()}
		app := microroute.New(config)
		seen := map[*Context]bool{}
		app.Get("/", func(c *Context) { seen[c] = true })
		if err := app.Prepare(); err != nil {
			t.Fatal(err)
		}
		x := hold(t, "GET / HTTP/1.1", "Host: a")
		const count = 100
		for range count {
			x.rewind()
			app.Serve(x)
		}
		if catches(config) && len(seen) != count {
			t.Errorf("development %t: %d Contexts for %d requests", development, len(seen), count)
		}
		if !catches(config) && len(seen) == count {
			t.Errorf("development %t: a new Context for every request", development)
		}
	}
}

func TestVar(t *testing.T) {
	app := microroute.New()
	app.Before(func(c *Context) error {
		c.Response.Header.Set("X-Before", c.Rule()+c.Var("a"))
		return nil
	})
	app.After(func(c *Context) error {
		c.Response.Header.Set("X-After", fmt.Sprintf("%q %q %q %q", c.Rule(), c.Var("a"), c.Var("b"), c.Var("none")))
		return nil
	})
	app.Get("/<a>/<int:b>", func(_ *Context, a string, b int) {})
	client := microroutetest.New(t, app)
	for target, want := range map[string]string{
		"/%C3%BC/007": `"/<string:a>/<int:b>" "ü" "007" ""`,
		"/nowhere":    `"" "" "" ""`,
	} {
		got := client.Get(target)
		if got.Header.Get("X-After") != want || got.Header.Get("X-Before") != "" {
			t.Errorf("%s: got %q after and %q before routing, want %q and nothing",
				target, got.Header.Get("X-After"), got.Header.Get("X-Before"), want)
		}
	}
}

// The context ends with the handler, and when the client goes; but a client that goes does not stop the response.
func TestContextEnds(t *testing.T) {
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		contexts := make(chan context.Context, 1)
		app.Get("/returns", func(c *Context) string { contexts <- c.Context(); return "" })
		app.Get("/waits", func(c *Context) string { contexts <- c.Context(); <-c.Context().Done(); return "answered" })
		server := serve(t, app)
		ask(t, server, "/returns")
		await(t, (<-contexts).Done(), "the context of a handler that has returned")

		client := dial(t, server)
		fmt.Fprint(client, lines("GET /waits HTTP/1.1", "Host: a"))
		ctx := <-contexts
		if ctx.Err() != nil {
			t.Errorf("got error %v while the client is there", ctx.Err())
		}
		client.CloseWrite()
		await(t, ctx.Done(), "the context of a client that is gone")
		if !errors.Is(ctx.Err(), context.Canceled) {
			t.Errorf("got error %v, want %v", ctx.Err(), context.Canceled)
		}
		readUntil(t, client, "answered")
	})
}

// await waits for done.
func await(t testing.TB, done <-chan struct{}, what string) {
	t.Helper()
	select {
	case <-done:
	case <-time.After(patience):
		buf := make([]byte, 1<<16)
		t.Fatalf("%s does not end\n%s", what, buf[:runtime.Stack(buf, true)])
	}
}

// waited returns a channel that is closed when server serves no more.
func waited(server *microroute.Server) <-chan struct{} {
	done := make(chan struct{})
	go func() {
		server.Wait()
		close(done)
	}()
	return done
}
