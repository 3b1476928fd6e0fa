package nethttp_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/nethttp"
)

// everyWay serves app over HTTP/1 and HTTP/2, by the engine and by net/http, until the test ends. It returns the URL and the
// client of each way.
func everyWay(t *testing.T, app *microroute.App) (*microroute.Server, map[string]func() (*http.Response, error)) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server, err := app.StartOn(nethttp.PriorKnowledge(l))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	foreign := httptest.NewUnstartedServer(nethttp.Handler(app))
	foreign.EnableHTTP2 = true
	foreign.StartTLS()
	t.Cleanup(foreign.Close)
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	h1, h2 := &http.Client{Transport: &http.Transport{}}, &http.Client{Transport: &http.Transport{Protocols: protocols}}
	t.Cleanup(h1.CloseIdleConnections)
	t.Cleanup(h2.CloseIdleConnections)
	url := "http://" + l.Addr().String()
	return server, map[string]func() (*http.Response, error){
		"HTTP/1":             func() (*http.Response, error) { return h1.Get(url) },
		"HTTP/2":             func() (*http.Response, error) { return h2.Get(url) },
		"net/http, HTTP/2":   func() (*http.Response, error) { return foreign.Client().Get(foreign.URL) },
		"net/http, recorded": func() (*http.Response, error) { return record(nethttp.Handler(app)), nil },
	}
}

func record(h http.Handler) *http.Response {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	return w.Result()
}

// askAll sends some requests each way, all at a time.
func askAll(t *testing.T, ways map[string]func() (*http.Response, error), each int) *sync.WaitGroup {
	var all sync.WaitGroup
	for name, ask := range ways {
		for range each {
			all.Go(func() {
				response, err := ask()
				if err != nil {
					t.Errorf("%s: %v", name, err)
					return
				}
				response.Body.Close()
				if response.StatusCode != 200 {
					t.Errorf("%s: %s", name, response.Status)
				}
			})
		}
	}
	return &all
}

// SingleThread holds whatever way requests come, all ways together: the race detector watches the variable.
func TestSingleThreadOnEveryWay(t *testing.T) {
	count := 0
	app := microroute.New(microroute.Config{SingleThread: true, Logger: slog.New(slog.DiscardHandler)})
	app.Get("/", func(*microroute.Context) string {
		count++
		return fmt.Sprint(count)
	})
	_, ways := everyWay(t, app)
	askAll(t, ways, 20).Wait()
	if want := 20 * len(ways); count != want {
		t.Errorf("counted %d, want %d", count, want)
	}
}

// So does Step: handlers of every way run on the one goroutine that calls it.
func TestStepOnEveryWay(t *testing.T) {
	count := 0
	app := microroute.New(microroute.Config{Manual: true, Logger: slog.New(slog.DiscardHandler)})
	app.Get("/", func(*microroute.Context) string {
		count++
		return fmt.Sprint(count)
	})
	server, ways := everyWay(t, app)
	ctx, end := context.WithCancel(t.Context())
	all := askAll(t, ways, 20)
	go func() {
		defer end()
		all.Wait()
	}()
	for server.Step(ctx) == nil {
	}
	if want := 20 * len(ways); count != want {
		t.Errorf("counted %d, want %d", count, want)
	}
}
