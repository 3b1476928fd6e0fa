package microroute_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/microroute/microroute"
)

// manual returns an App whose requests wait for Step, and the server of it.
func manual(t *testing.T, engine microroute.Engine, set func(app *microroute.App)) *microroute.Server {
	app := microroute.New(microroute.Config{Manual: true, Engine: engine})
	set(app)
	server, err := app.Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	return server
}

// Everything of a request happens on the goroutine of the one who steps: without locks, the race detector would tell.
func TestStep(t *testing.T) {
	for _, engine := range []microroute.Engine{microroute.EngineAuto, microroute.EnginePortable} {
		count := 0
		server := manual(t, engine, func(app *microroute.App) {
			app.Before(func(*Context) error { count++; return nil })
			app.Get("/", func(c *Context) string { count++; return fmt.Sprint(count) })
			app.Get("/panic", func(*Context) { count++; panic("failed") })
			app.ErrorPage(500, func(*Context) string { count++; return "" })
		})
		var clients sync.WaitGroup
		const number = 8
		for range number {
			clients.Go(func() {
				talk(t, server, lines("GET / HTTP/1.1", "Host: a")+lines("GET /panic HTTP/1.1", "Host: a", "Connection: close"))
			})
		}
		for range 2 * number {
			if err := server.Step(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		clients.Wait()
		if want := 5 * number; count != want {
			t.Errorf("counted %d, want %d", count, want)
		}
	}
}

func TestStepEnds(t *testing.T) {
	server := manual(t, microroute.EngineAuto, func(app *microroute.App) { app.Get("/", func(*Context) string { return "served" }) })
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if err := server.Step(over); !errors.Is(err, context.Canceled) {
		t.Errorf("with nothing to do: got %v, want context.Canceled", err)
	}
	answered := make(chan string)
	go func() { answered <- talk(t, server, lines("GET / HTTP/1.1", "Host: a", "Connection: close")) }()
	for server.Step(over) != nil { // looks, and does not wait
		time.Sleep(time.Millisecond)
	}
	done := make(chan error)
	go func() { done <- server.Shutdown(context.Background()) }()
	if err := server.Step(t.Context()); !errors.Is(err, microroute.ErrServerClosed) {
		t.Errorf("after Shutdown: got %v, want ErrServerClosed", err)
	}
	if err := <-done; err != nil {
		t.Errorf("Shutdown = %v", err)
	}
	if got := parse(t, <-answered).body; got != "served" {
		t.Errorf("got %q", got)
	}
}

// Who waits for a turn that never comes is let go when the server closes.
func TestCloseWithoutStep(t *testing.T) {
	app := microroute.New(microroute.Config{Manual: true})
	server, err := app.Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	early, late := hold(t, "GET / HTTP/1.1", "Host: a"), hold(t, "GET / HTTP/1.1", "Host: a")
	served := make(chan bool)
	go func() { app.Serve(early); served <- true }()
	server.Close()
	<-served
	app.Serve(late)
	if !early.broken || !late.broken {
		t.Errorf("broken off: %t, %t, want both", early.broken, late.broken)
	}
}

func TestStepIsNotForOthers(t *testing.T) {
	server := serve(t, microroute.New())
	if err := server.Step(t.Context()); err == nil {
		t.Error("Step without Config.Manual: got no error")
	}
}

// The goroutine that steps may end with a handler; the answer goes out even so.
func TestStepAndGoexit(t *testing.T) {
	server := manual(t, microroute.EngineAuto, func(app *microroute.App) {
		app.Get("/", func(c *Context) { c.Response.SendString("sent"); runtime.Goexit() })
	})
	go server.Step(t.Context())
	if got := parse(t, talk(t, server, lines("GET / HTTP/1.1", "Host: a"))); got.line != "HTTP/1.1 200 OK" {
		t.Errorf("got %+v", got)
	}
}
