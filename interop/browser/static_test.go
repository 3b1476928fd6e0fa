package browser_test

import (
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/microroute/microroute"
)

// TestFallback opens a page that only the program in the browser knows, and what is missing for it.
func TestFallback(t *testing.T) {
	root := newSite(t, map[string]string{
		"index.html": page(`<script src="/app/main.js"></script>`),
		"main.js":    `addEventListener("DOMContentLoaded", () => { document.body.innerText = "route " + location.pathname })`,
	})
	address, _ := serveFiles(t, microroute.Config{}, func(app *microroute.App) {
		app.Static("/app", os.DirFS(root), microroute.StaticConfig{Fallback: "index.html"})
	})
	tab := newTab(t, startBrowser(t), "light")
	for _, path := range []string{"app/", "app/books/42", "app/%C3%BCber/uns/"} {
		tab.do(chromedp.Navigate(address + path))
		tab.until("document.body?.innerText == 'route /%s'", path)
		tab.do(chromedp.Reload())
		tab.until("document.body?.innerText == 'route /%s'", path)
	}
	tab.check("")
	for path, want := range map[string]int{"app/main.js": 200, "app/other.js": 404, "app/books/42": 404, "books/42": 404} {
		status := tab.fetched(address + path)
		if status != want {
			t.Errorf("fetch of %s: got %d, want %d", path, status, want)
		}
	}
	tab.check("/") // every 404
}

// TestListing sorts a directory, and goes into one and back.
func TestListing(t *testing.T) {
	root := newSite(t, map[string]string{
		"middle.txt": "22", "Ärger & <b>Mühe.txt": "333", "small.txt": "1", "sub dir/inside?.txt": "4444", ".hidden": "55555",
		"javascript:alert(1)": "666666",
	})
	address, _ := serveFiles(t, microroute.Config{Root: root, Static: microroute.StaticConfig{Listing: true}}, nil)
	tab := newTab(t, startBrowser(t), "light")
	tab.do(chromedp.Navigate(address))
	wantNames := func(after string, want ...string) {
		t.Helper()
		tab.until("document.readyState == 'complete'")
		names := eval[[]string](tab, `[...document.querySelectorAll("tbody a")].map((a) => a.innerText)`)
		if !slices.Equal(names, want) {
			t.Errorf("%s: got %q, want %q; the page is %s", after, names, want, eval[string](tab, "document.documentElement.outerHTML"))
		}
	}
	const bad, worse = "Ärger & <b>Mühe.txt", "javascript:alert(1)"
	wantNames("at first", "sub dir/", worse, "middle.txt", "small.txt", bad)
	for _, test := range []struct {
		column string
		want   []string
	}{
		{"Size", []string{"sub dir/", worse, bad, "middle.txt", "small.txt"}},
		{"Size", []string{"sub dir/", "small.txt", "middle.txt", bad, worse}},
		{"Modified", []string{"sub dir/", "small.txt", "middle.txt", bad, worse}}, // the larger, the older
		{"Modified", []string{"sub dir/", worse, bad, "middle.txt", "small.txt"}},
		{"Name", []string{"sub dir/", worse, "middle.txt", "small.txt", bad}},
		{"Name", []string{"sub dir/", bad, "small.txt", "middle.txt", worse}},
	} {
		tab.follow(test.column)
		wantNames("sorted by "+test.column, test.want...)
	}
	tab.follow("sub dir")
	wantNames("in the directory", "..", "inside?.txt")
	tab.follow("inside?.txt")
	tab.until("document.body?.innerText == '4444'")
	tab.do(chromedp.Navigate(address + "sub%20dir/"))
	tab.follow("..")
	wantNames("back at the top", "sub dir/", worse, "middle.txt", "small.txt", bad)
	if got, want := eval[string](tab, "document.querySelectorAll('tbody a')[1].href"), address+worse; got != want {
		t.Errorf("the link to %q leads to %s, want %s", worse, got, want)
	}
	tab.check("/favicon.ico") // that of a text
}

// TestCaching opens a page twice. What may be kept for ever is asked for once, and what may not is revalidated.
func TestCaching(t *testing.T) {
	root := newSite(t, map[string]string{
		"index.html":       page(`<link rel="stylesheet" href="app.3f9a2c1b.css"><link rel="stylesheet" href="today.css"><p>text`),
		"app.3f9a2c1b.css": "p { color: rgb(1, 2, 3) }",
		"today.css":        "p { margin-left: 7px }",
	})
	address, seen := serveFiles(t, microroute.Config{Root: root, Static: microroute.StaticConfig{CacheControl: []microroute.CacheRule{
		{Pattern: "app.*.css", Value: "public, max-age=31536000, immutable"},
		{Pattern: "*", Value: "no-cache"},
	}}}, nil)
	tab := newTab(t, startBrowser(t), "light")
	open := func(action chromedp.Action[chromedp.Void]) map[string]int {
		tab.do(action)
		tab.until("document.readyState == 'complete' && document.querySelector('p') != null")
		style := eval[string](tab, "(({ color, marginLeft }) => color + ' ' + marginLeft)(getComputedStyle(document.querySelector('p')))")
		if want := "rgb(1, 2, 3) 7px"; style != want {
			t.Errorf("got the style %s, want %s", style, want)
		}
		statuses := make(map[string]int)
		for _, v := range seen.take() {
			statuses[v.path] = v.status
		}
		return statuses
	}
	if got, want := fmt.Sprint(open(chromedp.Navigate(address))), "map[/:200 /app.3f9a2c1b.css:200 /today.css:200]"; got != want {
		t.Errorf("the first time: got %s, want %s", got, want)
	}
	tab.do(chromedp.Navigate("about:blank"))
	if got, want := fmt.Sprint(open(chromedp.Navigate(address))), "map[/:304 /today.css:304]"; got != want {
		t.Errorf("the second time: got %s, want %s", got, want)
	}
	if got, want := fmt.Sprint(open(chromedp.Reload())), "map[/:304 /today.css:304]"; got != want {
		t.Errorf("reloaded: got %s, want %s", got, want)
	}
	tab.check("")
}
