//go:build linux

package main

import "github.com/microroute/microroute/bench/internal/report"

// goals returns what microroute wants to reach in these runs.
func goals(runs []loadRun) []report.Goal {
	figure := func(load, server string, m report.Measure) report.Figure {
		for _, l := range runs {
			if l.Load == load { // the first one: crowds come later
				load = l.String()
				break
			}
		}
		return report.Figure{Load: load, Server: server, Measure: m}
	}
	throughput := func(load, server string) report.Figure { return figure(load, server, report.Throughput) }
	cpu := func(server string) report.Figure { return figure("plaintext", server, report.CPU) }
	p99 := func(load string) report.Figure { return figure(load, "microroute", report.P99) }
	memory := func(server string, m report.Measure) report.Figure { return figure(memoryLoad, server, m) }

	all := []report.Goal{
		{Figure: throughput("plaintext", "microroute"), Base: throughput("plaintext", "fasthttp"), Least: 1.35},
		{Figure: cpu("microroute"), Base: cpu("fasthttp"), Most: 0.75},
		{Figure: cpu("microroute"), Base: cpu("limit"), Most: 1.2},
		{Figure: throughput("pipelined", "microroute"), Base: throughput("pipelined", "fasthttp"), Least: 1.45},
		{Figure: throughput("goods", "microroute"), Base: throughput("plaintext", "microroute"), Least: 0.95},
		{Figure: p99("mix"), Base: p99("calm"), Most: 2},
	}
	for _, load := range []string{"file-1k", "file-100k", "file-10m", "stream", "drip"} {
		all = append(all, report.Goal{Figure: throughput(load, "microroute"), Base: throughput(load, "fasthttp"), Least: 1})
	}
	all = append(all,
		report.Goal{Figure: memory("microroute", report.ConnInUse), Most: 400},
		report.Goal{Figure: memory("hello", report.IdleRSS), Most: 6e6},
		report.Goal{Figure: memory("hello", report.Size), Most: 3.5e6},
		report.Goal{Figure: memory("portable", report.ConnInUse), Base: memory("net/http", report.ConnInUse), Most: 0.5},
	)
	for _, l := range runs {
		ours := report.Figure{Load: l.String(), Server: "portable", Measure: report.Throughput}
		theirs := ours
		theirs.Server = "net/http"
		all = append(all, report.Goal{Figure: ours, Base: theirs, Least: 0.95})
	}
	return all
}

// fileGoals returns what microroute wants to reach as a file server in these runs: to be ahead of all others, and never far
// behind nginx.
func fileGoals(runs []loadRun) (all []report.Goal) {
	for _, l := range runs {
		ours := report.Figure{Load: l.String(), Server: "microroute", Measure: report.Throughput}
		for _, s := range fileServers {
			if s.Engine != "" || s.Without == l.Load {
				continue
			}
			goal := report.Goal{Figure: ours, Base: ours, Least: 1}
			if goal.Base.Server = s.Name; s.Name == "nginx" {
				goal.Least = 0.9
			}
			all = append(all, goal)
		}
	}
	return all
}
