package nethttp_test

import (
	"compress/gzip"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5/middleware"
	"github.com/microroute/microroute"
	"github.com/microroute/microroute/nethttp"
)

// The Logger knows status and length of what an App answers, and the RequestID is in its line and in the handler's context.
func TestChiLogger(t *testing.T) {
	eachWay(t, func(t *testing.T, app *microroute.App, serve func() origin) {
		var lines logged
		logger := middleware.RequestLogger(&middleware.DefaultLogFormatter{Logger: log.New(&lines, "", 0), NoColor: true})
		app.Use(nethttp.Middleware(middleware.RequestID, logger))
		app.Get("/tea", func(c *microroute.Context) string { return "id " + middleware.GetReqID(c.Context()) })
		app.Get("/error", func(c *microroute.Context) error { return &microroute.Error{Status: 418} })
		o := serve()
		if _, body := o.get(t, "/tea", "X-Request-Id: client-7"); body != "id client-7" {
			t.Errorf("got %q, want the client's id", body)
		}
		_, page := o.get(t, "/error", "X-Request-Id: client-8")
		for _, want := range [][]string{{"[client-7]", `/tea HTTP/`, " - 200 11B in "}, {"[client-8]", `/error HTTP/`, fmt.Sprintf(" - 418 %dB in ", len(page))}} {
			found := false
			for line := range strings.Lines(lines.String()) {
				found = found || strings.Contains(line, want[0]) && strings.Contains(line, want[1]) && strings.Contains(line, want[2])
			}
			if !found {
				t.Errorf("no line with %q in\n%s", want, &lines)
			}
		}
	})
}

// The Recoverer answers for a handler that panics, and the App has nothing left to log.
func TestChiRecoverer(t *testing.T) {
	for _, w := range ways {
		t.Run(w.name, func(t *testing.T) {
			var logs logged
			app := w.app(slog.NewTextHandler(&logs, &slog.HandlerOptions{Level: slog.LevelWarn}))
			var panics logged
			app.Use(nethttp.Middleware(middleware.RequestLogger(panicLog{&panics}), middleware.Recoverer))
			app.Get("/panic", func(*microroute.Context) string { panic("out of tea") })
			app.Get("/abort", nethttp.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) })))
			o := w.serve(t, app)
			if response, body := o.get(t, "/panic"); response.StatusCode != 500 || body != "" {
				t.Errorf("got %s with %q, want the Recoverer's bare 500", response.Status, body)
			}
			if response, err := o.client.Get(o.url + "/abort"); err == nil {
				response.Body.Close()
				t.Errorf("an abort: got %s, want no answer", response.Status)
			}
			if panics.String() != "out of tea in TestChiRecoverer\n" || logs.String() != "" {
				t.Errorf("the Recoverer has logged %q, and the App %q", &panics, &logs)
			}
		})
	}
}

// panicLog writes what the Recoverer reports, and whether the handler is in the stack.
type panicLog struct{ *logged }

func (l panicLog) NewLogEntry(*http.Request) middleware.LogEntry { return l }

func (l panicLog) Write(int, int, http.Header, time.Duration, any) {}

func (l panicLog) Panic(cause any, stack []byte) {
	where := "nowhere"
	if strings.Contains(string(stack), "TestChiRecoverer") {
		where = "TestChiRecoverer"
	}
	fmt.Fprintf(l.logged, "%v in %s\n", cause, where)
}

// Compress takes what handlers return, by its type.
func TestChiCompress(t *testing.T) {
	long := strings.Repeat("tea ", 10_000)
	eachWay(t, func(t *testing.T, app *microroute.App, serve func() origin) {
		app.Use(nethttp.Middleware(middleware.Compress(5)))
		app.Get("/text", func(c *microroute.Context) string { return long })
		app.Get("/json", func(c *microroute.Context) any { return []string{long} })
		app.Get("/none", func(c *microroute.Context) error { c.Response.Status = 204; return nil })
		app.Get("/picture", func(c *microroute.Context) string { c.Response.MIMEType = "image/png"; return long })
		app.Get("/stream", func(c *microroute.Context) error {
			for piece := range strings.SplitAfterSeq(long, " ") {
				if err := c.Response.SendString(piece); err != nil {
					return err
				}
			}
			return nil
		})
		o := serve()
		for target, want := range map[string]string{"/text": "gzip " + long, "/json": `gzip ["` + long + `"]`, "/none": " ", "/picture": " " + long, "/stream": "gzip " + long} {
			response, body := o.get(t, target, "Accept-Encoding: gzip")
			coding := response.Header.Get("Content-Encoding")
			if coding == "gzip" {
				z, err := gzip.NewReader(strings.NewReader(body))
				if err != nil {
					t.Fatal(err)
				}
				plain, err := io.ReadAll(z)
				if err != nil {
					t.Errorf("%s: %v", target, err)
				}
				body = string(plain)
			}
			if got := coding + " " + body; got != want {
				t.Errorf("%s: got %.100q, want %.100q", target, got, want)
			}
		}
	})
}

// Timeout ends the context of the handler, and says 504 if that has nothing to say.
func TestChiTimeout(t *testing.T) {
	eachWay(t, func(t *testing.T, app *microroute.App, serve func() origin) {
		app.Use(nethttp.Middleware(middleware.Timeout(10 * time.Millisecond)))
		app.Get("/late", nethttp.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() })))
		app.Get("/ours", func(c *microroute.Context) { <-c.Context().Done() })
		app.Get("/soon", func(c *microroute.Context) string { return "soon" })
		app.Get("/told", func(c *microroute.Context) string { <-c.Context().Done(); return c.Context().Err().Error() })
		o := serve()
		for target, want := range map[string]string{"/soon": "200 soon", "/told": "200 context deadline exceeded", "/late": "504 ", "/ours": "504 "} {
			if response, body := o.get(t, target); fmt.Sprint(response.StatusCode, " ", body) != want {
				t.Errorf("%s: got %s with %q, want %q", target, response.Status, body, want)
			}
		}
	})
}

// RealIP says who the client is, to handlers of both kinds.
func TestChiRealIP(t *testing.T) {
	eachWay(t, func(t *testing.T, app *microroute.App, serve func() origin) {
		//lint:ignore SA1019 it believes anybody, but many programs have it
		app.Use(nethttp.Middleware(middleware.RealIP))
		app.Get("/ours", func(c *microroute.Context) string { return c.Request.RemoteAddr.Addr().String() })
		app.Get("/theirs", nethttp.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.RemoteAddr) })))
		o := serve()
		for target, want := range map[string]string{"/ours": "192.0.2.7", "/theirs": "192.0.2.7"} {
			if _, body := o.get(t, target, "X-Real-IP: 192.0.2.7"); body != want {
				t.Errorf("%s: got %q, want %q", target, body, want)
			}
		}
	})
}

// Throttle lets so many in, has so many wait, and sends the others away.
func TestChiThrottle(t *testing.T) {
	eachWay(t, func(t *testing.T, app *microroute.App, serve func() origin) {
		app.Use(nethttp.Middleware(middleware.Throttle(1)))
		entered, leave := make(chan struct{}), make(chan struct{})
		app.Get("/", func(c *microroute.Context) string {
			entered <- struct{}{}
			<-leave
			return "in"
		})
		o := serve()
		first := make(chan string)
		go func() {
			_, body := o.get(t, "/")
			first <- body
		}()
		<-entered
		if response, _ := o.get(t, "/"); response.StatusCode != 429 {
			t.Errorf("the second: got %s, want 429", response.Status)
		}
		close(leave)
		if body := <-first; body != "in" {
			t.Errorf("the first: got %q", body)
		}
	})
}
