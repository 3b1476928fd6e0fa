package main

import (
	"strings"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/microroutetest"
)

func TestVariables(t *testing.T) {
	client := microroutetest.New(t, newApp())
	for target, want := range map[string]string{
		"/hello/J%C3%BCrgen":             "Hello Jürgen!",
		"/hello/J%C3%BCrgen/":            "Hello Jürgen!",
		"/goods/ginger%20tea/2.5/4":      "4 × ginger tea: 10.00",
		"/goods/a%2Fb/2/1":               "1 × a/b: 2.00",
		"/docs/2026/prices.txt":          "document 2026/prices.txt",
		"/rates/EUR/JPY":                 "EUR in JPY",
		"/tiles/3-4.png":                 "tile in column 3 of row 4",
		"/teas/new":                      "a form for a new tea",
		"/teas/7":                        "by number: 7",
		"/teas/7a":                       "by name: 7a",
		"/teas/99999999999999999999":     "by name: 99999999999999999999",
		"/teas/green/7":                  "anything: green/7",
		"/shops/berlin/hours?whole=week": "berlin opens at nine",
	} {
		if got := client.Get(target); got.Status != 200 || got.Body != want {
			t.Errorf("GET %s: got %d %q, want 200 %q", target, got.Status, got.Body, want)
		}
	}
	for _, target := range []string{"/goods/tea/cheap/4", "/goods/tea/2.5/-4", "/rates/EUR/jpy", "/hello/a/b", "/docs"} {
		if got := client.Get(target); got.Status != 404 {
			t.Errorf("GET %s: got %d %q, want 404", target, got.Status, got.Body)
		}
	}
}

func TestMethods(t *testing.T) {
	client := microroutetest.New(t, newApp())
	const allow = "DELETE, GET, HEAD, OPTIONS, PATCH, PUT"
	for method, want := range map[string]microroutetest.Response{
		"GET":     {Status: 200, Body: "order 7"},
		"HEAD":    {Status: 200},
		"PUT":     {Status: 200, Body: "PUT of order 7"},
		"PATCH":   {Status: 200, Body: "PATCH of order 7"},
		"DELETE":  {Status: 204},
		"OPTIONS": {Status: 204},
	} {
		got := client.Do(method, "/orders/7", "", "")
		if got.Status != want.Status || got.Body != want.Body {
			t.Errorf("%s: got %d %q, want %d %q", method, got.Status, got.Body, want.Status, want.Body)
		}
	}
	for method, status := range map[string]int{"OPTIONS": 204, "POST": 405} {
		got := client.Do(method, "/orders/7", "", "")
		if got.Status != status || got.Header.Get("Allow") != allow {
			t.Errorf("%s: got %d, Allow %q, want %d, %q", method, got.Status, got.Header.Get("Allow"), status, allow)
		}
	}
	if got := client.Do("BREW", "/orders/7", "", ""); got.Status != 501 {
		t.Errorf("BREW: got %d, want 501", got.Status)
	}
}

func TestMiddleware(t *testing.T) {
	client := microroutetest.New(t, newApp())
	stranger := client.Get("/shops/berlin/cellar")
	if stranger.Status != 401 || !strings.Contains(stranger.Body, "Members only.") {
		t.Errorf("a stranger got %d %q, want 401 and the reason", stranger.Status, stranger.Body)
	}
	member := client.Do("GET", "/shops/berlin/cellar", "", "", "Authorization", "Bearer sesame")
	if member.Body != "the cellar of berlin" {
		t.Errorf("a member got %d %q, want the cellar", member.Status, member.Body)
	}
	for _, got := range []*microroutetest.Response{stranger, member} {
		if field := got.Header.Get("Cache-Control"); field != "no-store" {
			t.Errorf("got Cache-Control %q with status %d, want no-store", field, got.Status)
		}
	}
}

// TestMistakes checks the message that the chapter shows.
func TestMistakes(t *testing.T) {
	app := newApp()
	app.Get("/hello/<string:name>", func(c *microroute.Context, name string) string { return name })
	app.Get("/double/<int:n>", func(c *microroute.Context, n string) string { return n + n })
	err := app.Prepare()
	for _, want := range []string{
		"microroute: 2 mistakes:",
		"GET /hello/<string:name>: router: rule already taken",
		`GET /double/<int:n>: parameter 2 of the handler is string, but variable "n" is of type int: ` +
			"make it func(*microroute.Context, int) (string, error)",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want it to say %q", err, want)
		}
	}
}
