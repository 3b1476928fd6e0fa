//go:build unix

// Command caddy is Caddy as a file server in the benchmark, without TLS, without its API and without a log of accesses.
// What the configuration leaves out is as Caddy has it.
package main

import (
	_ "embed"

	"github.com/microroute/microroute/bench/internal/installed"
)

//go:embed Caddyfile
var config string

func main() {
	installed.Main("caddy", config, "run", "--adapter", "caddyfile", "--config")
}
