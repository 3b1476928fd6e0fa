package microroute_test

import (
	"fmt"
	"io"
	"net/http/httptest"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/microroutetest"
	"github.com/microroute/microroute/nethttp"
)

func TestDetach(t *testing.T) {
	key := microroute.NewKey[string]("key")
	detached := make(chan *Context, 1)
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		app.Post("/<int:n>/<string:s>", func(c *Context, n int, s string) (string, error) {
			key.Set(c, "value")
			_, err := c.Request.Data()
			detached <- c.Detach().Detach()
			return "answered", err
		})
		server := serve(t, app)
		for _, target := range []string{"/7/gr%C3%BCn?a=1", "http://a.test/7/gr%C3%BCn?a=1"} {
			talk(t, server, withContent(target, `{"b": 2}`, 0, "X-Field: x", "Cookie: tea=Assam", "Content-Type: application/json"))
			c := <-detached
			for range 3 { // others use what c has used
				ask(t, server, "/8/other?a=2")
			}
			r := c.Request
			value, _ := key.Get(c)
			cookie, _ := r.Cookie("tea")
			data, err := r.Data()
			form, err2 := r.Form()
			got := fmt.Sprint(c.Rule(), r.Method, r.Path(), r.Target(), r.Proto, r.Host(), r.Args.Get("a"), r.Header.Get("x-field"),
				c.Var("n"), c.Var("s"), value, cookie, string(data), err, form.Get("b"), err2, r.RemoteAddr.IsValid())
			want := fmt.Sprint("/<int:n>/<string:s>", "POST", "/7/grün", target, "HTTP/1.1", "a.test", "1", "x",
				"7", "grün", "value", "Assam", `{"b": 2}`, nil, "2", nil, true)
			if got != want {
				t.Errorf("%s: got  %s\nwant %s", target, got, want)
			}
			body, err := io.ReadAll(r.Body())
			if string(body) != `{"b": 2}` || err != nil {
				t.Errorf("%s: got body %q and error %v, want what Data has read", target, body, err)
			}
			if ctx := c.Context(); ctx.Err() != nil {
				t.Errorf("%s: got a context with error %v", target, ctx.Err())
			}
		}
	})
}

// The Response of a detached Context belongs to nobody: each call says so.
func TestDetachedResponse(t *testing.T) {
	app := microroute.New(microroute.Config{Renderer: pages{}})
	detached := make(chan *Context, 1)
	app.Get("/", func(c *Context) { detached <- c.Detach() })
	microroutetest.New(t, app).Get("/")
	c := <-detached
	_, clientErr := c.Response.Client()
	_, hijackErr := c.Response.Hijack()
	_, dataErr := c.Request.Data()
	for name, err := range map[string]error{
		"SendHeader": c.Response.SendHeader(), "Send": c.Response.Send(nil), "SendString": c.Response.SendString("x"),
		"SendJSON": c.Response.SendJSON(1), "SendFile": c.Response.SendFile("go.mod"), "Render": c.Response.Render("x", nil),
		"Redirect": c.Response.Redirect("/"), "Abort": c.Response.Abort(500), "Client": clientErr, "Hijack": hijackErr,
		"Request.Data, not read before": dataErr,
	} {
		if err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
}

// Detach where nothing has been routed yet, on a Context that has served another request before.
func TestDetachBeforeRouting(t *testing.T) {
	app := microroute.New()
	var paths []string
	app.Before(func(c *Context) error {
		d := c.Detach()
		paths = append(paths, d.Request.Path()+" "+d.Rule()+d.Var("long"))
		return nil
	})
	app.Get("/a/very/<path:long>", func(*Context, string) {})
	app.Get("/", func(*Context) string { return "short" })
	if err := app.Prepare(); err != nil {
		t.Fatal(err)
	}
	app.Serve(hold(t, "GET /a/very/very/very/very/very/very/very/very/very/long/path HTTP/1.1", "Host: a"))
	x := hold(t, "GET / HTTP/1.1", "Host: a")
	app.Serve(x)
	if x.status != 200 || len(paths) != 2 || paths[1] != "/ " {
		t.Errorf("got status %d after detaching %q, want 200 and nothing of the request before", x.status, paths)
	}
}

func TestDetachKeepsTLS(t *testing.T) {
	app := microroute.New()
	detached := make(chan *Context, 1)
	app.Get("/", func(c *Context) { detached <- c.Detach() })
	server := httptest.NewTLSServer(nethttp.Handler(app))
	defer server.Close()
	answer, err := server.Client().Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if c := <-detached; c.Request.Scheme() != "https" || c.Request.TLS() == nil {
		t.Errorf("got scheme %s and TLS state %v, want https and one", c.Request.Scheme(), c.Request.TLS())
	}
}
