package report_test

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"github.com/microroute/microroute/bench/internal/report"
)

func sampled() *report.Report {
	r := &report.Report{Title: "three rounds & <more>", Bases: []string{"slow"}}
	// The second round was disturbed: both servers had a third of the throughput.
	for _, throughput := range []float64{300, 100, 330} {
		r.Add("load", "fast", report.Sample{Throughput: throughput, CPU: 2, P50: 10, P99: 20, P999: 30, RSS: 5e6})
		r.Add("load", "slow", report.Sample{Throughput: throughput / 2, CPU: 8, P50: 20, P99: 40, P999: 60, RSS: 9e6})
	}
	r.AddMemory("fast", report.Memory{Idle: 4e6, PerConn: 400, InUse: 200})
	r.AddMemory("fast", report.Memory{Idle: 5e6, PerConn: 500, InUse: 300})
	return r
}

func TestWriteText(t *testing.T) {
	var b strings.Builder
	if err := sampled().WriteText(&b); err != nil {
		t.Fatal(err)
	}
	rows := make(map[string]string)
	for line := range strings.Lines(b.String()) {
		fields := strings.Fields(line)
		if len(fields) > 1 {
			rows[fields[0]+" "+fields[len(fields)-1]] = strings.Join(fields, " ")
		}
	}
	for _, want := range []string{
		"fast 300 2.00 2.00 0.25 10 20 30 5.0",
		"slow 150 1.00 8.00 1.00 20 40 60 9.0",
		"fast 4.5 450 250",
		"slow – – –",
	} {
		fields := strings.Fields(want)
		if got := rows[fields[0]+" "+fields[len(fields)-1]]; got != want {
			t.Errorf("got row %q, want %q in\n%s", got, want, b.String())
		}
	}
}

func TestWriteSVG(t *testing.T) {
	var b strings.Builder
	if err := sampled().WriteSVG(&b); err != nil {
		t.Fatal(err)
	}
	d := xml.NewDecoder(strings.NewReader(b.String()))
	bars, texts := 0, ""
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, b.String())
		}
		switch token := token.(type) {
		case xml.StartElement:
			if token.Name.Local == "rect" {
				bars++
			}
		case xml.CharData:
			texts += string(token)
		}
	}
	if bars != 1+4 {
		t.Errorf("got %d rectangles, want the background and 4 bars", bars)
	}
	for _, want := range []string{"three rounds & <more>", "fast", "300", "8.0"} {
		if !strings.Contains(texts, want) {
			t.Errorf("no %q in the texts %q", want, texts)
		}
	}
}
