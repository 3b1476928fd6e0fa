package nethttp_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/nethttp"
)

// An App with handlers and middleware of net/http can be tested by its recorder.
func TestRecorder(t *testing.T) {
	app := microroute.New(microroute.Config{Logger: slog.New(slog.DiscardHandler)})
	app.Use(nethttp.Middleware(nothing))
	app.Post("/echo", nethttp.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Length", r.Header.Get("Content-Length"))
		w.WriteHeader(http.StatusEarlyHints) // nobody is there to get them
		w.WriteHeader(http.StatusAccepted)
		io.Copy(w, r.Body)
	})))
	w := httptest.NewRecorder()
	nethttp.Handler(app).ServeHTTP(w, httptest.NewRequest("POST", "/echo", strings.NewReader("content")))
	if w.Code != http.StatusAccepted || w.Body.String() != "content" {
		t.Errorf("got %d with %q, want 202 with the content", w.Code, w.Body)
	}
}

// An App may be a part of a program that net/http serves, below a prefix that it does not know.
func TestInsideServeMux(t *testing.T) {
	app := microroute.New(microroute.Config{Logger: slog.New(slog.DiscardHandler)})
	app.Get("/hello/<name>", func(c *microroute.Context, name string) string { return "Hello " + name + " at " + c.Request.Path() })
	app.Get("/seen", nethttp.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.URL.Path) })))
	mux := http.NewServeMux()
	mux.Handle("/app/", http.StripPrefix("/app", nethttp.Handler(app)))
	server := httptest.NewServer(mux)
	defer server.Close()
	o := origin{server.URL, server.Client()}
	for target, want := range map[string]string{"/app/hello/a%20b?c=d": "Hello a b at /hello/a b", "/app/seen": "/seen"} {
		if _, body := o.get(t, target); body != want {
			t.Errorf("%s: got %q, want %q", target, body, want)
		}
	}
}

// A mux of net/http may be a part of an App, with its own patterns.
func TestServeMuxInside(t *testing.T) {
	eachWay(t, func(t *testing.T, app *microroute.App, serve func() origin) {
		mux := http.NewServeMux()
		mux.HandleFunc("GET /goods/{n}/{rest...}", func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, r.PathValue("n")+" "+r.PathValue("rest")+" "+r.Pattern)
		})
		mux.Handle("/files/", http.StripPrefix("/files", http.FileServerFS(fstest.MapFS{"a/b.txt": {Data: []byte("0123456789")}})))
		nethttp.Mount(app.Routes, "/", mux)
		app.Get("/own", func(*microroute.Context) string { return "own" })
		o := serve()
		for _, test := range []struct{ target, ranges, want string }{
			{"/goods/7/x/y", "", "7 x/y GET /goods/{n}/{rest...}"}, {"/own", "", "own"},
			{"/files/a/b.txt", "bytes=2-4", "234"}, {"/files/a/", "", "<!doctype html>\n"},
		} {
			_, body := o.get(t, test.target, "Range: "+test.ranges)
			if !strings.HasPrefix(body, test.want) {
				t.Errorf("%s: got %q, want %q", test.target, body, test.want)
			}
		}
		if response, _ := o.get(t, "/none"); response.StatusCode != 404 {
			t.Errorf("/none: got %s, want the mux's 404", response.Status)
		}
	})
}
