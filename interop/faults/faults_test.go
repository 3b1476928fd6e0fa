package faults_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/microroute/microroute"
)

// soon is how long a test waits for what must happen; nothing that works takes as long.
const soon = 30 * time.Second

// Whatever the network does, every answer that comes to its end is the right one. The others are visibly broken, and they
// come only where connections break. When all is over, nothing is left.
func TestBadNetwork(t *testing.T) {
	for name, engine := range map[string]microroute.Engine{
		"auto":     microroute.EngineAuto,
		"portable": microroute.EnginePortable,
	} {
		t.Run(name, func(t *testing.T) {
			descriptors := countDescriptors()
			t.Cleanup(func() { wantNothingLeft(t, descriptors) })
			address := serve(t, engine)
			t.Run("through", func(t *testing.T) {
				for _, x := range toxics() {
					t.Run(x.String(), func(t *testing.T) {
						t.Parallel()
						visitThrough(t, startProxy(t, address, x), x)
					})
				}
			})
		})
	}
}

// serve runs a server until the test ends, when all its connections must end soon.
func serve(t *testing.T, engine microroute.Engine) (address string) {
	t.Helper()
	limits := microroute.Limits{HeadTimeout: 5 * time.Second, BodyTimeout: 5 * time.Second, WriteTimeout: 5 * time.Second}
	app := microroute.New(microroute.Config{Engine: engine, Limits: limits, Logger: slog.New(slog.DiscardHandler)})
	app.Get("/text/<string:nonce>", func(_ *microroute.Context, nonce string) string { return nonce })
	app.Post("/echo/<string:nonce>", func(c *microroute.Context, nonce string) (string, error) {
		content, err := c.Request.Data()
		return nonce + string(content), err
	})
	app.Get("/stream/<string:nonce>", func(c *microroute.Context, nonce string) error {
		for piece := range strings.SplitAfterSeq(nonce, "-") {
			if err := c.Response.SendString(piece); err != nil {
				return err
			}
		}
		return nil
	})
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

// visitThrough has some clients visit the server through a proxy.
func visitThrough(t *testing.T, proxy string, x toxic) {
	var mu sync.Mutex
	whole, broken := 0, 0
	var clients sync.WaitGroup
	for i := range 6 {
		clients.Go(func() {
			for j := range 4 {
				n, err := visit(proxy, fmt.Sprintf("nonce-%d-%d", i, j))
				wrong := (*wrongAnswer)(nil)
				if errors.As(err, &wrong) || err != nil && !x.breaks || errors.Is(err, os.ErrDeadlineExceeded) {
					t.Errorf("after %d answers: %v", n, err)
				}
				mu.Lock()
				if whole += n; err != nil {
					broken++
				}
				mu.Unlock()
			}
		})
	}
	clients.Wait()
	if x.breaks != (broken > 0) || !x.breaks && whole == 0 {
		t.Errorf("%d whole answers, %d broken connections, want connections to break: %t", whole, broken, x.breaks)
	}
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

// wantNothingLeft waits until no more descriptors are open than before.
func wantNothingLeft(t *testing.T, descriptors int) {
	t.Helper()
	for began := time.Now(); countDescriptors() > descriptors; time.Sleep(5 * time.Millisecond) {
		if time.Since(began) > soon {
			t.Fatalf("%d descriptors are left open, %d before", countDescriptors(), descriptors)
		}
	}
}
