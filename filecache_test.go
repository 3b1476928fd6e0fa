package microroute_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/microroute/microroute"
)

// A file that is kept in memory costs a request little: the copy of its head, and what describes the file.
func TestCachedFileAllocates(t *testing.T) {
	skipIfCounting(t)
	for name, test := range map[string]struct {
		request []string
		status  int
		most    float64
	}{
		"whole":       {[]string{"GET /tea.css HTTP/1.1", "Host: a.test"}, 200, 1},
		"accepting":   {[]string{"GET /tea.css HTTP/1.1", "Host: a.test", "Accept-Encoding: gzip, br"}, 200, 1},
		"HEAD":        {[]string{"HEAD /tea.css HTTP/1.1", "Host: a.test"}, 200, 1},
		"range":       {[]string{"GET /tea.css HTTP/1.1", "Host: a.test", "Range: bytes=0-9"}, 206, 6},
		"not changed": {[]string{"GET /tea.css HTTP/1.1", "Host: a.test", "If-Modified-Since: Fri, 31 Dec 2100 23:59:59 GMT"}, 304, 2},
		"default":     {[]string{"GET / HTTP/1.1", "Host: a.test"}, 200, 1},
	} {
		t.Run(name, func(t *testing.T) {
			app := microroute.New(microroute.Config{Root: "examples/guide/files/www"})
			if err := app.Prepare(); err != nil {
				t.Fatal(err)
			}
			x := hold(t, test.request...)
			got := testing.AllocsPerRun(1000, func() {
				x.rewind()
				app.Serve(x)
			})
			if !x.ended || x.status != test.status {
				t.Fatalf("got status %d, complete: %t, want %d", x.status, x.ended, test.status)
			}
			if got > test.most {
				t.Errorf("got %v allocations per request, want at most %v", got, test.most)
			}
		})
	}
}

// The same on a connection, with all that the engine does.
func TestCachedFileAllocatesOnConnection(t *testing.T) {
	skipIfCounting(t)
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		config := app.Config()
		config.Root = "examples/guide/files/www"
		client := newPounder(t, microroute.New(config), lines("GET /tea.css HTTP/1.1", "Host: a.test", "Accept-Encoding: gzip"))
		client.pound(t, 1000)
		const count = 5000
		// The runtime allocates now and then, too, and once a second the file is looked at more closely.
		if got := mallocs(func() { client.pound(t, count) }) / count; got > 1.1 {
			t.Errorf("got %.2f allocations per request, want at most 1", got)
		}
	})
}

// A file that is kept in memory is served as it is on the disk all the same.
func TestFileCache(t *testing.T) {
	for name, limit := range map[string]int64{"default": 0, "small": 4 << 10, "none": -1} {
		t.Run(name, func(t *testing.T) {
			root := site(t, map[string]string{"a.txt": "first"})
			file := filepath.Join(root, "a.txt")
			app := microroute.New(microroute.Config{Root: root, FileCache: limit})
			app.Get("/sent", func(c *Context) error { return c.Response.SendFile(file) })
			server := serve(t, app)
			check := func(want string) {
				t.Helper()
				for range 3 {
					wireCase{"GET /a.txt", want, nil}.check(t, server)
					wireCase{"GET /sent", want, nil}.check(t, server)
				}
			}
			check("200 first")
			if err := os.WriteFile(file, []byte("other"), 0o644); err != nil {
				t.Fatal(err)
			}
			check("200 other")
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
			check("404 <!doctype…")
		})
	}
}
