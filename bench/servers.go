//go:build linux

package main

import (
	"context"
	"debug/buildinfo"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/microroute/microroute/bench/internal/installed"
	"github.com/microroute/microroute/bench/internal/process"
)

// server is one of those that are compared.
type server struct {
	Name    string
	Program string // the last element of its directory
	Engine  string // of microroute, "" for others
	Module  string // whose version is worth knowing, or ""
	Version string // the command that tells the version of a server that is installed on the machine, "" for others
	Root    string // the directory of the files that a file server serves, known when they have been made
	Without string // a load of file servers whose request it answers in its own way, or ""
}

var servers = []server{
	{Name: "microroute", Program: "app", Engine: "event"},
	{Name: "portable", Program: "app", Engine: "portable"},
	{Name: "limit", Program: "limit"},
	{Name: "fasthttp", Program: "fasthttp", Module: "github.com/valyala/fasthttp"},
	{Name: "fiber", Program: "fiber", Module: "github.com/gofiber/fiber/v3"},
	{Name: "hertz", Program: "hertz", Module: "github.com/cloudwego/hertz"},
	{Name: "net/http", Program: "nethttp"},
	{Name: "chi", Program: "chi", Module: "github.com/go-chi/chi/v5"},
	{Name: "gin", Program: "gin", Module: "github.com/gin-gonic/gin"},
	{Name: "echo", Program: "echo", Module: "github.com/labstack/echo/v5"},
}

// fileServers are those that are compared as such. Several ranges at once are too much for fasthttp, which answers with the
// whole file.
var fileServers = []server{
	{Name: "microroute", Program: "app", Engine: "event"},
	{Name: "portable", Program: "app", Engine: "portable"},
	{Name: "nginx", Program: "nginx", Version: "nginx -v"},
	{Name: "caddy", Program: "caddy", Version: "caddy version"},
	{Name: "fasthttp", Program: "fasthttp", Module: "github.com/valyala/fasthttp", Without: "ranges"},
	{Name: "net/http", Program: "nethttp"},
}

// hello is not compared: it is the smallest program.
var hello = server{Name: "hello", Program: "hello"}

func serverNames(some []server) (names []string) {
	for _, s := range some {
		names = append(names, s.Name)
	}
	return names
}

// present returns the servers that can be run here, and says to complaints which ones are left out because they are not
// installed.
func present(some []server, complaints io.Writer) (here []server) {
	for _, s := range some {
		if program, _, _ := strings.Cut(s.Version, " "); program != "" {
			if _, err := installed.Find(program); err != nil {
				fmt.Fprintf(complaints, "%s is left out: %v; on Debian, apt-get install %s\n", s.Name, err, program)
				continue
			}
		}
		here = append(here, s)
	}
	return here
}

// build builds the programs of the servers into dir, without C, as programs are for machines without its library.
func build(ctx context.Context, dir string, some []server) error {
	args := []string{"build", "-trimpath", "-ldflags=-s -w", "-o", dir + "/"}
	for _, s := range some {
		if s.Program == "app" {
			args = append(args, "./app")
		} else {
			args = append(args, "./servers/"+s.Program)
		}
	}
	command := exec.CommandContext(ctx, "go", args...)
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, output)
	}
	return nil
}

// versions returns the versions of the servers that have been built into dir or are installed: "fasthttp v1.77.0, gin
// v1.12.0, nginx 1.28.0".
func versions(ctx context.Context, dir string, some []server) (string, error) {
	var all []string
	for _, s := range some {
		if s.Version != "" {
			version, err := s.installedVersion(ctx)
			if err != nil {
				return "", err
			}
			all = append(all, s.Name+" "+version)
		}
		if s.Module == "" {
			continue
		}
		info, err := buildinfo.ReadFile(filepath.Join(dir, s.Program))
		if err != nil {
			return "", err
		}
		for _, module := range info.Deps {
			if module.Path == s.Module {
				all = append(all, s.Name+" "+module.Version)
			}
		}
	}
	return strings.Join(all, ", "), nil
}

// number is a version in what a server says of itself.
var number = regexp.MustCompile(`\d+(\.\d+)+`)

func (s server) installedVersion(ctx context.Context) (string, error) {
	command := strings.Fields(s.Version)
	program, err := installed.Find(command[0])
	if err != nil {
		return "", err
	}
	output, err := exec.CommandContext(ctx, program, command[1:]...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s: %w: %s", s.Version, err, output)
	}
	return number.FindString(string(output)), nil
}

// start starts a server that has been built into dir, on a processor or, if cpu is negative, on any.
func (s server) start(ctx context.Context, dir string, cpu int) (*process.Server, error) {
	var args []string
	if s.Engine != "" {
		args = []string{"-engine", s.Engine}
	}
	if s.Root != "" {
		args = append(args, "-root", s.Root)
	}
	return process.Start(ctx, cpu, dir, filepath.Join(dir, s.Program), args...)
}
