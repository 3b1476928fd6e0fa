package nethttp_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/nethttp"
)

// timeout is http.TimeoutHandler, whose time is up when a handler inside calls expire, and no sooner.
var timeout = nethttp.Middleware(func(next http.Handler) http.Handler {
	h := http.TimeoutHandler(next, time.Hour, "too late")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r.WithContext(&deadline{r.Context(), make(chan struct{})}))
	})
})

// deadline is a context whose deadline passes when over is closed.
type deadline struct {
	context.Context
	over chan struct{}
}

type deadlineKey struct{}

func expire(c *microroute.Context) { close(c.Context().Value(deadlineKey{}).(*deadline).over) }

func (d *deadline) Done() <-chan struct{} { return d.over }

func (d *deadline) Err() error {
	select {
	case <-d.over:
		return context.DeadlineExceeded
	default:
		return nil
	}
}

func (d *deadline) Value(key any) any {
	if key == (deadlineKey{}) {
		return d
	}
	return d.Context.Value(key)
}

// http.TimeoutHandler leaves the handler behind. Its client has the answer at once; the handler, and what it does, stays its own.
// The end of the server waits for it.
func TestMiddlewareTimeout(t *testing.T) {
	for _, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			app := newApp(way.name, slog.DiscardHandler)
			answered, ended := make(chan struct{}), make(chan string, 1)
			app.Use(func(next microroute.Handler) microroute.Handler {
				return func(c *microroute.Context) error {
					c.Response.OnSend(func() { c.Response.Header.Set("X-Rule", c.Rule()+c.Var("how")) })
					return next(c)
				}
			}, timeout)
			app.Post("/<how>/<int:n>", func(c *microroute.Context, how string, n int) string {
				if how == "soon" {
					return "in time"
				}
				expire(c)
				<-c.Context().Done()
				<-answered
				_, err := c.Request.Data()
				ended <- fmt.Sprint(err != nil, c.Response.SendString("late") != nil, " ", c.Var("how"), n, c.Request.LocalAddr() == nil)
				return "late"
			})
			o := way.serve(t, app)
			never, out := io.Pipe()
			defer out.Close()
			bodies := map[string]io.Reader{"soon": http.NoBody, "late": never}
			if way.name == "net/http" { // over HTTP/1 it reads the body before it sends an answer
				bodies["late"] = http.NoBody
			}
			for how, want := range map[string]string{"soon": "200 in time", "late": "503 too late"} {
				request, err := http.NewRequest("POST", o.url+"/"+how+"/7", bodies[how])
				if err != nil {
					t.Fatal(err)
				}
				response, body := o.do(t, request)
				if got := fmt.Sprint(response.StatusCode, " ", body); got != want || response.Header.Get("X-Rule") != "/<string:how>/<int:n>"+how {
					t.Errorf("%s: got %q with %v, want %q", how, got, response.Header, want)
				}
			}
			if o.server != nil {
				ctx, cancel := context.WithCancel(t.Context())
				cancel()
				if err := o.server.Shutdown(ctx); err != context.Canceled {
					t.Errorf("Shutdown, not waiting: got %v, want %v", err, context.Canceled)
				}
			}
			close(answered)
			if got, want := <-ended, fmt.Sprint(bodies["late"] == never, true, " late", 7, true); got != want {
				t.Errorf("the handler that came late got %s, want %s: errors from the body and from Send, and its variables", got, want)
			}
		})
	}
}

// An App that runs one handler at a time waits for those that middleware has left behind, and wakes them.
func TestMiddlewareSingleThread(t *testing.T) {
	app := microroute.New(microroute.Config{SingleThread: true, Limits: microroute.Limits{BodyTimeout: -1}, Logger: slog.New(slog.DiscardHandler)})
	count := 0
	app.With(timeout).Post("/", func(c *microroute.Context) (string, error) {
		expire(c)
		_, err := c.Request.Data() // which never comes
		for range 1000 {
			count++ // the race detector would see two
			runtime.Gosched()
		}
		return "late", err
	})
	o := started(t, app)
	var clients sync.WaitGroup
	for range 8 {
		clients.Go(func() {
			never, out := io.Pipe()
			defer out.Close()
			if response, err := o.client.Post(o.url, "text/plain", never); err != nil {
				t.Error(err)
			} else {
				response.Body.Close()
			}
		})
	}
	clients.Wait()
	if count != 8000 {
		t.Errorf("counted %d, want 8000", count)
	}
}

// The context of those inside ends when the middleware returns, whatever that says.
func TestMiddlewareEndsContext(t *testing.T) {
	app := microroute.New(microroute.Config{SingleThread: true, Logger: slog.New(slog.DiscardHandler)})
	app.With(nethttp.Middleware(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			entered := make(chan struct{})
			go next.ServeHTTP(wrapped{httptest.NewRecorder()}, r.WithContext(context.WithValue(r.Context(), ctxKey{}, entered)))
			<-entered
			io.WriteString(w, "left")
		})
	})).Get("/", func(c *microroute.Context) string {
		close(c.Context().Value(ctxKey{}).(chan struct{}))
		<-c.Context().Done()
		return "late"
	})
	if _, body := started(t, app).get(t, "/"); body != "left" {
		t.Errorf("got %q, want what the middleware has written", body)
	}
}

// A Session belongs to the Context of its exchange. A handler that has been left behind with it does not find itself in another
// exchange, however many there are.
func TestMiddlewareLeavesSession(t *testing.T) {
	app := microroute.New(microroute.Config{Sessions: boundSessions{}, Logger: slog.New(slog.DiscardHandler)})
	serving, checked := make(chan struct{}), make(chan struct{})
	used := make(chan any, 1)
	app.With(timeout).Get("/late", func(c *microroute.Context) string {
		expire(c)
		for range 20 {
			<-serving
		}
		defer func() { used <- recover() }()
		c.Session.Set("name", "value")
		return "late"
	})
	app.Get("/other", func(c *microroute.Context) string {
		serving <- struct{}{}
		<-checked
		return c.Response.Header.Get("X-Session")
	})
	o := started(t, app)
	o.get(t, "/late")
	var others sync.WaitGroup
	for range 20 {
		others.Go(func() {
			if _, body := o.get(t, "/other"); body != "" {
				t.Errorf("another exchange has got %q from the session", body)
			}
		})
	}
	if cause := <-used; cause == nil {
		t.Error("the session could still be used")
	}
	close(checked)
	others.Wait()
}

// boundSessions are Sessions that write into the Response of the exchange that they were made for.
type boundSessions struct{}

func (boundSessions) Session(c *microroute.Context) (microroute.Session, error) {
	return boundSession{c}, nil
}

type boundSession struct{ c *microroute.Context }

func (boundSession) Get(string) any      { return nil }
func (boundSession) Delete(string) error { return nil }

func (s boundSession) Set(name string, value any) error {
	s.c.Response.Header.Set("X-Session", fmt.Sprint(name, value))
	return s.c.Response.SetCookie(microroute.Cookie{Name: name, Value: fmt.Sprint(value)})
}
