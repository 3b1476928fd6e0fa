//go:build linux

package load_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute/bench/internal/load"
)

func runAgainst(t *testing.T, h http.HandlerFunc, l load.Load, o load.Options) (load.Result, error) {
	t.Helper()
	server := httptest.NewServer(h)
	defer server.Close()
	o.Addr, o.PID = server.Listener.Addr().String(), os.Getpid()
	return load.Run(l, o)
}

// TestRun runs every load for no time at all: the first answers come when it is over, and are waited for. What is in them
// is no business of the client.
func TestRun(t *testing.T) {
	for _, l := range load.Loads() {
		result, err := runAgainst(t, echo, l,
			load.Options{Connections: 3, Threads: 2})
		if err != nil {
			t.Errorf("%s: %v", l.Name, err)
			continue
		}
		if result.Requests < 1 || result.P50 <= 0 || result.P999 < result.P50 || result.Elapsed <= 0 || result.RSS <= 0 {
			t.Errorf("%s: got %+v, want requests and their times", l.Name, result)
		}
	}
}

func echo(w http.ResponseWriter, r *http.Request) {
	content, _ := io.ReadAll(r.Body) // an error closes the connection, which the client complains about
	w.Write(content)
}

// TestRunCountsParts has an answer that never comes to its end, and counts what comes of it.
func TestRunCountsParts(t *testing.T) {
	const length = 1 << 40
	endless := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", strconv.Itoa(length))
		for err := error(nil); err == nil; {
			_, err = w.Write(make([]byte, 1<<10))
		}
	}
	l := load.FileLoads()[0]
	l.Length = length
	result, err := runAgainst(t, endless, l, load.Options{Connections: 1, Threads: 1})
	want := float64(result.Content) / length
	if err != nil || result.Content < 1 || result.Requests != want || result.P50 != 0 {
		t.Errorf("got %+v, %v, want some content, as much of a request, and no time for it", result, err)
	}
}

func TestRunFails(t *testing.T) {
	for _, test := range []struct {
		name     string
		patience time.Duration
		handler  http.HandlerFunc
		want     string
	}{
		{"no answer", time.Millisecond, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "no answer within"},
		{"another status", 0, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }, "503"},
		{"connection closed", 0, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "EOF"},
	} {
		result, err := runAgainst(t, test.handler, load.Loads()[0],
			load.Options{Connections: 1, Threads: 1, Patience: test.patience})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %+v, %v, want an error with %q", test.name, result, err, test.want)
		}
	}
}
