package browser_test

import "testing"

// TestContrast checks that all text stands out from what is behind it, by 4.5 to 1 (WCAG 2.2, success criterion 1.4.3).
func TestContrast(t *testing.T) {
	browser, address := startBrowser(t), startTour(t)
	for _, scheme := range []string{"light", "dark"} {
		t.Run(scheme, func(t *testing.T) {
			tab := newTab(t, browser, scheme)
			tab.open(address, 1280, 900)
			for _, s := range []step{steps[0], {demo: "file", button: "Beyond the end"}, {demo: "abort", button: "Break off half way"}} {
				s.intended = "/"
				tab.take(s)
			}
			for _, fault := range eval[[]string](tab, faintTexts) {
				t.Error(fault)
			}
		})
	}
}

// faintTexts is an expression for the texts without enough contrast. Colours are blended as a canvas does it, from the
// page's own up to the element's.
const faintTexts = `(() => {
	const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
	const blend = (colours) => {
		for (const colour of colours) {
			canvas.fillStyle = colour;
			canvas.fillRect(0, 0, 1, 1);
		}
		return canvas.getImageData(0, 0, 1, 1).data;
	};
	const luminance = (rgb) => [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => {
		const c = rgb[i] / 255;
		return sum + weight * (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
	}, 0);
	const behind = (element) => {
		const colours = [];
		for (let e = element; e; e = e.parentElement) colours.unshift(getComputedStyle(e).backgroundColor);
		return colours;
	};
	const faint = [];
	for (const e of document.querySelectorAll("body *")) {
		const text = [...e.childNodes].filter((n) => n.nodeType === Node.TEXT_NODE).map((n) => n.data.trim()).join("");
		if (!(text || e.value) || !e.checkVisibility() || e.closest("noscript, option")) continue;
		const background = behind(e);
		const [a, b] = [luminance(blend(background)), luminance(blend([...background, getComputedStyle(e).color]))];
		const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
		if (contrast < 4.5) faint.push(contrast.toFixed(2) + " to 1: " + e.tagName + "." + e.className + " " + text.slice(0, 40));
	}
	return faint;
})()`

// TestNames checks that whoever cannot see the page is told what each control and picture is.
func TestNames(t *testing.T) {
	tab := newTab(t, startBrowser(t), "light")
	tab.open(startTour(t), 1280, 900)
	for _, nameless := range eval[[]string](tab, `[...document.querySelectorAll("button, a, input, select, textarea, progress, img, svg")]
		.filter((e) => !(e.textContent.trim() || e.labels?.length || e.ariaLabel || e.hasAttribute("alt") || e.ariaHidden))
		.map((e) => e.outerHTML.slice(0, 80))`) {
		t.Errorf("it has no name: %s", nameless)
	}
	if got := eval[string](tab, "document.documentElement.lang"); got != "en" {
		t.Errorf("got the language %q, want en", got)
	}
}
