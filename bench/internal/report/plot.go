package report

import (
	"fmt"
	"html"
	"io"
)

// The measures of the plot, in pixels.
const (
	margin     = 20
	labelWidth = 150
	barWidth   = 280
	barHeight  = 14
	panelWidth = labelWidth + barWidth + 90
	heading    = 44
)

// colours are those of the servers, one after the other.
var colours = []string{"#0b6e4f", "#08a045", "#c73e1d", "#3b5998", "#8e5572", "#e08e45", "#5c6b73", "#b59f3b", "#2e4057", "#999999"}

// WriteSVG writes the plot: for each load the throughput of the servers on the left, longer is better, and their CPU time
// for a request on the right, shorter is better.
func (r *Report) WriteSVG(w io.Writer) error {
	panel := heading + barHeight*len(r.servers) + margin
	height := 2*margin + panel*len(r.loads)
	p := &plot{w: w}
	p.printf(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="11">`+"\n",
		2*panelWidth+2*margin, height)
	p.printf(`<rect width="100%%" height="100%%" fill="white"/>` + "\n")
	p.text(margin, margin, "start", r.Title)
	for i, load := range r.loads {
		y := 2*margin + i*panel
		p.bars(r, margin, y, load+": requests per second", load, column{value: throughput})
		p.bars(r, margin+panelWidth, y, load+": CPU µs per request", load, column{value: cpu, decimals: 1})
	}
	p.printf("</svg>\n")
	return p.err
}

// plot writes SVG until a write fails.
type plot struct {
	w   io.Writer
	err error
}

func (p *plot) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

func (p *plot) text(x, y int, anchor, text string) {
	p.printf(`<text x="%d" y="%d" text-anchor="%s">%s</text>`+"\n", x, y, anchor, html.EscapeString(text))
}

// bars draws a bar for each server, the longest over the whole width.
func (p *plot) bars(r *Report, x, y int, title, load string, c column) {
	p.text(x+labelWidth, y+heading/2, "start", title)
	longest := 0.0
	for _, server := range r.servers {
		value, _ := r.median(load, server, c.value)
		longest = max(longest, value)
	}
	for i, server := range r.servers {
		value, known := r.median(load, server, c.value)
		width := 0.0
		if longest > 0 {
			width = barWidth * value / longest
		}
		top := y + heading - barHeight + i*barHeight
		p.text(x+labelWidth-6, top+barHeight-4, "end", server)
		p.printf(`<rect x="%d" y="%d" width="%.1f" height="%d" fill="%s"/>`+"\n",
			x+labelWidth, top+1, width, barHeight-2, colours[i%len(colours)])
		p.text(x+labelWidth+int(width)+4, top+barHeight-4, "start", figure(c.decimals)(value, known))
	}
}
