package report_test

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/microroute/microroute/bench/internal/report"
)

// sampled is a report whose second round was disturbed: both servers had a third of the throughput.
func sampled() *report.Report {
	figure := func(load, server string, m report.Measure) report.Figure {
		return report.Figure{Load: load, Server: server, Measure: m}
	}
	r := &report.Report{
		Title: "three rounds & <more>", Versions: "slow v1", Ours: []string{"fast"}, Bases: []string{"slow"},
		Goals: []report.Goal{
			{Figure: figure("load", "fast", report.Throughput), Base: figure("load", "slow", report.Throughput), Least: 1.9},
			{Figure: figure("load", "fast", report.CPU), Base: figure("load", "slow", report.CPU), Most: 0.2},
			{Figure: figure("memory", "fast", report.ConnInUse), Most: 400},
			{Figure: figure("load", "fast", report.P99), Base: figure("other", "fast", report.P99), Most: 2},
		},
	}
	for round, throughput := range []float64{300, 100, 330} {
		r.Add(round, "load", "fast", report.Sample{
			report.Throughput: throughput, report.CPU: 2, report.P50: 10, report.P99: 20, report.P999: 30, report.RSS: 5e6})
		r.Add(round, "load", "slow", report.Sample{
			report.Throughput: throughput / 2, report.CPU: 8, report.P50: 20, report.P99: 40, report.P999: 60, report.RSS: 9e6})
	}
	r.Add(0, "memory", "fast", report.Sample{report.IdleRSS: 4e6, report.ConnInUse: 200})
	r.Add(1, "memory", "fast", report.Sample{report.IdleRSS: 5e6, report.ConnInUse: 300})
	r.Add(0, "answers", "slow", report.Sample{report.HeadSize: 120})
	return r
}

func TestWriteText(t *testing.T) {
	var b strings.Builder
	if err := sampled().WriteText(&b); err != nil {
		t.Fatal(err)
	}
	var rows []string
	for line := range strings.Lines(b.String()) {
		rows = append(rows, strings.Join(strings.Fields(line), " "))
	}
	for _, want := range []string{
		"slow v1",
		"server req/s CPU µs p50 µs p99 µs p99.9 µs RSS MB",
		"fast 300 2.00 10 20 30 5.0",
		"slow 150 8.00 20 40 60 9.0",
		"× slow",
		"fast 2.00 0.25 0.50 0.50 0.50 0.56",
		"fast 4.5 250",
		"slow 120",
		"reached 2.00 2.00 2.00 ≥ 1.90 load: req/s of fast × slow",
		"MISSED 0.25 0.25 0.25 ≤ 0.20 load: CPU µs of fast × slow",
		"reached 250 200 300 ≤ 400 memory: in use per connection B of fast",
		"not measured – – – ≤ 2.00 load: p99 µs of fast × other",
	} {
		if !slices.Contains(rows, want) {
			t.Errorf("no row %q in\n%s", want, b.String())
		}
	}
}

// TestRatioSkipsRounds has a base that failed in the first round: ratios are between samples of the same round.
func TestRatioSkipsRounds(t *testing.T) {
	r := &report.Report{Bases: []string{"base"}}
	for round, throughput := range []float64{100, 200, 400} {
		r.Add(round, "load", "ours", report.Sample{report.Throughput: throughput})
		if round > 0 {
			r.Add(round, "load", "base", report.Sample{report.Throughput: throughput / 4})
		}
	}
	var b strings.Builder
	if err := r.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	if _, ratios, _ := strings.Cut(b.String(), "× base\n"); !slices.Equal(strings.Fields(ratios),
		[]string{"server", "req/s", "ours", "4.00", "base", "1.00"}) {
		t.Errorf("got %q, want ours to be 4.00 × base in\n%s", ratios, b.String())
	}
}

func TestWriteSVG(t *testing.T) {
	var b strings.Builder
	if err := sampled().WriteSVG(&b); err != nil {
		t.Fatal(err)
	}
	count, texts := map[string]int{}, ""
	for d := xml.NewDecoder(strings.NewReader(b.String())); ; {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, b.String())
		}
		switch token := token.(type) {
		case xml.StartElement:
			count[token.Name.Local]++
		case xml.CharData:
			texts += string(token)
		}
	}
	// The background, three in the legend, two servers with throughput and CPU; one with three kinds of memory.
	if want := 1 + 3 + 4 + 3; count["rect"] != want {
		t.Errorf("got %d rectangles, want %d", count["rect"], want)
	}
	if want := 4; count["circle"] != want { // two servers, p50 and p99
		t.Errorf("got %d circles, want %d", count["circle"], want)
	}
	for _, want := range []string{"three rounds & <more>", "slow v1", "fast", "2.00×300", "1.00×8.00", "p99 20µs"} {
		if !strings.Contains(texts, want) {
			t.Errorf("no %q in the texts %q", want, texts)
		}
	}
}

func TestWriteFails(t *testing.T) {
	full := errors.New("full")
	for n := range 5 {
		if err := sampled().WriteText(&limited{n, full}); err != full {
			t.Errorf("WriteText after %d writes: got error %v, want %v", n, err, full)
		}
		if err := sampled().WriteSVG(&limited{n, full}); err != full {
			t.Errorf("WriteSVG after %d writes: got error %v, want %v", n, err, full)
		}
	}
}

// limited is a writer that fails after some writes.
type limited struct {
	writes int
	err    error
}

func (l *limited) Write(b []byte) (int, error) {
	if l.writes--; l.writes < 0 {
		return 0, l.err
	}
	return len(b), nil
}
