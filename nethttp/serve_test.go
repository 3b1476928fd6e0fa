package nethttp_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/nethttp"
)

func ExampleServe() {
	app := microroute.New()
	app.Get("/hello/<name>", nethttp.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "Hello %s!", r.PathValue("name"))
	})))

	w := httptest.NewRecorder()
	nethttp.Handler(app).ServeHTTP(w, httptest.NewRequest("GET", "/hello/world", nil))
	fmt.Println(w.Code, w.Body)
	// Output: 200 Hello world!
}

// get returns the answer to a GET and its body.
func (o origin) get(t *testing.T, target string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequest("GET", o.url+target, nil)
	if err != nil {
		t.Fatal(err)
	}
	return o.do(t, request)
}

func (o origin) do(t *testing.T, request *http.Request) (*http.Response, string) {
	t.Helper()
	response, err := o.client.Transport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

func handle(f func(w http.ResponseWriter, r *http.Request)) microroute.Handler {
	return nethttp.Serve(http.HandlerFunc(f))
}

// What microroute's hooks and middleware have set is in w.Header; what the handler does not flush they can still change.
func TestHeaderIsShared(t *testing.T) {
	eachWay(t, func(t *testing.T, app *microroute.App, serve func() origin) {
		app.Before(func(c *microroute.Context) error {
			c.Response.Header.Set("X-Before", "1")
			c.Response.Header.Add("X-List", "first")
			c.Response.Header.Set("X-Gone", "1")
			c.Response.Header.Set("X-Kept", "1")
			c.Response.OnSend(func() {
				c.Response.Header.Set("X-On-Send", fmt.Sprint(c.Response.Status, " ", c.Response.Header.Get("X-List")))
			})
			return nil
		})
		app.After(func(c *microroute.Context) error {
			if !c.Response.Sent() {
				c.Response.Header.Set("X-After", fmt.Sprint(c.Response.Status))
			}
			return nil
		})
		app.Use(func(next microroute.Handler) microroute.Handler {
			return func(c *microroute.Context) error {
				err := next(c)
				if !c.Response.Sent() {
					c.Response.Header.Set("X-Outside", c.Response.Header.Get("X-Kept"))
				}
				return err
			}
		})
		app.Get("/<how>", handle(func(w http.ResponseWriter, r *http.Request) {
			h := w.Header()
			h.Set("X-Seen", h.Get("X-Before"))
			h.Add("X-List", "second")
			h.Del("X-Gone")
			h.Set("X-Kept", "2")
			w.WriteHeader(201)
			if r.PathValue("how") == "flushed" {
				w.(http.Flusher).Flush()
			}
			h.Set("X-Kept", "3")
		}))
		o := serve()
		for target, want := range map[string]string{
			"/held":    `201 X-After: ["201"]; X-Before: ["1"]; X-Kept: ["2"]; X-List: ["first" "second"]; X-On-Send: ["201 first"]; X-Outside: ["2"]; X-Seen: ["1"]; `,
			"/flushed": `201 X-Before: ["1"]; X-Kept: ["2"]; X-List: ["first" "second"]; X-On-Send: ["201 first"]; X-Seen: ["1"]; `,
		} {
			response, _ := o.get(t, target)
			response.Header.Del("Content-Length")
			if got := fmt.Sprint(response.StatusCode, " ", fieldsOf(response.Header)); got != want {
				t.Errorf("%s: got\n%s\nwant\n%s", target, got, want)
			}
		}
	})
}

// A handler that sets no status has that of the Response, as an error page needs it.
func TestImpliedStatus(t *testing.T) {
	eachWay(t, func(t *testing.T, app *microroute.App, serve func() origin) {
		app.ErrorPage(404, handle(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "no ", r.URL.Path) }))
		app.Get("/set", func(c *microroute.Context) error {
			c.Response.Status = 203
			return handle(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "set") })(c)
		})
		o := serve()
		for target, want := range map[string]string{"/none": "404 no /none", "/set": "203 set"} {
			response, body := o.get(t, target)
			if got := fmt.Sprint(response.StatusCode, " ", body); got != want {
				t.Errorf("%s: got %q, want %q", target, got, want)
			}
		}
	})
}

// logged is what an App has logged.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (l *logged) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text.Reset()
}

func (l *logged) handler() slog.Handler {
	return slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelWarn})
}

// What has not been sent when a handler panics gives way to an error page. An abort is no mistake.
func TestPanics(t *testing.T) {
	for _, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			var log logged
			app := newApp(way.name, log.handler())
			app.Get("/panic", handle(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "image/png")
				io.WriteString(w, "half of it")
				panic("out of tea")
			}))
			app.Get("/abort", handle(func(w http.ResponseWriter, r *http.Request) {
				io.WriteString(w, "half of it")
				panic(http.ErrAbortHandler)
			}))
			o := way.serve(t, app)
			if response, err := o.client.Get(o.url + "/abort"); err == nil {
				response.Body.Close()
				t.Errorf("abort: got %s, want no answer", response.Status)
			}
			if log.String() != "" {
				t.Errorf("abort: logged %s", &log)
			}
			response, body := o.get(t, "/panic")
			if response.StatusCode != 500 || strings.Contains(body, "half") || response.Header.Get("Content-Type") != "text/html; charset=utf-8" {
				t.Errorf("panic: got %s with %v and %q, want an error page", response.Status, response.Header, body)
			}
			if text := log.String(); strings.Count(text, "level=") != 1 || !strings.Contains(text, "out of tea") || !strings.Contains(text, "TestPanics.func1.1") {
				t.Errorf("panic: logged %s, want its cause and the stack, once", text)
			}
		})
	}
}

func TestSuperfluousWriteHeader(t *testing.T) {
	var log logged
	app := newApp("event", log.handler())
	app.Get("/", handle(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(201)
		w.WriteHeader(500)
	}))
	started(t, app).get(t, "/")
	if text := log.String(); !strings.Contains(text, "superfluous WriteHeader") || !strings.Contains(text, "serve_test.go:") {
		t.Errorf("logged %q, want who has called WriteHeader", text)
	}
}

func TestPathValues(t *testing.T) {
	eachWay(t, func(t *testing.T, app *microroute.App, serve func() origin) {
		app.Get("/<string:a>/<int:b>/<path:c>", handle(func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintf(w, "%q %q %q %q %s", r.PathValue("a"), r.PathValue("b"), r.PathValue("c"), r.PathValue("d"), r.Pattern)
		}))
		const want = `"x y" "7" "p/q" "" /<string:a>/<int:b>/<path:c>`
		if _, body := serve().get(t, "/x%20y/7/p/q"); body != want {
			t.Errorf("got %s, want %s", body, want)
		}
	})
}

// A response that has been decided before stays as it is.
func TestDecidedBefore(t *testing.T) {
	eachWay(t, func(t *testing.T, app *microroute.App, serve func() origin) {
		app.Use(func(next microroute.Handler) microroute.Handler {
			return func(c *microroute.Context) error {
				c.Response.Redirect("/elsewhere", 303)
				return next(c)
			}
		})
		app.Get("/", handle(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "/here")
			w.WriteHeader(201)
			if _, err := io.WriteString(w, "late"); err != microroute.ErrDecided {
				t.Errorf("Write: got %v, want %v", err, microroute.ErrDecided)
			}
		}))
		response, body := serve().get(t, "/")
		if response.StatusCode != 303 || response.Header.Get("Location") != "/elsewhere" || body != "" {
			t.Errorf("got %s to %q with %q, want the redirect", response.Status, response.Header.Get("Location"), body)
		}
	})
}
