// Package report collects what the rounds of a benchmark have measured, and shows medians and ratios as text and as a
// plot.
package report

import "slices"

// Sample is what one server did under one load in one round.
type Sample struct {
	Throughput     float64 // requests per second
	CPU            float64 // microseconds per request
	P50, P99, P999 float64 // microseconds
	RSS            float64 // bytes, at the end of the load
}

// Memory is what one server used in one round, in bytes.
type Memory struct {
	Idle    float64 // resident, before the first request
	PerConn float64 // resident, for each idle connection
	InUse   float64 // heap and stacks for each idle connection, after a garbage collection
}

// Report is the samples of all rounds. Servers and loads are shown in the order in which they came.
type Report struct {
	Title   string
	Bases   []string // servers that others are compared with
	loads   []string
	servers []string
	samples map[key][]Sample
	memory  map[string][]Memory
}

type key struct{ load, server string }

// Add adds a sample. The samples of a load must come round by round: ratios are between those of the same round.
func (r *Report) Add(load, server string, s Sample) {
	if r.samples == nil {
		r.samples = make(map[key][]Sample)
	}
	r.loads, r.servers = including(r.loads, load), including(r.servers, server)
	r.samples[key{load, server}] = append(r.samples[key{load, server}], s)
}

// AddMemory adds what a server used in a round.
func (r *Report) AddMemory(server string, m Memory) {
	if r.memory == nil {
		r.memory = make(map[string][]Memory)
	}
	r.servers = including(r.servers, server)
	r.memory[server] = append(r.memory[server], m)
}

func including(names []string, name string) []string {
	if slices.Contains(names, name) {
		return names
	}
	return append(names, name)
}

// median returns the median over the rounds, and false if there is none.
func (r *Report) median(load, server string, value func(Sample) float64) (float64, bool) {
	var values []float64
	for _, s := range r.samples[key{load, server}] {
		values = append(values, value(s))
	}
	return median(values)
}

// ratio returns the median over the rounds of server's value divided by base's in the same round: what slowed down a
// whole round is not in it.
func (r *Report) ratio(load, server, base string, value func(Sample) float64) (float64, bool) {
	ours, theirs := r.samples[key{load, server}], r.samples[key{load, base}]
	var ratios []float64
	for i := range min(len(ours), len(theirs)) {
		if by := value(theirs[i]); by > 0 {
			ratios = append(ratios, value(ours[i])/by)
		}
	}
	return median(ratios)
}

func median(values []float64) (float64, bool) {
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

func throughput(s Sample) float64 { return s.Throughput }
func cpu(s Sample) float64        { return s.CPU }
