package microroute_test

import (
	"sync"
	"testing"
	"time"

	"github.com/microroute/microroute"
)

// One handler at a time: under the race detector, the variable without a lock would show two.
func TestSingleThread(t *testing.T) {
	for _, engine := range []microroute.Engine{microroute.EngineAuto, microroute.EnginePortable} {
		app := microroute.New(microroute.Config{SingleThread: true, Engine: engine})
		count, inside := 0, 0
		enter := func() {
			inside++
			if inside != 1 {
				t.Errorf("%d handlers at a time", inside)
			}
			time.Sleep(time.Microsecond) // an opportunity for others
			inside--
			count++
		}
		app.Before(func(*Context) error { enter(); return nil })
		app.After(func(*Context) error { enter(); return nil })
		app.Get("/", func(*Context) string { enter(); return "" })
		app.Get("/panic", func(*Context) { enter(); panic("failed") })
		app.ErrorPage(500, func(*Context) string { enter(); return "" })
		server := serve(t, app)
		var clients sync.WaitGroup
		const number = 8
		for range number {
			clients.Go(func() {
				request := lines("GET / HTTP/1.1", "Host: a") + lines("GET /panic HTTP/1.1", "Host: a")
				talk(t, server, request+request+lines("GET / HTTP/1.1", "Host: a", "Connection: close"))
			})
		}
		clients.Wait()
		if want := number * (3*3 + 2*4); count != want {
			t.Errorf("entered %d times, want %d", count, want)
		}
	}
}

func TestHandlersRunConcurrently(t *testing.T) {
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		var meeting sync.WaitGroup
		meeting.Add(2)
		app.Get("/", func(*Context) { meeting.Done(); meeting.Wait() })
		server := serve(t, app)
		var clients sync.WaitGroup
		for range 2 {
			clients.Go(func() { ask(t, server, "/") })
		}
		clients.Wait()
	})
}
