//go:build linux

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/microroute/microroute/bench/internal/process"
)

// server is one of those that are compared.
type server struct {
	Name    string
	Program string // the last element of its directory
	Args    []string
}

var servers = []server{
	{Name: "microroute", Program: "app", Args: []string{"-engine", "event"}},
	{Name: "portable", Program: "app", Args: []string{"-engine", "portable"}},
	{Name: "limit", Program: "limit"},
	{Name: "fasthttp", Program: "fasthttp"},
	{Name: "fiber", Program: "fiber"},
	{Name: "hertz", Program: "hertz"},
	{Name: "net/http", Program: "nethttp"},
	{Name: "chi", Program: "chi"},
	{Name: "gin", Program: "gin"},
	{Name: "echo", Program: "echo"},
}

func serverNames() (names []string) {
	for _, s := range servers {
		names = append(names, s.Name)
	}
	return names
}

// build builds the programs of the servers into dir.
func build(ctx context.Context, dir string, some []server) error {
	args := []string{"build", "-trimpath", "-ldflags=-s -w", "-o", dir + "/"}
	for _, s := range some {
		if s.Program == "app" {
			args = append(args, "./app")
		} else {
			args = append(args, "./servers/"+s.Program)
		}
	}
	if output, err := exec.CommandContext(ctx, "go", args...).CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, output)
	}
	return nil
}

// start starts a server that has been built into dir, on a processor or, if cpu is negative, on any.
func (s server) start(ctx context.Context, dir string, cpu int) (*process.Server, error) {
	return process.Start(ctx, cpu, dir, os.Stderr, filepath.Join(dir, s.Program), s.Args...)
}
