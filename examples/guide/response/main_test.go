package main

import (
	"testing"

	"github.com/microroute/microroute/microroutetest"
)

func TestBodies(t *testing.T) {
	client := microroutetest.New(t, newApp())
	const page, json = "text/html; charset=utf-8", "application/json"
	for target, want := range map[string]struct{ mimeType, body string }{
		"/page":        {page, "<h1>Teas</h1>"},
		"/teas":        {json, `[{"name":"Assam","price":3.5},{"name":"Ceylon","price":3}]`},
		"/badge/1%3C2": {page, `<b class="badge">1&lt;2</b>`},
		"/stock/Assam": {json, "750"},
	} {
		got := client.Get(target)
		if mimeType := got.Header.Get("Content-Type"); got.Body != want.body || mimeType != want.mimeType {
			t.Errorf("GET %s: got %q of type %s, want %q of type %s", target, got.Body, mimeType, want.body, want.mimeType)
		}
	}
}

func TestFields(t *testing.T) {
	client := microroutetest.New(t, newApp())
	got := client.Post("/orders", "", "")
	if got.Status != 201 || got.Header.Get("Location") != "/orders/1" || got.Header.Get("Content-Type") != "text/plain; charset=utf-8" {
		t.Errorf("POST /orders: got %d with %v, want 201, plain text and where the order is", got.Status, got.Header)
	}
	const want = "theme=dark; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax"
	if got := client.Get("/theme/dark").Header.Get("Set-Cookie"); got != want {
		t.Errorf("GET /theme/dark: got the cookie %q, want %q", got, want)
	}
}

func TestHints(t *testing.T) {
	client := microroutetest.New(t, newApp())
	got := client.Get("/assortment")
	const link, body = "</tea.css>; rel=preload; as=style", `<link rel="stylesheet" href="/tea.css"><h1>Assam &amp; Ceylon</h1>`
	if got.Header.Get("Link") != link || got.Body != body {
		t.Errorf("got Link %q and %q, want %q and %q", got.Header.Get("Link"), got.Body, link, body)
	}
}

func TestDetours(t *testing.T) {
	client := microroutetest.New(t, newApp())
	for target, want := range map[string]struct {
		status            int
		location, caching string
	}{
		"/tee":        {302, "/teas", ""},
		"/prices":     {301, "/teas", ""},
		"/cellar":     {403, "", "no-store"},
		"/stock/Mate": {404, "", "no-store"},
		"/nowhere":    {404, "", "no-store"},
		"/page":       {200, "", ""},
	} {
		got := client.Get(target)
		location, caching := got.Header.Get("Location"), got.Header.Get("Cache-Control")
		if got.Status != want.status || location != want.location || caching != want.caching {
			t.Errorf("GET %s: got %d, Location %q, Cache-Control %q, want %v", target, got.Status, location, caching, want)
		}
	}
}
