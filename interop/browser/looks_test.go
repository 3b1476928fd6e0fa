package browser_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// TestLooks takes pictures of the page, before and after some demos have run, in every size, light and dark. A machine
// can only see whether something sticks out; the rest is for people. The variable SCREENSHOTS names a folder for them.
func TestLooks(t *testing.T) {
	folder := os.Getenv("SCREENSHOTS")
	if folder == "" {
		folder = t.TempDir()
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	browser, address := startBrowser(t), startTour(t)
	for _, size := range sizes {
		for _, scheme := range []string{"light", "dark"} {
			t.Run(size.name+"/"+scheme, func(t *testing.T) {
				tab := newTab(t, browser, scheme)
				tab.open(address, size.width, size.height)
				name := filepath.Join(folder, "tour-"+size.name+"-"+scheme)
				tab.picture(name + ".png")
				for i, s := range steps {
					if i == 0 || s.demo != steps[i-1].demo {
						tab.take(s)
					}
				}
				tab.press("camera", "Open the window")
				tab.await("camera", cameraRuns)
				tab.checkWidth(size.width)
				tab.wholePicture(name + "-used.png")
				tab.do(chromedp.Navigate(address + "no/such/stop"))
				tab.checkWidth(size.width)
				tab.picture(name + "-missing.png")
			})
		}
	}
}

// picture writes what can be seen of the page to a file, wholePicture all of it.
func (tab *tab) picture(file string) {
	tab.t.Helper()
	tab.write(file, value(tab, chromedp.CaptureScreenshot()))
}

func (tab *tab) wholePicture(file string) {
	tab.t.Helper()
	tab.write(file, value(tab, chromedp.FullScreenshot(100)))
}

func (tab *tab) write(file string, png []byte) {
	tab.t.Helper()
	if len(png) == 0 {
		tab.t.Errorf("%s would be empty", file)
	}
	if err := os.WriteFile(file, png, 0o644); err != nil {
		tab.t.Fatal(err)
	}
}

// checkWidth fails the test if the page is wider than the screen.
func (tab *tab) checkWidth(width int64) {
	tab.t.Helper()
	if got := eval[int64](tab, "document.documentElement.scrollWidth"); got > width {
		tab.t.Errorf("the page is %d px wide on a screen of %d px: %s", got, width, tab.stickingOut())
	}
}

// stickingOut returns the elements that reach beyond the right edge, but for those in a box that scrolls.
func (tab *tab) stickingOut() string {
	tab.t.Helper()
	return strings.Join(eval[[]string](tab, `[...document.querySelectorAll("body *")]
		.filter((e) => e.getBoundingClientRect().right > innerWidth && !e.closest("pre, .map"))
		.map((e) => e.tagName + "." + e.className)`), " ")
}

// TestWithoutScript reads the page, and follows one of its forms, in a browser that runs no JavaScript.
func TestWithoutScript(t *testing.T) {
	tab := newTab(t, startBrowser(t), "light")
	address := startTour(t)
	command(tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	tab.do(chromedp.Navigate(address))
	text := value(tab, chromedp.Text(chromedp.CSS("main")))
	for _, want := range []string{"Take the tour.", `app.Get("/hello", func(c *microroute.Context) string {`, "Without JavaScript"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q; it reads\n%s", want, text)
		}
	}
	tab.press("hello", "Say hello")
	tab.do(chromedp.WaitVisible("//h1[text()='Hello World!']"))
	tab.check("/favicon.ico") // which the answer does not link to
}
