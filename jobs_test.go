package microroute_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/microroute/microroute"
)

func TestGo(t *testing.T) {
	var log record
	app := microroute.New(microroute.Config{Logger: log.logger()})
	release, began := make(chan bool), make(chan bool)
	var finished, crashed atomic.Bool
	app.Get("/", func(c *Context) {
		c.Go(func(ctx context.Context) {
			began <- true
			<-release
			if ctx.Err() != nil {
				t.Errorf("the job's context has error %v before its time", ctx.Err())
			}
			finished.Store(true)
		})
		c.Go(func(context.Context) {
			crashed.Store(true)
			panic("job failed")
		})
	})
	server, err := app.Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ask(t, server, "/") // the client has its answer and is gone
	<-began
	go func() {
		<-server.Stopping()
		release <- true
	}()
	if err := server.Shutdown(context.Background()); err != nil {
		t.Errorf("Shutdown: %v", err)
	}
	if !finished.Load() || !crashed.Load() {
		t.Error("Shutdown has returned while a job was running")
	}
	if !strings.Contains(log.String(), `level=ERROR+4 msg="job crashed" error="job failed"`) {
		t.Errorf("got log %q, want the panic of a job in it", log.String())
	}
}

// When Shutdown gives up waiting, and at Close, the contexts of jobs end.
func TestGoEnds(t *testing.T) {
	ends := map[string]func(t *testing.T, server *microroute.Server){
		"Shutdown": func(t *testing.T, server *microroute.Server) {
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			if err := server.Shutdown(ctx); !errors.Is(err, context.Canceled) {
				t.Errorf("got error %v, want %v", err, context.Canceled)
			} else if strings.Contains(err.Error(), "\n") {
				t.Errorf("got error %q, want it said once", err)
			}
		},
		"Close": func(t *testing.T, server *microroute.Server) {
			if err := server.Close(); err != nil {
				t.Errorf("got error %v", err)
			}
		},
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			app := microroute.New()
			ended, began := make(chan struct{}), make(chan bool)
			app.Get("/", func(c *Context) {
				c.Go(func(ctx context.Context) {
					began <- true
					<-ctx.Done()
					close(ended)
				})
			})
			server, err := app.Start("127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			ask(t, server, "/")
			<-began
			end(t, server)
			await(t, ended, "the context of a job")
		})
	}
}
