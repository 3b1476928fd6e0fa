package nethttp_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/nethttp"
)

type ctxKey struct{}

// What middleware does to the request is what the handlers inside see.
func TestMiddlewareChangesTheRequest(t *testing.T) {
	eachWay(t, func(t *testing.T, app *microroute.App, serve func() origin) {
		app.Use(nethttp.Middleware(func(next http.Handler) http.Handler {
			return http.StripPrefix("/v1", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				r = r.WithContext(context.WithValue(r.Context(), ctxKey{}, "value"))
				r.Header.Set("X-Added", "1")
				r.Header.Del("User-Agent")
				r.RemoteAddr = "192.0.2.7"
				r.Host = "inside.test"
				if r.ContentLength > 0 {
					r.Body = struct {
						io.Reader
						io.Closer
					}{io.MultiReader(strings.NewReader("before, "), r.Body), r.Body}
					r.ContentLength = -1
				}
				next.ServeHTTP(w, r)
			}))
		}))
		app.Post("/v1/<string:s>/<int:i>/<float:f>", func(c *microroute.Context, s string, i int, f float64) (string, error) {
			data, err := c.Request.Data()
			return fmt.Sprintln(c.Context().Value(ctxKey{}), c.Request.Header.Get("X-Added"), c.Request.Header.Has("User-Agent"), c.Request.RemoteAddr.Addr(),
				c.Request.Host(), c.Request.Path(), s, i, f, c.Var("i"), c.Rule(), string(data)), err
		})
		app.Post("/v1/served/<x>", handle(func(w http.ResponseWriter, r *http.Request) {
			data, err := io.ReadAll(r.Body)
			fmt.Fprintln(w, r.Context().Value(ctxKey{}), r.Header["X-Added"], r.Header["User-Agent"], r.RemoteAddr, r.Host, r.URL, r.PathValue("x"), string(data), err)
		}))
		o := serve()
		for target, want := range map[string]string{
			"/v1/a%20b/7/2.5": "value 1 false 192.0.2.7 inside.test /a b/7/2.5 a b 7 2.5 7 /v1/<string:s>/<int:i>/<float:f> before, content\n",
			"/v1/served/x":    "value [1] [] 192.0.2.7 inside.test /served/x x before, content <nil>\n",
		} {
			request, err := http.NewRequest("POST", o.url+target, strings.NewReader("content"))
			if err != nil {
				t.Fatal(err)
			}
			if _, body := o.do(t, request); body != want {
				t.Errorf("%s: got\n%s\nwant\n%s", target, body, want)
			}
		}
	})
}

// The values and the Session are the same inside and outside.
func TestMiddlewareKeepsValues(t *testing.T) {
	outside, inside := microroute.NewKey[string]("outside"), microroute.NewKey[string]("inside")
	eachWay(t, func(t *testing.T, app *microroute.App, serve func() origin) {
		app.Use(func(next microroute.Handler) microroute.Handler {
			return func(c *microroute.Context) error {
				outside.Set(c, "from outside")
				w, r := nethttp.Exchange(c)
				err := next(c)
				value, _ := inside.Get(c)
				w2, r2 := nethttp.Exchange(c)
				c.Response.Header.Set("X-Inside", fmt.Sprint(value, " ", w == w2, r == r2))
				return err
			}
		}, nethttp.Middleware(sameAgain))
		app.Get("/", func(c *microroute.Context) string {
			inside.Set(c, "from inside")
			value, _ := outside.Get(c)
			_, r := nethttp.Exchange(c)
			return fmt.Sprint(value, r.URL)
		})
		response, body := serve().get(t, "/")
		if got := response.Header.Get("X-Inside"); body != "from outside/" || got != "from inside true true" {
			t.Errorf("got %q inside and %q outside", body, got)
		}
	})
}

// A fields that middleware sets before is there inside, and what is set inside is there behind; hooks of OnSend run for both.
func TestMiddlewareAndHeader(t *testing.T) {
	eachWay(t, func(t *testing.T, app *microroute.App, serve func() origin) {
		app.Before(func(c *microroute.Context) error {
			c.Response.Header.Set("X-Outer", "1")
			c.Response.OnSend(func() { c.Response.Header.Add("X-Sends", fmt.Sprint("outer ", c.Response.Header.Get("X-Inner"))) })
			return nil
		})
		app.Use(nethttp.Middleware(func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-Middle", w.Header().Get("X-Outer")+"2")
				w.Header().Set("X-Gone", "1")
				next.ServeHTTP(w, r)
				if r.URL.Path == "/" { // nothing has been flushed, but WriteHeader has been called
					w.Header().Set("X-Late", "1")
				}
			})
		}))
		app.Get("/", func(c *microroute.Context) string {
			c.Response.OnSend(func() { c.Response.Header.Add("X-Sends", "inner") })
			c.Response.Header.Set("X-Inner", c.Response.Header.Get("X-Middle")+"3")
			c.Response.Header.Del("X-Gone")
			return "body"
		})
		response, _ := serve().get(t, "/")
		response.Header.Del("Content-Length")
		response.Header.Del("Content-Type")
		const want = `X-Inner: ["123"]; X-Middle: ["12"]; X-Outer: ["1"]; X-Sends: ["inner" "outer 123"]; `
		if got := fieldsOf(response.Header); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
}

// Middleware may call next twice, or when it is too late, in its own time.
func TestMiddlewareCallsNext(t *testing.T) {
	eachWay(t, func(t *testing.T, app *microroute.App, serve func() origin) {
		var calls atomic.Int32
		late := make(chan func(), 1)
		app.With(nethttp.Middleware(func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				trial := httptest.NewRecorder()
				next.ServeHTTP(trial, r)
				w.Header().Set("X-Trial", trial.Body.String())
				next.ServeHTTP(w, r)
			})
		})).Get("/twice", func(c *microroute.Context) string { return fmt.Sprint("call ", calls.Add(1)) })
		app.With(nethttp.Middleware(func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				late <- func() { next.ServeHTTP(w, r) }
				io.WriteString(w, "never")
			})
		})).Get("/late", func(c *microroute.Context) string { t.Error("called too late"); return "" })
		app.With(nethttp.Middleware(func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r.WithContext(context.Background())) })
		})).Get("/lost", func(c *microroute.Context) string { return "found" })
		o := serve()
		if response, body := o.get(t, "/twice"); body != "call 2" || response.Header.Get("X-Trial") != "call 1" {
			t.Errorf("twice: got %q with %v", body, response.Header)
		}
		if _, body := o.get(t, "/late"); body != "never" {
			t.Errorf("late: got %q", body)
		}
		(<-late)()
		if response, _ := o.get(t, "/lost"); response.StatusCode != 500 {
			t.Errorf("with a lost context: got %s, want 500", response.Status)
		}
	})
}

// The first is the outermost.
func TestMiddlewareOrder(t *testing.T) {
	mark := func(name string) func(http.Handler) http.Handler {
		return func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Add("X-Order", name)
				next.ServeHTTP(w, r)
			})
		}
	}
	eachWay(t, func(t *testing.T, app *microroute.App, serve func() origin) {
		app.Use(nethttp.Middleware(mark("a"), mark("b")), nethttp.Middleware(), nethttp.Middleware(mark("c")))
		app.Get("/", func(*microroute.Context) string { return "" })
		response, _ := serve().get(t, "/")
		if got := strings.Join(response.Header["X-Order"], ""); got != "abc" {
			t.Errorf("got %q, want abc", got)
		}
	})
}

// What has nothing to say inside leaves status and content to the middleware; fields it may have set.
func TestMiddlewareAnswersForTheSilent(t *testing.T) {
	eachWay(t, func(t *testing.T, app *microroute.App, serve func() origin) {
		app.Use(nethttp.Middleware(func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				seen := &recording{ResponseWriter: w}
				next.ServeHTTP(seen, r)
				if seen.status == 0 {
					http.Error(w, "nothing to say", http.StatusTeapot)
				}
			})
		}))
		app.Get("/ours", func(c *microroute.Context) string { c.Response.Header.Set("X-Inside", "1"); return "" })
		app.Get("/theirs", handle(func(w http.ResponseWriter, r *http.Request) { w.Header().Set("X-Inside", "1") }))
		app.Get("/settled", func(c *microroute.Context) { c.Response.Header.Set("X-Inside", "1"); c.Response.Status = 204 })
		app.Get("/said", func(c *microroute.Context) string { c.Response.Header.Set("X-Inside", "1"); return "said" })
		o := serve()
		for target, want := range map[string]string{
			"/ours": "418 nothing to say\n", "/theirs": "418 nothing to say\n", "/settled": "204 ", "/said": "200 said",
		} {
			response, body := o.get(t, target)
			if got := fmt.Sprint(response.StatusCode, " ", body); got != want || response.Header.Get("X-Inside") != "1" {
				t.Errorf("%s: got %q with %v, want %q", target, got, response.Header, want)
			}
		}
	})
}
