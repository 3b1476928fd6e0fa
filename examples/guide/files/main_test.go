package main

import (
	"os"
	"strings"
	"testing"

	"github.com/microroute/microroute/microroutetest"
)

func newClient(t *testing.T) *microroutetest.Client {
	t.Helper()
	app, err := newApp(".")
	if err != nil {
		t.Fatal(err)
	}
	return microroutetest.New(t, app)
}

func TestFiles(t *testing.T) {
	client := newClient(t)
	for _, test := range []struct {
		target string
		fields []string
		status int
		file   string // whose content is the body
	}{
		{"/", nil, 200, "www/index.html"},
		{"/tea.css", nil, 200, "www/tea.css"},
		{"/teas/", nil, 200, "www/teas/index.html"},
		{"/price-list", nil, 200, "prices.csv"},
		{"/embedded/tea.css", nil, 200, "www/tea.css"},
		{"/embedded/teas/", nil, 200, "www/teas/index.html"},
		{"/app/", nil, 200, "app/index.html"},
		{"/app/week/7", []string{"Accept", "text/html"}, 200, "app/index.html"},
		{"/app/none.js", []string{"Accept", "text/html"}, 404, "www/404.html"},
		{"/members/photos/assam.svg", []string{"Cookie", "member=1"}, 200, "photos/assam.svg"},
		{"/nowhere", nil, 404, "www/404.html"},
		{"/assets/none.css", nil, 404, "www/404.html"},
		{"/../prices.csv", nil, 404, "www/404.html"},
	} {
		want, err := os.ReadFile(test.file)
		if err != nil {
			t.Fatal(err)
		}
		if got := client.Do("GET", test.target, "", "", test.fields...); got.Status != test.status || got.Body != string(want) {
			t.Errorf("GET %s: got %d %q, want %d and %s", test.target, got.Status, got.Body, test.status, test.file)
		}
	}
}

func TestFields(t *testing.T) {
	client := newClient(t)
	for target, want := range map[string]string{
		"/teas":                         "Location: /teas/",
		"/tea.css":                      "Cache-Control: public, max-age=3600",
		"/teas/":                        "Cache-Control: no-cache",
		"/embedded/tea.css":             "Content-Type: text/css; charset=utf-8",
		"/assets/tea.css":               "Cache-Control: no-cache",
		"/assets/tea.3gmy4bzg7n5vd.css": "Cache-Control: no-cache",
		"/price-list":                   `Content-Disposition: attachment; filename="Preise f_r Tee.csv"; filename*=UTF-8''Preise%20f%C3%BCr%20Tee.csv`,
	} {
		name, value, _ := strings.Cut(want, ": ")
		if got := client.Get(target); got.Header.Get(name) != value {
			t.Errorf("GET %s: got %s %q, want %q", target, name, got.Header.Get(name), value)
		}
	}
}

// The page asks for the style sheet by a URL under which it may be kept for ever.
func TestAssets(t *testing.T) {
	client := newClient(t)
	page := client.Get("/shop").Body
	_, url, _ := strings.Cut(page, `href="`)
	url, _, _ = strings.Cut(url, `"`)
	got := client.Get(url)
	if value := got.Header.Get("Cache-Control"); got.Status != 200 || !strings.Contains(value, "immutable") {
		t.Errorf("%s of %q: got %d with Cache-Control %q, want one that says immutable", url, page, got.Status, value)
	}
}

func TestPhotos(t *testing.T) {
	client := newClient(t)
	if got := client.Get("/members/photos/"); got.Status != 403 {
		t.Errorf("not a member: got %d, want 403", got.Status)
	}
	if got := client.Do("GET", "/members/photos/", "", "", "Cookie", "member=1"); !strings.Contains(got.Body, "ceylon.svg") {
		t.Errorf("a member: got %d %q, want a listing", got.Status, got.Body)
	}
}

func TestConditionsAndRanges(t *testing.T) {
	client := newClient(t)
	whole := client.Get("/price-list")
	tag, time := whole.Header.Get("ETag"), whole.Header.Get("Last-Modified")
	if time == "" || whole.Header.Get("Accept-Ranges") != "bytes" {
		t.Fatalf("got %v, want validators and that ranges are accepted", whole.Header)
	}
	for _, test := range []struct {
		name, value string
		status      int
		body        string
	}{
		{"If-Modified-Since", time, 304, ""},
		{"If-None-Match", tag, 304, ""},
		{"Range", "bytes=4-8", 206, "price"},
		{"Range", "bytes=-5", 206, "3.00\n"},
		{"Range", "bytes=0-90", 206, "tea,price\nAssam,3.50\nCeylon,3.00\n"},
		{"Range", "bytes=900-", 416, ""},
	} {
		got := client.Do("GET", "/price-list", "", "", test.name, test.value)
		if got.Status != test.status || test.status != 416 && got.Body != test.body {
			t.Errorf("%s: %s: got %d %q, want %d %q", test.name, test.value, got.Status, got.Body, test.status, test.body)
		}
	}
}
