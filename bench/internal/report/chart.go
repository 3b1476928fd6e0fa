package report

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// bars is a chart with a bar for each server.
type bars struct {
	load     string
	Measure  Measure
	title    string
	x, width float64
}

// longest is the ratio to the first base at which a bar ends, so that one server far off does not hide how the others
// differ. A bar that is longer in truth is cut, and open at its end.
const longest = 2.5

// bars draws a chart: bars as long as the ratio to the first base, with that and the value beside it. Where there is no
// base, they are as long as the values.
func (p *plot) bars(b bars, rows []string, y float64) {
	p.text(b.x, y-8, "start", "faint", b.title)
	lengths, hasBase, end := p.lengths(b, rows)
	if hasBase {
		x := b.x + b.width/end
		p.line(x, y-2, x, y+rowHeight*float64(len(rows)), "base")
	}
	for i, server := range rows {
		value, known := p.report.value(Figure{b.load, server, b.Measure})
		if !known {
			continue
		}
		top := y + rowHeight*float64(i)
		width := b.width * min(lengths[i]/end, 1)
		ratio, text := "", grouped(b.Measure.show(value, true))
		if hasBase {
			ratio = showRatio(lengths[i], true) + "×"
		}
		p.bar(b.x, top+3, width, rowHeight-6, p.class(server), fmt.Sprintf("%s, %s: %s %s", server, b.load, ratio, text))
		if lengths[i] > end {
			p.cut(b.x+width, top+3, rowHeight-6)
		}
		p.label(b.x+width+6, top+12, ratio, text)
	}
}

// grouped puts commas between thousands: 107,234.
func grouped(number string) string {
	whole, fraction, found := strings.Cut(number, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if found {
		return whole + "." + fraction
	}
	return whole
}

// lengths returns the lengths of the bars in units of their own, whether those are ratios to the first base, and the
// length at which bars end.
func (p *plot) lengths(b bars, rows []string) (lengths []float64, hasBase bool, end float64) {
	var base Figure
	if len(p.report.Bases) > 0 {
		base = Figure{b.load, p.report.Bases[0], b.Measure}
	}
	if _, hasBase = p.report.value(base); !hasBase {
		base = Figure{}
	}
	for _, server := range rows {
		length, _ := p.report.ratio(Figure{b.load, server, b.Measure}, base)
		lengths = append(lengths, max(length, 0))
		end = max(end, length)
	}
	if hasBase {
		end = min(max(end, 1), longest)
	}
	return lengths, hasBase, max(end, math.SmallestNonzeroFloat64)
}

// cut opens the end of a bar at x.
func (p *plot) cut(x, y, height float64) {
	for _, back := range []float64{9, 14} {
		p.printf(`<path d="M%.1f %.1fl3 0 -4 %.1f -3 0z" class="paper"/>`+"\n", x-back, y, height)
	}
}

// latency draws a chart of three percentiles on a logarithmic scale: a line from the median, a ring, over the 99th, a dot, to
// the 99.9th.
func (p *plot) latency(load string, rows []string, x, y float64) {
	const width, label = 176, 84
	p.text(x, y-8, "start", "faint", "latency: ring p50, dot p99, end p99.9")
	low, high := math.Inf(1), 0.0
	for _, server := range rows {
		if value, known := p.report.value(Figure{load, server, P50}); known && value > 0 {
			low = min(low, value)
		}
		value, _ := p.report.value(Figure{load, server, P999})
		high = max(high, value)
	}
	if high <= low {
		high = 10 * max(high, 1)
		low = min(low, high/10)
	}
	at := func(value float64) float64 {
		return x + 4 + width*math.Log(max(value, low)/low)/math.Log(high/low)
	}
	bottom := y + rowHeight*float64(len(rows))
	for power := math.Pow(10, math.Ceil(math.Log10(low))); power <= high; power *= 10 {
		p.line(at(power), y-2, at(power), bottom, "rule")
		p.text(at(power), bottom+9, "middle", "faint", duration(power))
	}
	for i, server := range rows {
		var values [3]float64
		for j, m := range []Measure{P50, P99, P999} {
			values[j], _ = p.report.value(Figure{load, server, m})
		}
		if values[2] == 0 {
			continue
		}
		middle, class := y+rowHeight*(float64(i)+0.5), p.class(server)
		p.line(at(values[0]), middle, at(values[2]), middle, class)
		p.line(at(values[2]), middle-4, at(values[2]), middle+4, class)
		p.dot(at(values[0]), middle, 3.5, class+" ring")
		p.dot(at(values[1]), middle, 3.5, class)
		p.text(x+width+label, middle+4, "end", "", "p99 "+duration(values[1]))
	}
}

// duration returns microseconds as text with three digits at most, such as 1.23ms.
func duration(µs float64) string {
	d := time.Duration(µs * float64(time.Microsecond))
	unit := time.Duration(1)
	for d/unit >= 1000 {
		unit *= 10
	}
	return d.Round(unit).String()
}
