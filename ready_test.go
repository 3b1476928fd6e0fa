package microroute_test

import (
	"context"
	"testing"
	"time"

	"github.com/microroute/microroute"
)

// For the time of the lame duck all goes on but the readiness.
func TestLameDuck(t *testing.T) {
	for _, engine := range []microroute.Engine{microroute.EngineAuto, microroute.EnginePortable} {
		app := microroute.New(microroute.Config{LameDuck: time.Hour, Engine: engine})
		app.Get("/ready", microroute.Readiness)
		app.Get("/", func(c *Context) string {
			select {
			case <-c.Draining():
				t.Error("streams are told before the time")
			default:
			}
			return "served"
		})
		server, err := app.Start("127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		if got := ask(t, server, "/ready"); got.line != "HTTP/1.1 200 OK" || got.body != "ready\n" || got.header.Get("Cache-Control") != "no-store" {
			t.Errorf("before: got %+v", got)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- server.Shutdown(ctx) }()
		<-server.Stopping()
		if got := ask(t, server, "/ready"); got.line != "HTTP/1.1 503 Service Unavailable" || got.body != "shutting down\n" {
			t.Errorf("after: got %+v", got)
		}
		if got := ask(t, server, "/"); got.body != "served" {
			t.Errorf("after: got %+v", got)
		}
		cancel() // in place of the hour
		<-done
		if !app.Ready() {
			t.Error("the App is not ready for another Server")
		}
	}
}

func TestNoLameDuck(t *testing.T) {
	server := serve(t, microroute.New())
	if err := server.Shutdown(t.Context()); err != nil {
		t.Errorf("Shutdown = %v", err)
	}
	if err := server.Run(); err != nil {
		t.Errorf("Run of a server that has ended = %v", err)
	}
}
