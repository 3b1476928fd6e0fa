//go:build linux

// Command bench compares microroute with other servers: it builds them, runs each as a process of its own, loads them
// from another process in turns, and writes tables, goals and a plot.
//
//	go run . [-rounds 5] [-length 3s] [-only plaintext,json] [-servers microroute,fasthttp] [-pin] [-o results/all.txt]
//	go run . -files [the same flags]
//
// With -files, those that can serve the files of a directory are compared in that, nginx and Caddy among them.
//
// All traffic is on the loopback interface. The plot goes beside the tables, with the suffix .svg. Before anything is
// measured, every server has to give the right answers. In each round each load goes to one server after the other, so
// that they share the machine's moods, and each of them has just been started, so that none suffers from an earlier
// load; only ratios mean something on another machine.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/microroute/microroute/bench/internal/load"
	"github.com/microroute/microroute/bench/internal/process"
	"github.com/microroute/microroute/bench/internal/report"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "-client" {
		exit(client(os.Args[2:]))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	exit(run(ctx, os.Args[1:], os.Stdout))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// run is the command with its arguments. The tables go to output, too.
func run(ctx context.Context, args []string, output io.Writer) error {
	var p plan
	flags := flag.NewFlagSet("bench", flag.ExitOnError)
	flags.IntVar(&p.Rounds, "rounds", 5, "how often everything is measured; 0 only verifies the answers")
	flags.DurationVar(&p.Length, "length", 3*time.Second, "how long a load lasts")
	flags.IntVar(&p.Connections, "conns", 64, "connections of each load")
	flags.IntVar(&p.Idle, "idle", 5000, "idle connections for the memory of one; 0 leaves memory out")
	flags.IntVar(&p.Threads, "threads", max(1, runtime.NumCPU()/2), "threads of the client")
	flags.BoolVar(&p.Pin, "pin", false, "servers on processor 0, client on processor 1")
	flags.BoolVar(&p.Files, "files", false, "compare file servers")
	crowds := flags.String("crowds", "1,1000,10000", "`numbers` of connections that plaintext is measured with as well")
	only := flags.String("only", "", "`loads`, separated by commas: "+strings.Join(loadNames(load.Loads()), ", ")+
		"; with -files "+strings.Join(loadNames(load.FileLoads()), ", "))
	names := flags.String("servers", "", "`servers`, separated by commas: "+strings.Join(serverNames(servers), ", ")+
		"; with -files "+strings.Join(serverNames(fileServers), ", "))
	out := flags.String("o", "", "`file` for the tables, the plot goes beside it (default results/latest.txt or files.txt)")
	flags.Parse(args)

	r, err := p.choose(*only, *names, *crowds)
	if err != nil {
		return err
	}
	if *out == "" {
		*out = "results/latest.txt"
		if p.Files {
			*out = "results/files.txt"
		}
	}
	dir, err := os.MkdirTemp("", "bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := p.prepare(ctx, r, dir); err != nil || p.Rounds == 0 {
		return err
	}
	return errors.Join(p.run(ctx, r, dir), write(r, output, *out)) // what was measured before a failure, too
}

// choose chooses loads and servers by the lists of their names, and returns a report that knows what they should reach.
func (p *plan) choose(loads, names, crowds string) (r *report.Report, err error) {
	all, some := servers, load.Loads()
	r = &report.Report{Ours: []string{"microroute", "portable"}, Bases: []string{"fasthttp", "net/http", "limit"}}
	if p.Files {
		all, some = fileServers, load.FileLoads()
		r.Bases = []string{"nginx", "fasthttp", "net/http"}
	}
	if some, err = chosen(some, loadNames(some), loads); err != nil {
		return nil, err
	}
	if p.Servers, err = chosen(all, serverNames(all), names); err != nil {
		return nil, err
	}
	p.Servers = present(p.Servers, os.Stderr)
	r.Bases = slices.DeleteFunc(r.Bases, func(name string) bool { return !slices.Contains(serverNames(p.Servers), name) })
	if p.Files {
		p.Runs, err = fileRuns(some, p.Connections)
		r.Goals = fileGoals(p.Runs)
	} else {
		p.Runs, err = runs(some, p.Connections, crowds)
		r.Goals = goals(p.Runs)
	}
	r.Title = title(*p)
	return r, err
}

// title says what is measured, and on which machine.
func title(p plan) string {
	where := "not pinned"
	if p.Pin {
		where = "server and client pinned to a processor each"
	}
	return fmt.Sprintf("%s, %s/%s, %d × %s, %s, %d rounds of %v", runtime.Version(), runtime.GOOS, runtime.GOARCH,
		runtime.NumCPU(), process.Model(), where, p.Rounds, p.Length)
}

// chosen returns those of all whose names are in the list, or all of them if it is empty.
func chosen[T any](all []T, names []string, list string) (some []T, err error) {
	if list == "" {
		return all, nil
	}
	for name := range strings.SplitSeq(list, ",") {
		found := false
		for i := range all {
			if names[i] == name {
				some, found = append(some, all[i]), true
			}
		}
		if !found {
			return nil, fmt.Errorf("no %q: there are %s", name, strings.Join(names, ", "))
		}
	}
	return some, nil
}

// write writes the tables to output and to path, and the plot beside it.
func write(r *report.Report, output io.Writer, path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	text, err := os.Create(path)
	if err != nil {
		return err
	}
	defer text.Close()
	svg, err := os.Create(strings.TrimSuffix(path, filepath.Ext(path)) + ".svg")
	if err != nil {
		return err
	}
	defer svg.Close()
	return errors.Join(r.WriteText(io.MultiWriter(output, text)), r.WriteSVG(svg), text.Close(), svg.Close())
}

func loadNames(loads []load.Load) (names []string) {
	for _, l := range loads {
		names = append(names, l.Name)
	}
	return names
}

// client is the program in the other process: it runs one load and prints the load.Result as JSON.
func client(args []string) error {
	var o load.Options
	flags := flag.NewFlagSet("client", flag.ExitOnError)
	flags.StringVar(&o.Addr, "addr", "", "")
	flags.IntVar(&o.PID, "pid", 0, "")
	flags.IntVar(&o.Connections, "conns", 1, "")
	flags.IntVar(&o.Threads, "threads", 1, "")
	flags.DurationVar(&o.Length, "length", time.Second, "")
	name := flags.String("load", "", "")
	flags.Parse(args)
	all := append(load.Loads(), load.FileLoads()...)
	loads, err := chosen(all, loadNames(all), *name)
	if err != nil {
		return err
	}
	result, err := load.Run(loads[0], o)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(result)
}
