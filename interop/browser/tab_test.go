package browser_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// tab is a page in the browser, and what the browser has to complain of it.
type tab struct {
	t          *testing.T
	ctx        context.Context
	complaints *complaints
}

// newTab opens an empty tab that ends with the test. The visitor prefers the colours of scheme, "light" or "dark", and
// reduced motion, so that nothing moves while it is clicked on.
func newTab(t *testing.T, browser context.Context, scheme string) *tab {
	t.Helper()
	heard := newComplaints()
	ctx, closeTab := chromedp.NewContext(browser, chromedp.WithListener(heard.listen))
	t.Cleanup(closeTab)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("opening a tab: %v", err)
	}
	tab := &tab{t, ctx, heard}
	command(tab, network.Enable, network.EnableParams{})
	command(tab, log.Enable, struct{}{})
	command(tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme},
			{Name: "prefers-reduced-motion", Value: "reduce"},
		},
	})
	return tab
}

// open loads a page of the given size, in CSS pixels, and waits until it listens to the tour's events.
func (tab *tab) open(address string, width, height int64) {
	tab.t.Helper()
	var device []chromedp.EmulateViewportOption
	if width < 600 {
		device = append(device, chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulateScale(2))
	}
	tab.do(
		chromedp.EmulateViewport(width, height, device...),
		chromedp.Navigate(address),
		chromedp.WaitReady(chromedp.CSS("[data-listening]")),
	)
}

// do takes the actions, and ends the test if one fails or takes too long.
func (tab *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	tab.t.Helper()
	value(tab, chromedp.Steps(actions...))
}

// value takes an action and returns what it yields. The test ends if it fails or takes too long.
func value[T any](tab *tab, action chromedp.Action[T]) T {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, action)
	if err != nil {
		tab.t.Fatal(err)
	}
	return v
}

// command gives the browser a command of its protocol.
func command[P, R any](tab *tab, name cdp.Command[P, R], params P) {
	tab.t.Helper()
	if _, err := chromedp.Call(tab.ctx, name, params); err != nil {
		tab.t.Fatal(err)
	}
}

// eval returns what a JavaScript expression yields.
func eval[T any](tab *tab, format string, args ...any) T {
	tab.t.Helper()
	return value(tab, chromedp.Evaluate[T](fmt.Sprintf(format, args...)))
}

// await waits until a JavaScript expression is true. If that does not happen the test ends with what the demo shows.
func (tab *tab) await(demo, format string, args ...any) {
	tab.t.Helper()
	expression := fmt.Sprintf(format, args...)
	poll := chromedp.Poll[chromedp.Void](expression, chromedp.WithPollingInterval(20*time.Millisecond),
		chromedp.WithPollingTimeout(patience))
	if _, err := chromedp.Run(tab.ctx, poll); err != nil {
		tab.t.Fatalf("waiting for %s: %v; the page shows\n%s", expression, err, tab.shown(demo))
	}
}

// press clicks on a button of a demo.
func (tab *tab) press(demo, label string) {
	tab.t.Helper()
	button := fmt.Sprintf("//*[@id='%s']//button[normalize-space()='%s']", demo, label)
	tab.do(chromedp.Click(chromedp.Search(button)))
}

// shown returns the text of a demo's controls and console, without carriage returns.
func (tab *tab) shown(demo string) string {
	tab.t.Helper()
	text := eval[string](tab, "document.querySelector('#%s .try').innerText", demo)
	return strings.ReplaceAll(text, "\r", "")
}
