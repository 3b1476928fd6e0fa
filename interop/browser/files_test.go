package browser_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/microroute/microroute"
)

// visit is a request that the browser has made, and how it was answered.
type visit struct {
	path, ranges string // ranges is the Range field of the request
	status       int
	contentRange string // of the answer
}

// visits is all of them, in the order of their answers.
type visits struct {
	mu   sync.Mutex
	list []visit
}

func (v *visits) note(c *microroute.Context) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.list = append(v.list, visit{
		strings.Clone(c.Request.Path()), strings.Clone(c.Request.Header.Get("Range")),
		c.Response.Status, strings.Clone(c.Response.Header.Get("Content-Range")),
	})
	return nil
}

// take returns the visits since the last time.
func (v *visits) take() []visit {
	v.mu.Lock()
	defer v.mu.Unlock()
	list := v.list
	v.list = nil
	return list
}

// serveFiles serves files until the test ends, and notes who asks for what.
func serveFiles(t *testing.T, config microroute.Config, prepare func(*microroute.App)) (address string, seen *visits) {
	t.Helper()
	config.Logger = slog.New(slog.DiscardHandler)
	app, seen := microroute.New(config), new(visits)
	app.After(seen.note)
	if prepare != nil {
		prepare(app)
	}
	server, err := app.Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		server.Shutdown(ctx) // the browser keeps connections, and may be in the middle of a file
	})
	return "http://" + server.Addr().String() + "/", seen
}

// page is an HTML page that asks for nothing by itself.
func page(content string) string {
	return `<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><title>page</title>` + content
}

// newSite makes a directory with these files. All were modified some time ago.
func newSite(t *testing.T, files map[string]string) (root string) {
	t.Helper()
	root = t.TempDir()
	for name, content := range files {
		path := filepath.Join(root, name)
		modified := time.Now().AddDate(0, 0, -len(content))
		err := os.MkdirAll(filepath.Dir(path), 0o755)
		if err = errors.Join(err, os.WriteFile(path, []byte(content), 0o644), os.Chtimes(path, modified, modified)); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// until waits until a JavaScript expression is true. While one page takes the place of another there is none that could tell.
func (tab *tab) until(format string, args ...any) {
	tab.t.Helper()
	expression := fmt.Sprintf(format, args...)
	ctx, cancel := context.WithTimeout(tab.ctx, patience)
	defer cancel()
	for {
		holds, err := chromedp.Run(ctx, chromedp.Evaluate[bool](expression))
		if holds && err == nil {
			return
		}
		if ctx.Err() != nil {
			tab.t.Fatalf("waiting for %s: %v, %v", expression, holds, err)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// follow clicks on the first link whose text has a part, and waits for the page that it leads to.
func (tab *tab) follow(part string) {
	tab.t.Helper()
	eval[bool](tab, "window.left = true")
	tab.do(chromedp.Click(chromedp.Search(fmt.Sprintf("//a[contains(., '%s')]", part))))
	tab.until("!window.left && document.readyState == 'complete'")
}

// fetched returns the status of what a script in the page gets.
func (tab *tab) fetched(address string) int {
	tab.t.Helper()
	eval[bool](tab, "window.status_ = 0, fetch(%q).then((r) => { window.status_ = r.status }), true", address)
	tab.until("window.status_ > 0")
	return eval[int](tab, "window.status_")
}
