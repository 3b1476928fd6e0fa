package report

import (
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
)

// column is a column of a table with the values of a load.
type column struct {
	name     string
	value    func(Sample) float64
	decimals int
	ratios   bool // columns with the ratios to the bases follow
}

var columns = []column{
	{"req/s", throughput, 0, true},
	{"CPU µs", cpu, 2, true},
	{"p50 µs", func(s Sample) float64 { return s.P50 }, 0, false},
	{"p99 µs", func(s Sample) float64 { return s.P99 }, 0, false},
	{"p99.9 µs", func(s Sample) float64 { return s.P999 }, 0, false},
	{"RSS MB", func(s Sample) float64 { return s.RSS / 1e6 }, 1, false},
}

// WriteText writes a table for each load and one for memory. What was not measured is a dash.
func (r *Report) WriteText(w io.Writer) error {
	fmt.Fprintf(w, "%s\n\nEach figure is the median over the rounds; a ratio (×), that of the ratios in each round.\n"+
		"CPU is the server's own time, user and system, for a request.\n", r.Title)
	for _, load := range r.loads {
		fmt.Fprintf(w, "\n%s\n", load)
		if err := r.writeLoad(w, load); err != nil {
			return err
		}
	}
	if len(r.memory) == 0 {
		return nil
	}
	fmt.Fprint(w, "\nmemory\n")
	return r.writeMemory(w)
}

func (r *Report) writeLoad(w io.Writer, load string) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "server\t")
	for _, c := range columns {
		fmt.Fprintf(t, "%s\t", c.name)
		if c.ratios {
			for _, base := range r.Bases {
				fmt.Fprintf(t, "× %s\t", base)
			}
		}
	}
	fmt.Fprintln(t)
	for _, server := range r.servers {
		if len(r.samples[key{load, server}]) == 0 {
			continue
		}
		fmt.Fprintf(t, "%s\t", server)
		for _, c := range columns {
			fmt.Fprintf(t, "%s\t", figure(c.decimals)(r.median(load, server, c.value)))
			if c.ratios {
				for _, base := range r.Bases {
					fmt.Fprintf(t, "%s\t", figure(2)(r.ratio(load, server, base, c.value)))
				}
			}
		}
		fmt.Fprintln(t)
	}
	return t.Flush()
}

func (r *Report) writeMemory(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "server\tidle RSS MB\tRSS per connection B\tin use per connection B\t")
	for _, server := range r.servers {
		fmt.Fprintf(t, "%s\t", server)
		for _, c := range []struct {
			value    func(Memory) float64
			decimals int
		}{
			{func(m Memory) float64 { return m.Idle / 1e6 }, 1},
			{func(m Memory) float64 { return m.PerConn }, 0},
			{func(m Memory) float64 { return m.InUse }, 0},
		} {
			var values []float64
			for _, m := range r.memory[server] {
				values = append(values, c.value(m))
			}
			fmt.Fprintf(t, "%s\t", figure(c.decimals)(median(values)))
		}
		fmt.Fprintln(t)
	}
	return t.Flush()
}

// figure returns a function that shows a value with this many decimals, or a dash if there is none.
func figure(decimals int) func(value float64, known bool) string {
	return func(value float64, known bool) string {
		if !known {
			return "–"
		}
		return strconv.FormatFloat(value, 'f', decimals, 64)
	}
}
