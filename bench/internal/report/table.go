package report

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

const explanation = `Each figure is the median over the rounds, a ratio (×) the median of the ratios in each round.
CPU is the server's own time, user and system, for a request; RSS is its memory at the end of the load.
`

// WriteText writes the goals, and for each load a table of figures and one of ratios. What was not measured is a dash.
func (r *Report) WriteText(w io.Writer) error {
	t := &textWriter{w: w}
	t.printf("%s\n%s\n\n%s", r.Title, r.Versions, explanation)
	if len(r.Goals) > 0 {
		t.printf("\ngoals\n")
		t.table(r.goalRows())
	}
	for _, load := range r.loads {
		measures := r.measuresOf(load)
		t.printf("\n%s\n", load)
		t.table(r.rows(load, measures, func(f Figure) string { return f.Measure.show(r.value(f)) }))
		if bases := r.basesOf(load); len(bases) > 0 && !isAlone(measures) {
			t.printf("  × %s\n", strings.Join(bases, " / × "))
			t.table(r.rows(load, measures, func(f Figure) string { return r.ratios(f, bases) }))
		}
	}
	return t.err
}

// rows returns the table of a load: a head, and a row for each server with what cell returns for a measure.
func (r *Report) rows(load string, some []Measure, cell func(Figure) string) [][]string {
	head := []string{"server"}
	for _, m := range some {
		head = append(head, measures[m].name)
	}
	rows := [][]string{head}
	for _, server := range r.servers {
		if len(r.samples[key{load, server}]) == 0 {
			continue
		}
		row := []string{server}
		for _, m := range some {
			row = append(row, cell(Figure{load, server, m}))
		}
		rows = append(rows, row)
	}
	return rows
}

// basesOf returns the bases that have samples of a load.
func (r *Report) basesOf(load string) (some []string) {
	for _, base := range r.Bases {
		if len(r.samples[key{load, base}]) > 0 {
			some = append(some, base)
		}
	}
	return some
}

// ratios returns f as ratios to the same of each base.
func (r *Report) ratios(f Figure, bases []string) string {
	var all []string
	for _, base := range bases {
		all = append(all, showRatio(r.ratio(f, Figure{f.Load, base, f.Measure})))
	}
	return strings.Join(all, " / ")
}

func isAlone(some []Measure) bool {
	for _, m := range some {
		if !measures[m].alone {
			return false
		}
	}
	return true
}

// textWriter writes text until a write fails.
type textWriter struct {
	w   io.Writer
	err error
}

func (t *textWriter) printf(format string, args ...any) {
	if t.err == nil {
		_, t.err = fmt.Fprintf(t.w, format, args...)
	}
}

// table writes rows in columns, as many as the first row has. What a row has beyond them follows it as it is.
func (t *textWriter) table(rows [][]string) {
	columns := tabwriter.NewWriter(t.w, 0, 0, 2, ' ', tabwriter.AlignRight)
	n := len(rows[0])
	for _, row := range rows {
		fmt.Fprintf(columns, "%s\t%s\n", strings.Join(row[:n], "\t"), strings.Join(row[n:], ""))
	}
	if t.err == nil {
		t.err = columns.Flush()
	}
}
