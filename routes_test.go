package microroute_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/microroutetest"
)

func TestMethods(t *testing.T) {
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		handler := func(c *Context) string { return c.Request.Method }
		app.Get("/get", handler)
		app.Post("/post", handler)
		app.Handle("GET,PUT", "/several", handler)
		app.Get("/teas/<int:n>", func(*Context, int) string { return "int" })
		app.Delete("/teas/<name>", func(*Context, string) string { return "string" })
		app.Options("/options", handler)
		app.Handle("PURGE", "/purge", handler)
		app.Handle("*", "/any", handler)
		server := serve(t, app)

		for _, test := range []struct {
			request string
			status  int
			allow   string
			body    string
		}{
			{"GET /get", 200, "", "GET"},
			{"HEAD /get", 200, "", ""},
			{"POST /get", 405, "GET, HEAD, OPTIONS", "405"},
			{"OPTIONS /get", 204, "GET, HEAD, OPTIONS", ""},
			{"GET /post", 405, "OPTIONS, POST", "405"},
			{"HEAD /post", 405, "OPTIONS, POST", ""},
			{"OPTIONS /several", 204, "GET, HEAD, OPTIONS, PUT", ""},
			{"PATCH /several", 405, "GET, HEAD, OPTIONS, PUT", "405"},
			{"DELETE /teas/1", 200, "", "string"},
			{"GET /teas/x", 405, "DELETE, OPTIONS", "405"},
			{"OPTIONS /teas/1", 204, "DELETE, GET, HEAD, OPTIONS", ""},
			{"OPTIONS /options", 200, "", "OPTIONS"},
			{"PURGE /purge", 200, "", "PURGE"},
			{"BREW /any", 200, "", "BREW"},
			{"OPTIONS /any", 200, "", "OPTIONS"},
			{"GET /nowhere", 404, "", "404"},
			{"HEAD /nowhere", 404, "", ""},
			{"POST /nowhere", 404, "", "404"},
			{"OPTIONS /nowhere", 404, "", "404"},
			{"CONNECT a.test:80", 501, "", "501"},
			{"TRACE /get", 405, "GET, HEAD, OPTIONS", "405"},
		} {
			octets := talk(t, server, lines(test.request+" HTTP/1.1", "Host: a.test:80", "Connection: close"))
			got := parse(t, octets)
			if !strings.HasPrefix(got.line, fmt.Sprintf("HTTP/1.1 %d ", test.status)) || got.header.Get("Allow") != test.allow {
				t.Errorf("%s: got %q with Allow %q, want %d with %q", test.request, got.line, got.header.Get("Allow"), test.status, test.allow)
			}
			if !strings.Contains(got.body, test.body) || test.body == "" && got.body != "" {
				t.Errorf("%s: got body %q, want %q in it", test.request, got.body, test.body)
			}
		}
	})
}

// A method that no rule has and that is none of the registered ones is not implemented (RFC 9110 section 9.1).
func TestUnknownMethod(t *testing.T) {
	app := microroute.New()
	app.Get("/get", func(*Context) {})
	server := serve(t, app)
	for _, target := range []string{"/get", "/nowhere"} {
		got := parse(t, talk(t, server, lines("BREW "+target+" HTTP/1.1", "Host: a.test", "Connection: close")))
		if got.line != "HTTP/1.1 501 Not Implemented" {
			t.Errorf("BREW %s: got %q, want 501", target, got.line)
		}
	}
}

// OPTIONS * asks about the server as a whole (RFC 9110 section 9.3.7).
func TestOptionsOfTheServer(t *testing.T) {
	app := microroute.New()
	app.Get("/a", func(*Context) {})
	app.Post("/b", func(*Context) {})
	app.Handle("PURGE", "/c", func(*Context) {})
	var path string
	app.Before(func(c *Context) error { path = c.Request.Path(); return nil })
	got := parse(t, talk(t, serve(t, app), lines("OPTIONS * HTTP/1.1", "Host: a.test", "Connection: close")))
	if got.line != "HTTP/1.1 204 No Content" || got.header.Get("Allow") != "GET, HEAD, OPTIONS, POST, PURGE" {
		t.Errorf("got %+v, want 204 and all methods", got)
	}
	if path != "*" {
		t.Errorf("got path %q, want *", path)
	}
}

// Only 100-continue is an expectation that can be met (RFC 9110 section 10.1.1).
func TestExpectation(t *testing.T) {
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		app.Post("/read", func(c *Context) ([]byte, error) { return c.Request.Data() })
		app.Post("/refuse", func(c *Context) error { return &microroute.Error{Status: 403} })
		server := serve(t, app)
		for _, test := range []struct{ target, expectation, want string }{
			{"/read", "100-continue", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"},
			{"/refuse", "100-continue", "HTTP/1.1 403 Forbidden\r\n"},
			{"/read", "200-ok", "HTTP/1.1 417 Expectation Failed\r\n"},
		} {
			client := dial(t, server)
			fmt.Fprint(client, lines("POST "+test.target+" HTTP/1.1", "Host: a.test", "Content-Length: 3",
				"Connection: close", "Expect: "+test.expectation))
			if strings.Contains(test.want, "100 Continue") {
				readUntil(t, client, "\r\n\r\n")
				test.want = strings.TrimPrefix(test.want, "HTTP/1.1 100 Continue\r\n\r\n")
				fmt.Fprint(client, "tea")
			}
			if got := readUntil(t, client, "\r\n"); got != test.want {
				t.Errorf("%s, Expect %s: got %q, want %q", test.target, test.expectation, got, test.want)
			}
		}
	})
}

func TestRulesAndSlashes(t *testing.T) {
	app := microroute.New()
	app.Get("/a", func(*Context) string { return "a" })
	app.Get("/b/", func(*Context) string { return "b" })
	api := app.Group("/api/")
	api.Get("", func(*Context) string { return "api" })
	api.Get("c", func(*Context) string { return "c" })
	api.Group("v1").Get("/d/<x>", func(_ *Context, x string) string { return "d" + x })
	app.Group("/<int:shop>").Get("/<int:tea>", func(_ *Context, shop, tea int) string { return fmt.Sprint(shop, tea) })
	client := microroutetest.New(t, app)
	for target, want := range map[string]string{
		"/a": "200 a", "/a/": "200 a", "/b": "200 b", "/b/": "200 b", "/api": "200 api", "/api/": "200 api", "/api/c": "200 c",
		"/api/v1/d/1": "200 d1", "/7/8": "200 7 8", "//a": "404", "/a//": "404", "/A": "404", "/api/v1": "404",
	} {
		response := client.Get(target)
		if got := fmt.Sprint(response.Status, " ", response.Body); !strings.HasPrefix(got, want) {
			t.Errorf("%s: got %q, want %q", target, got, want)
		}
	}
}

// A more specific rule wins, whatever the order of registration.
func TestMoreSpecificRuleWins(t *testing.T) {
	rules := []string{"/x/10", "/x/<int:v>", "/x/<float:v>", "/x/<custom=[0-9.a]+:v>", "/x/<string:v>", "/x/<path:v>"}
	targets := []string{"/x/10", "/x/11", "/x/1.5", "/x/1a", "/x/b", "/x/b/c"}
	for _, reverse := range []bool{false, true} {
		app := microroute.New()
		for i := range rules {
			if reverse {
				i = len(rules) - 1 - i
			}
			answer := func(c *Context) string { return c.Rule() }
			switch {
			case i == 0:
				app.Get(rules[i], answer)
			case i == 1:
				app.Get(rules[i], func(c *Context, _ int) string { return c.Rule() })
			case i == 2:
				app.Get(rules[i], func(c *Context, _ float64) string { return c.Rule() })
			default:
				app.Get(rules[i], func(c *Context, _ string) string { return c.Rule() })
			}
		}
		client := microroutetest.New(t, app)
		for i, target := range targets {
			if got := client.Get(target).Body; got != rules[i] {
				t.Errorf("%s: got rule %q, want %q", target, got, rules[i])
			}
		}
	}
}

func TestAppsShareNothing(t *testing.T) {
	apps := make([]*microroute.App, 2)
	clients := make([]*microroutetest.Client, 2)
	for i := range apps {
		apps[i] = microroute.New(microroute.Config{Server: fmt.Sprint("app", i)})
		apps[i].Before(func(c *Context) error { c.Response.Header.Set("X-App", fmt.Sprint(i)); return nil })
		apps[i].ErrorPage(404, func(*Context) string { return fmt.Sprint("page ", i) })
		apps[i].Get(fmt.Sprint("/only", i), func(*Context) string { return fmt.Sprint("only ", i) })
		clients[i] = microroutetest.New(t, apps[i])
	}
	for i, client := range clients {
		for target, want := range map[string]string{fmt.Sprint("/only", i): fmt.Sprint("only ", i), fmt.Sprint("/only", 1-i): fmt.Sprint("page ", i)} {
			got := client.Get(target)
			if got.Body != want || got.Header.Get("X-App") != fmt.Sprint(i) || got.Header.Get("Server") != fmt.Sprint("app", i) {
				t.Errorf("app %d, %s: got %+v, want %q", i, target, got, want)
			}
		}
	}
}
