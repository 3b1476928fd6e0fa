//go:build linux

// Package load is the client of the benchmark: it keeps connections busy with the requests of a Load and measures how
// long the answers take. It does as little for a request as it can, because it shares the machine with the server: one
// thread waits for all of its connections with epoll, and of an answer only the status and the framing are read.
package load

import (
	"slices"
	"time"

	"github.com/microroute/microroute/bench/internal/site"
)

// Load is what each connection sends, again and again, one request after the answer to the one before.
type Load struct {
	Name     string
	Pipeline int // requests that are sent at once, 0 stands for 1
	Steps    []Step
	Most     int  // connections that make sense, because of the memory they cost; 0: any number
	Partial  bool // the answers are parts of files, with status 206 instead of 200
	// Length is that of the content of an answer, in bytes, where it may take longer to come than a run is. What has come
	// of an answer counts then. 0 if only whole answers count.
	Length int
}

// Step is a request, or a pause.
type Step struct {
	Request []byte
	Pause   time.Duration // instead of a request
	Aside   bool          // how long the answer takes does not count
}

// Loads returns all of them, in the order of the tables: one for each name of site.Exchanges, and what is made of them.
func Loads() (loads []Load) {
	steps := make(map[string][]Step)
	for _, x := range site.Exchanges() {
		if len(steps[x.Name]) == 0 && x.Name != "block" {
			loads = append(loads, Load{Name: x.Name, Most: most(x.Size)})
		}
		steps[x.Name] = append(steps[x.Name], Step{Request: x.Request()})
	}
	for i, l := range loads {
		loads[i].Steps = steps[l.Name]
	}
	plaintext := steps["plaintext"]
	nine := slices.Repeat(plaintext, 9)
	return slices.Insert(loads, slices.IndexFunc(loads, func(l Load) bool { return l.Name == "json" }),
		Load{Name: "pipelined", Steps: plaintext, Pipeline: 16},
		// One request in ten blocks: how long do the other nine take?
		Load{Name: "mix", Steps: append(nine[:9:9], Step{Request: steps["block"][0].Request, Aside: true})},
		// The same at the same rate, but the client waits instead of the handler.
		Load{Name: "calm", Steps: append(nine[:9:9], Step{Pause: site.Blocking})},
	)
}

// FileLoads returns those for file servers, in the order of the tables: one for each name of site.Fetches.
func FileLoads() (loads []Load) {
	for _, f := range site.Fetches() {
		if len(loads) == 0 || loads[len(loads)-1].Name != f.Name {
			loads = append(loads, Load{Name: f.Name, Partial: len(f.Parts) > 0, Length: f.Length()})
		}
		l := &loads[len(loads)-1]
		l.Steps = append(l.Steps, Step{Request: f.Request()})
	}
	return loads
}

// most returns how many connections may carry contents of a size, 0 for any number: all of them together are no more
// than 64 MiB.
func most(size int) int {
	if size < 64<<10 {
		return 0
	}
	return 64 << 20 / size
}
