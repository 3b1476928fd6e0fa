package report

import (
	"io"
	"slices"
)

// The plot, in pixels: below its head a panel for each load, in which a row for each server goes through three charts.
const (
	plotWidth  = 1000
	margin     = 24
	headHeight = 104
	panelHead  = 46
	rowHeight  = 17
	panelFoot  = 18
	nameEnd    = 104 // names of servers end here
)

// WriteSVG writes the plot. It shows throughput, CPU time and latency of each load, and memory.
func (r *Report) WriteSVG(w io.Writer) error {
	p := &plot{svg: svg{w: w}, report: r}
	height := float64(headHeight + margin)
	for _, load := range r.loads {
		height += p.height(load)
	}
	p.printf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %.0f" width="%[1]d" height="%.0[2]f">`+"\n", plotWidth, height)
	p.printf("%s"+`<rect class="paper" width="100%%" height="100%%"/>`+"\n", style)
	p.head()
	y := float64(headHeight)
	for _, load := range r.loads {
		if height := p.height(load); height > 0 {
			p.panel(load, y)
			y += height
		}
	}
	p.printf("</svg>\n")
	return p.err
}

// plot is an svg that knows where what belongs.
type plot struct {
	svg
	report *Report
}

// head writes the title and the legend.
func (p *plot) head() {
	p.text(margin, 34, "start", "title", "microroute beside others")
	p.text(margin, 53, "start", "faint", p.report.Title)
	p.text(margin, 68, "start", "faint", p.report.Versions)
	x := float64(margin)
	known := slices.Concat(p.report.Ours, p.report.Bases)
	for _, server := range append(known, "others") {
		p.bar(x, 82, 10, 10, p.class(server), server)
		p.text(x+15, 91, "start", "", server)
		x += 30 + 6.5*float64(len(server))
	}
	if len(p.report.Bases) > 0 {
		p.text(plotWidth-margin, 91, "end", "faint", "1× and the dashed line are "+p.report.Bases[0]+", medians of all rounds")
	}
}

// class returns the class that the style has for a server.
func (p *plot) class(server string) string {
	if i := slices.Index(p.report.Ours, server); i >= 0 {
		return "ab"[min(i, 1):][:1]
	}
	if i := slices.Index(p.report.Bases, server); i >= 0 {
		return "cde"[min(i, 2):][:1]
	}
	return "z"
}

// rows returns the servers that have samples of a load.
func (p *plot) rows(load string) (some []string) {
	for _, server := range p.report.servers {
		if len(p.report.samples[key{load, server}]) > 0 {
			some = append(some, server)
		}
	}
	return some
}

// height returns how much a load takes of the plot, 0 if it has nothing that is shown there.
func (p *plot) height(load string) float64 {
	if !p.isBusy(load) && !slices.Contains(p.report.measuresOf(load), IdleRSS) {
		return 0
	}
	return float64(panelHead + rowHeight*len(p.rows(load)) + panelFoot)
}

// isBusy tells a load with requests from what has the place of one, such as memory.
func (p *plot) isBusy(load string) bool {
	return slices.Contains(p.report.measuresOf(load), Throughput)
}

// panel writes the charts of a load.
func (p *plot) panel(load string, y float64) {
	p.line(margin, y, plotWidth-margin, y, "rule")
	p.text(margin, y+20, "start", "load", load)
	rows := p.rows(load)
	for i, server := range rows {
		class := ""
		if slices.Contains(p.report.Ours, server) {
			class = "ours"
		}
		p.text(nameEnd, y+panelHead+rowHeight*float64(i)+12, "end", class, server)
	}
	charts := []bars{
		{load, Throughput, "requests per second, longer is better", 112, 190},
		{load, CPU, "CPU µs per request, shorter is better", 430, 150},
	}
	if slices.Contains(p.report.measuresOf(load), IdleRSS) {
		busy := ""
		if i := slices.IndexFunc(p.report.loads, p.isBusy); i >= 0 {
			busy = p.report.loads[i]
		}
		charts = []bars{
			{load, IdleRSS, "MB resident at the start", 112, 190},
			{load, ConnInUse, "B in use per idle connection", 430, 150},
			{busy, RSS, "MB resident after " + busy, 712, 150},
		}
	} else {
		p.latency(load, rows, 712, y+panelHead)
	}
	for _, chart := range charts {
		p.bars(chart, rows, y+panelHead)
	}
}
