package report

// Goal is a bound that a figure, or its ratio to another one, should keep.
type Goal struct {
	Figure
	Base  Figure  // what the figure is divided by, unless it is the zero Figure
	Least float64 // the bound, if it is not 0
	Most  float64 // the bound otherwise
}

// goalRows returns the table of goals: reached or not, what was measured, its range over the rounds, the bound.
func (r *Report) goalRows() [][]string {
	rows := [][]string{{"", "measured", "from", "to", "goal"}}
	for _, g := range r.Goals {
		show := showRatio
		if g.Base == (Figure{}) {
			show = g.Measure.show
		}
		// The median sorts the values.
		values := r.values(g.Figure, g.Base)
		value, known := median(values)
		from, to := 0.0, 0.0
		if known {
			from, to = values[0], values[len(values)-1]
		}
		bound := "≤ " + show(g.Most, true)
		if g.Least > 0 {
			bound = "≥ " + show(g.Least, true)
		}
		rows = append(rows, []string{g.verdict(value, known), show(value, known), show(from, known), show(to, known), bound, "  " + g.text()})
	}
	return rows
}

func (g Goal) verdict(value float64, known bool) string {
	switch {
	case !known:
		return "not measured"
	case g.Least > 0 && value >= g.Least, g.Least == 0 && value <= g.Most:
		return "reached"
	}
	return "MISSED"
}

// text says what is measured: "plaintext, 64 connections: req/s of microroute × fasthttp".
func (g Goal) text() string {
	text := g.Load + ": " + measures[g.Measure].name + " of " + g.Server
	switch {
	case g.Base == (Figure{}):
		return text
	case g.Base.Load == g.Load:
		return text + " × " + g.Base.Server
	}
	return text + " × " + g.Base.Load
}
