package report

import "strconv"

// Sample is what one server did under one load in one round.
type Sample map[Measure]float64

// Measure says what a number is. Times are microseconds, sizes are bytes.
type Measure int

// The measures, in the order of the tables.
const (
	Throughput Measure = iota // requests per second
	Content                   // bytes of content per second
	CPU                       // the server's own, user and system, for a request
	P50                       // half of the requests had their answer after this time,
	P99                       // 99 of a hundred,
	P999                      // 999 of a thousand
	RSS                       // resident memory at the end of a load
	Size                      // of the program, stripped
	IdleRSS                   // resident memory before the first request
	ConnRSS                   // resident memory for each idle connection
	ConnInUse                 // heap and stacks for each idle connection, after a garbage collection
	HeadSize                  // of the answer to /plaintext
	Segments                  // TCP segments for an answer of /stream
	measureCount
)

// measures says how they are shown: a value is divided by unit first.
var measures = [measureCount]struct {
	name     string
	unit     float64
	decimals int
	alone    bool // a ratio to another server's means nothing
}{
	Throughput: {name: "req/s", unit: 1},
	Content:    {name: "MB/s", unit: 1e6, decimals: 1},
	CPU:        {name: "CPU µs", unit: 1, decimals: 2},
	P50:        {name: "p50 µs", unit: 1},
	P99:        {name: "p99 µs", unit: 1},
	P999:       {name: "p99.9 µs", unit: 1},
	RSS:        {name: "RSS MB", unit: 1e6, decimals: 1},
	Size:       {name: "program MB", unit: 1e6, decimals: 1},
	IdleRSS:    {name: "idle RSS MB", unit: 1e6, decimals: 1},
	ConnRSS:    {name: "RSS per connection B", unit: 1},
	ConnInUse:  {name: "in use per connection B", unit: 1},
	HeadSize:   {name: "head of /plaintext B", unit: 1, alone: true},
	Segments:   {name: "segments of /stream", unit: 1, decimals: 1, alone: true},
}

// show returns a value as text, or a dash if there is none.
func (m Measure) show(value float64, known bool) string {
	if !known {
		return "–"
	}
	return strconv.FormatFloat(value/measures[m].unit, 'f', measures[m].decimals, 64)
}

// showRatio is show for the ratio of two values.
func showRatio(value float64, known bool) string {
	if !known {
		return "–"
	}
	return strconv.FormatFloat(value, 'f', 2, 64)
}
