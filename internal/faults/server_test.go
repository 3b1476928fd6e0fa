package faults_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"runtime"
	"testing"

	"github.com/microroute/microroute"
)

type Context = microroute.Context

var engines = map[string]microroute.Engine{
	"auto":     microroute.EngineAuto,
	"portable": microroute.EnginePortable,
}

// each runs a test on both engines and checks that it leaves nothing behind.
func each(t *testing.T, test func(t *testing.T, engine microroute.Engine)) {
	for name, engine := range engines {
		t.Run(name, func(t *testing.T) {
			goroutines, descriptors := runtime.NumGoroutine(), countDescriptors()
			t.Cleanup(func() { checkLeaks(t, goroutines, descriptors) })
			test(t, engine)
		})
	}
}

func checkLeaks(t *testing.T, goroutines, descriptors int) {
	eventually(t, "goroutines have ended", func() bool { return runtime.NumGoroutine() <= goroutines }, func() string {
		stacks := make([]byte, 64<<10)
		return fmt.Sprintf("%d, %d before:\n%s", runtime.NumGoroutine(), goroutines, stacks[:runtime.Stack(stacks, true)])
	})
	eventually(t, "descriptors are closed", func() bool { return countDescriptors() <= descriptors }, func() string {
		return fmt.Sprintf("%d, %d before", countDescriptors(), descriptors)
	})
}

// countDescriptors returns how many descriptors the process has open, 0 where that cannot be told.
func countDescriptors() int {
	// The first poll of a process opens descriptors of the runtime's own; they do not count.
	if l, err := net.Listen("tcp", "127.0.0.1:0"); err == nil {
		l.Close()
	}
	entries, _ := os.ReadDir("/proc/self/fd")
	return len(entries)
}

// serve runs a server with the handlers that routes registers, and GET /hello. When the test ends, all its connections
// must end soon. It returns the server's address.
func serve(t *testing.T, engine microroute.Engine, limits microroute.Limits, routes func(app *microroute.App)) string {
	t.Helper()
	app := microroute.New(microroute.Config{Engine: engine, Limits: limits, Logger: slog.New(slog.DiscardHandler)})
	app.Get("/hello", func(*Context) string { return "hello" })
	if routes != nil {
		routes(app)
	}
	server, err := app.Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), soon)
		defer cancel()
		if err := server.Shutdown(ctx); err != nil {
			t.Errorf("shutting down: %v", err)
		}
	})
	return server.Addr().String()
}
