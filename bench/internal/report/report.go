// Package report collects what the rounds of a benchmark have measured, and shows medians, ratios and goals as text and as
// a plot.
package report

import "slices"

// Report is the samples of all rounds. Servers and loads are shown in the order in which they came.
type Report struct {
	Title    string   // machine and measurement
	Versions string   // of the servers
	Ours     []string // servers that the plot shows in a colour of their own
	Bases    []string // servers that others are compared with; the plot does so with the first
	Goals    []Goal
	loads    []string
	servers  []string
	samples  map[key][]Sample // by round, nil where none was measured
}

type key struct{ load, server string }

// Add adds what a server did under a load in a round, the first of which is 0. A second sample of the same adds to it.
func (r *Report) Add(round int, load, server string, s Sample) {
	if r.samples == nil {
		r.samples = make(map[key][]Sample)
	}
	r.loads, r.servers = including(r.loads, load), including(r.servers, server)
	samples := r.samples[key{load, server}]
	for len(samples) <= round {
		samples = append(samples, nil)
	}
	if samples[round] == nil {
		samples[round] = make(Sample)
	}
	for measure, value := range s {
		samples[round][measure] = value
	}
	r.samples[key{load, server}] = samples
}

func including(names []string, name string) []string {
	if slices.Contains(names, name) {
		return names
	}
	return append(names, name)
}

// measuresOf returns the measures of which a load has values, in their order.
func (r *Report) measuresOf(load string) (some []Measure) {
	for m := range measureCount {
		for _, server := range r.servers {
			if _, known := r.value(Figure{load, server, m}); known {
				some = append(some, m)
				break
			}
		}
	}
	return some
}

// Figure is something that has a value in each round.
type Figure struct {
	Load, Server string
	Measure      Measure
}

// value returns the median of f over the rounds, and false if there is none.
func (r *Report) value(f Figure) (value float64, known bool) { return median(r.values(f, Figure{})) }

// ratio returns the median over the rounds of f divided by base in the same round: what slowed down a whole round is not
// in it.
func (r *Report) ratio(f, base Figure) (value float64, known bool) { return median(r.values(f, base)) }

// values returns f of each round that has it, divided by base unless that is the zero Figure.
func (r *Report) values(f, base Figure) (values []float64) {
	ours, theirs := r.samples[key{f.Load, f.Server}], r.samples[key{base.Load, base.Server}]
	for round, sample := range ours {
		value, known := sample[f.Measure]
		if base != (Figure{}) {
			by := 0.0
			if round < len(theirs) {
				by = theirs[round][base.Measure]
			}
			known = known && by > 0
			value /= by
		}
		if known {
			values = append(values, value)
		}
	}
	return values
}

func median(values []float64) (value float64, known bool) {
	if len(values) == 0 {
		return 0, false
	}
	slices.Sort(values)
	half := len(values) / 2
	if len(values)%2 == 0 {
		return (values[half-1] + values[half]) / 2, true
	}
	return values[half], true
}
