package report

import (
	"fmt"
	"html"
	"io"
)

// style has the colours for a light and for a dark background. The classes a and b are ours, c to e the bases, z is
// all others.
const style = `<style>
svg { --paper: #fff; --ink: #1f2328; --faint: #6b7580; --rule: #e3e7eb; font: 11px system-ui, sans-serif;
  --a: #0b7a5b; --b: #62b89c; --c: #3f72b5; --d: #b5793f; --e: #77808a; --z: #b9c2ca }
@media (prefers-color-scheme: dark) {
  svg { --paper: #14181c; --ink: #e6eaee; --faint: #929da8; --rule: #2b3239;
    --a: #2fc492; --b: #2a7f65; --c: #6a9fe0; --d: #d9a066; --e: #aab4be; --z: #4d5760 }
}
text { fill: var(--ink) }
.faint { fill: var(--faint) }
.title { font-size: 19px; font-weight: 600 }
.load { font-size: 14px; font-weight: 600 }
.ours { font-weight: 600 }
.label { paint-order: stroke; stroke: var(--paper); stroke-width: 3px }
.paper { --own: var(--paper) } .rule { --own: var(--rule) } .base { --own: var(--faint); stroke-dasharray: 2 3 }
.a { --own: var(--a) } .b { --own: var(--b) } .c { --own: var(--c) } .d { --own: var(--d) } .e { --own: var(--e) }
.z { --own: var(--z) }
rect, circle, path { fill: var(--own) }
line, .ring { stroke: var(--own); stroke-width: 1.5 }
.rule, .base { stroke-width: 1 }
.ring { fill: var(--paper) }
</style>
`

// svg writes elements until a write fails. Measures are pixels.
type svg struct {
	w   io.Writer
	err error
}

func (s *svg) printf(format string, args ...any) {
	if s.err == nil {
		_, s.err = fmt.Fprintf(s.w, format, args...)
	}
}

// text writes text, which begins at x or, if the anchor is end, ends there. The class may be "".
func (s *svg) text(x, y float64, anchor, class, text string) {
	s.printf(`<text x="%.1f" y="%.1f" text-anchor="%s" class="%s">%s</text>`+"\n", x, y, anchor, class, html.EscapeString(text))
}

// label writes a ratio, which may be "", and a value that explains it.
func (s *svg) label(x, y float64, ratio, value string) {
	if ratio != "" {
		value = fmt.Sprintf(`%s<tspan class="faint" dx="5">%s</tspan>`, ratio, value)
	}
	s.printf(`<text x="%.1f" y="%.1f" class="label">%s</text>`+"\n", x, y, value)
}

// bar writes a bar whose upper left corner is at x and y. What title says is shown to those who point at it.
func (s *svg) bar(x, y, width, height float64, class, title string) {
	s.printf(`<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="1.5" class="%s"><title>%s</title></rect>`+"\n",
		x, y, width, height, class, html.EscapeString(title))
}

func (s *svg) line(x1, y1, x2, y2 float64, class string) {
	s.printf(`<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" class="%s"/>`+"\n", x1, y1, x2, y2, class)
}

func (s *svg) dot(x, y, radius float64, class string) {
	s.printf(`<circle cx="%.1f" cy="%.1f" r="%.1f" class="%s"/>`+"\n", x, y, radius, class)
}
