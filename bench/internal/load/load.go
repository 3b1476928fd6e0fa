//go:build linux

// Package load is the client of the benchmark: it keeps connections busy with the requests of a Load and measures how
// long the answers take. It does as little for a request as it can, because it shares the machine with the server: one
// thread waits for all of its connections with epoll, and of an answer only the status and the framing are read.
package load

import (
	"fmt"
	"time"

	"github.com/microroute/microroute/bench/internal/site"
)

// Load is what each connection sends, again and again, one request after the answer to the one before.
type Load struct {
	Name     string
	Pipeline int // requests that are sent at once, 0 stands for 1
	Steps    []Step
	Most     int // connections that make sense, because of the memory they cost; 0: any number
}

// Step is a request, or a pause.
type Step struct {
	Request []byte
	Pause   time.Duration // instead of a request
	Aside   bool          // how long the answer takes does not count
}

// Loads returns all of them, in the order of the tables.
func Loads() []Load {
	plaintext := get("/plaintext")
	nine := make([]Step, 9, 10)
	for i := range nine {
		nine[i] = plaintext
	}
	loads := []Load{
		{Name: "plaintext", Steps: []Step{plaintext}},
		{Name: "pipelined", Steps: []Step{plaintext}, Pipeline: 16},
		{Name: "json", Steps: []Step{get("/json")}},
		{Name: "goods", Steps: []Step{get(site.GoodsPath)}},
	}
	for _, size := range []string{"1k", "64k", "10m"} {
		loads = append(loads, Load{Name: "echo-" + size, Steps: []Step{post("/echo", site.Content(site.Sizes[size]))}, Most: most[size]})
	}
	for _, size := range []string{"1k", "100k", "10m"} {
		loads = append(loads, Load{Name: "file-" + size, Steps: []Step{get("/file/" + size)}, Most: most[size]})
	}
	return append(loads,
		Load{Name: "stream", Steps: []Step{get("/stream")}},
		Load{Name: "github", Steps: github()},
		// One request in ten blocks: how long do the other nine take?
		Load{Name: "mix", Steps: append(nine[:9:9], Step{Request: get("/block").Request, Aside: true})},
		// The same at the same rate, but the client waits instead of the handler.
		Load{Name: "calm", Steps: append(nine[:9:9], Step{Pause: site.Blocking})},
	)
}

// most is how many connections may carry contents of this size.
var most = map[string]int{"10m": 4}

func github() (steps []Step) {
	for _, route := range site.GitHub() {
		steps = append(steps, request(route.Method, route.Path(), nil))
	}
	return steps
}

func get(path string) Step { return request("GET", path, nil) }

func post(path string, content []byte) Step { return request("POST", path, content) }

func request(method, path string, content []byte) Step {
	b := fmt.Appendf(nil, "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\n", method, path)
	if method == "POST" || method == "PUT" {
		b = fmt.Appendf(b, "Content-Length: %d\r\n", len(content))
	}
	return Step{Request: append(append(b, "\r\n"...), content...)}
}
