//go:build unix

// Command nginx is nginx as a file server in the benchmark: a worker for each processor, files sent by the kernel, no log
// of accesses. What the configuration leaves out is as nginx has it; so is tcp_nopush, which Debian turns on: it helps
// nothing here, and lets the end of a range wait 40 ms for the client's acknowledgement.
package main

import (
	_ "embed"

	"github.com/microroute/microroute/bench/internal/installed"
)

//go:embed nginx.conf
var config string

func main() {
	installed.Main("nginx", config, "-e", "stderr", "-c")
}
