package nethttp_test

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/nethttp"
)

func ExampleMiddleware() {
	protect := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if _, _, ok := r.BasicAuth(); !ok {
				w.Header().Set("WWW-Authenticate", "Basic")
				http.Error(w, "who are you?", http.StatusUnauthorized)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
	app := microroute.New()
	app.Use(nethttp.Middleware(protect))
	app.Get("/", func(c *microroute.Context) string { return "Hello!" })

	for _, name := range []string{"", "tester"} {
		r := httptest.NewRequest("GET", "/", nil)
		if name != "" {
			r.SetBasicAuth(name, "secret")
		}
		w := httptest.NewRecorder()
		nethttp.Handler(app).ServeHTTP(w, r)
		fmt.Println(w.Code, strings.TrimSpace(w.Body.String()))
	}
	// Output:
	// 401 who are you?
	// 200 Hello!
}

// compressor compresses everything, as simple middleware does: it wraps the writer and knows nothing else.
func compressor(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		z := gzip.NewWriter(w)
		defer z.Close()
		next.ServeHTTP(compressing{w, z}, r)
	})
}

type compressing struct {
	http.ResponseWriter
	z *gzip.Writer
}

func (c compressing) WriteHeader(status int) {
	c.Header().Set("Content-Encoding", "gzip")
	c.Header().Del("Content-Length")
	c.ResponseWriter.WriteHeader(status)
}

func (c compressing) Write(p []byte) (int, error) { return c.z.Write(p) }

func (c compressing) Flush() {
	c.z.Flush()
	c.ResponseWriter.(http.Flusher).Flush()
}

func unzip(t *testing.T, response *http.Response, body string) string {
	t.Helper()
	if response.Header.Get("Content-Encoding") != "gzip" {
		return "not compressed: " + body
	}
	z, err := gzip.NewReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Error(err)
	}
	return string(text)
}

// Whatever an App sends goes through what middleware has put around the writer.
func TestMiddlewareWrapsTheWriter(t *testing.T) {
	long := strings.Repeat("long ", 10_000)
	root := t.TempDir()
	write(t, root+"/page.html", "<p>file")
	for _, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			app := microroute.New(microroute.Config{Root: root, Server: "-", Logger: slog.New(slog.DiscardHandler),
				Engine: map[string]microroute.Engine{"portable": microroute.EnginePortable}[way.name]})
			app.Use(nethttp.Middleware(compressor))
			app.Get("/string", func(*microroute.Context) string { return "string" })
			app.Get("/long", func(*microroute.Context) string { return long })
			app.Get("/reader", func(*microroute.Context) io.Reader { return io.MultiReader(strings.NewReader("reader")) })
			app.Get("/value", func(*microroute.Context) any { return map[string]int{"a": 1} })
			app.Get("/sent", func(c *microroute.Context) error {
				return errors.Join(c.Response.SendString("se"), c.Response.SendString("nt"))
			})
			app.Get("/error", func(*microroute.Context) error { return &microroute.Error{Status: 418, Detail: "tea"} })
			app.Get("/redirect", func(c *microroute.Context) error { return c.Response.Redirect("/elsewhere") })
			app.Get("/serve", handle(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "served") }))
			o := way.serve(t, app)
			for target, want := range map[string]string{
				"/string":    "200 text/html; charset=utf-8 string",
				"/long":      "200 text/html; charset=utf-8 " + long,
				"/reader":    "200 text/html; charset=utf-8 reader",
				"/value":     `200 application/json {"a":1}`,
				"/sent":      "200 text/html; charset=utf-8 sent",
				"/error":     "418 text/html; charset=utf-8 <!doctype html>\n<title>418</title>\n<h1>418</h1>\n<p>tea</p>\n",
				"/redirect":  "302 text/html; charset=utf-8 ",
				"/serve":     "200 text/plain; charset=utf-8 served",
				"/page.html": "200 text/html; charset=utf-8 <p>file",
				"/none":      "404 text/html; charset=utf-8 <!doctype html>\n<title>404 Not Found</title>\n<h1>404 Not Found</h1>\n",
			} {
				response, body := o.get(t, target)
				if got := fmt.Sprintf("%d %s %s", response.StatusCode, response.Header.Get("Content-Type"), unzip(t, response, body)); got != want {
					t.Errorf("%s: got %.200q, want %.200q", target, got, want)
				}
			}
		})
	}
}

// recorder is middleware that notes the status it sees.
func recorder(n *notes) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			recording := &recording{ResponseWriter: w, status: 200}
			defer func() {
				cause := recover()
				n.say("%d %v", recording.status, cause)
				if cause != nil {
					panic(cause)
				}
			}()
			next.ServeHTTP(recording, r)
		})
	}
}

type recording struct {
	http.ResponseWriter
	status int
}

func (r *recording) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// Middleware sees the status of errors and the panics of what is inside of it; what is outside sees the Error.
func TestMiddlewareSeesErrors(t *testing.T) {
	for _, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			var log logged
			var n notes
			app := newApp(way.name, log.handler())
			app.After(func(c *microroute.Context) error { n.say("after %d %v", c.Response.Status, c.Error()); return nil })
			app.Use(func(next microroute.Handler) microroute.Handler {
				return func(c *microroute.Context) error {
					err := next(c)
					n.say("outside %v %d %v", err, c.Response.Status, c.Error())
					return err
				}
			}, nethttp.Middleware(recorder(&n)))
			app.Get("/ok", func(*microroute.Context) string { return "ok" })
			app.Get("/error", func(*microroute.Context) error { return errors.New("disk") })
			app.Get("/gone", func(*microroute.Context) error { return &microroute.Error{Status: 410} })
			app.Get("/panic", func(*microroute.Context) string { panic("out of tea") })
			o := way.serve(t, app)
			for _, test := range []struct{ target, want, log string }{
				{"/ok", "200 <nil>\noutside <nil> 200 <nil>\nafter 200 <nil>", ""},
				{"/error", "500 <nil>\noutside <nil> 500 500 Internal Server Error: disk\nafter 500 500 Internal Server Error: disk", "disk"},
				{"/gone", "410 <nil>\noutside <nil> 410 410 Gone\nafter 410 410 Gone", ""},
				{"/none", "404 <nil>\noutside <nil> 404 404 Not Found\nafter 404 404 Not Found", ""},
				{"/panic", "200 out of tea\nafter 500 500 Internal Server Error: out of tea", "out of tea"},
			} {
				n.said = nil
				log.reset()
				response, _ := o.get(t, test.target)
				if got := n.all(); got != test.want || !strings.Contains(got, fmt.Sprint("after ", response.StatusCode)) {
					t.Errorf("%s: %s, noted\n%s\nwant\n%s", test.target, response.Status, got, test.want)
				}
				if text := log.String(); strings.Count(text, "level=") != min(len(test.log), 1) || !strings.Contains(text, test.log) {
					t.Errorf("%s: logged %q, want %q, once", test.target, text, test.log)
				}
			}
		})
	}
}

// Middleware may catch the panics of handlers, and answer for them.
func TestMiddlewareRecovers(t *testing.T) {
	eachWay(t, func(t *testing.T, app *microroute.App, serve func() origin) {
		app.Use(nethttp.Middleware(func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				defer func() {
					if cause := recover(); cause != nil {
						http.Error(w, fmt.Sprint("caught ", cause), http.StatusServiceUnavailable)
					}
				}()
				next.ServeHTTP(w, r)
			})
		}))
		app.Get("/", func(*microroute.Context) string { panic("out of tea") })
		if response, body := serve().get(t, "/"); response.StatusCode != 503 || body != "caught out of tea\n" {
			t.Errorf("got %s with %q, want middleware's answer", response.Status, body)
		}
	})
}
