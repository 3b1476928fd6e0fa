package main

import (
	"strings"
	"testing"

	"github.com/microroute/microroute/microroutetest"
)

func TestPages(t *testing.T) {
	app, err := newApp(false)
	if err != nil {
		t.Fatal(err)
	}
	client := microroutetest.New(t, app)
	for target, want := range map[string]struct {
		status int
		body   string
	}{
		"/": {200, `
<title>Teas</title>
<nav><a href="/">All teas</a></nav>
<ul>
<li><a href="/teas/Assam">Assam</a>, 3.50 €
<li><a href="/teas/Earl%20Grey%20&amp;%20Co">Earl Grey &amp; Co</a>, 4.05 €
</ul>`},
		"/teas/Earl%20Grey%20&%20Co": {200, `
<title>Earl Grey &amp; Co</title>
<nav><a href="/">All teas</a></nav>
<h1>Earl Grey &amp; Co</h1> <p>A pot is 4.05 €.</p>`},
		"/teas/<b>": {404, `
<title>Not found</title>
<nav><a href="/">All teas</a></nav>
<h1>There is no /teas/&lt;b&gt;</h1>`},
	} {
		got := client.Get(target)
		if got.Status != want.status || oneLine(got.Body) != oneLine("<!doctype html>"+want.body) {
			t.Errorf("GET %s: got %d\n%s\nwant %d\n%s", target, got.Status, got.Body, want.status, want.body)
		}
	}
}

// oneLine returns text with single spaces in place of all white space.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// TestDevelopment checks that the folder of the sources is where the program looks for it.
func TestDevelopment(t *testing.T) {
	t.Chdir("../../..")
	app, err := newApp(true)
	if err != nil {
		t.Fatal(err)
	}
	if got := microroutetest.New(t, app).Get("/"); !strings.Contains(got.Body, "Assam") {
		t.Errorf("got %d %q, want the teas", got.Status, got.Body)
	}
}
