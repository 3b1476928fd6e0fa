//go:build linux

// Command bench compares microroute with other servers: it builds them, runs each as a process of its own, loads them
// from another process in turns, and writes a table and a plot.
//
//	go run . [-rounds 5] [-seconds 3] [-only plaintext,json] [-servers microroute,fasthttp] [-pin] [-o results/all.txt]
//
// All traffic is on the loopback interface. The plot goes beside the table, with the suffix .svg. In each round all
// servers are started anew, and each load goes to one after the other, so that they share the machine's moods; only
// ratios mean something on another machine.
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
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/microroute/microroute/bench/internal/load"
	"github.com/microroute/microroute/bench/internal/report"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "-client" {
		exit(client(os.Args[2:]))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	exit(run(ctx))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func run(ctx context.Context) error {
	rounds := flag.Int("rounds", 5, "how often everything is measured")
	seconds := flag.Float64("seconds", 3, "how long a load lasts")
	only := flag.String("only", "", "`loads`, separated by commas: "+strings.Join(loadNames(), ", "))
	names := flag.String("servers", "", "`servers`, separated by commas: "+strings.Join(serverNames(), ", "))
	conns := flag.String("conns", "64", "`numbers` of connections, separated by commas; every load is run with each")
	idle := flag.Int("idle", 2000, "idle connections for the memory of one; 0 leaves memory out")
	threads := flag.Int("threads", max(1, runtime.NumCPU()/2), "threads of the client")
	pin := flag.Bool("pin", false, "servers on processor 0, client on processor 1")
	out := flag.String("o", "results/latest.txt", "`file` for the tables; the plot goes beside it")
	flag.Parse()

	p := plan{Rounds: *rounds, Idle: *idle, Threads: *threads, Pin: *pin, Length: time.Duration(*seconds * float64(time.Second))}
	var err error
	if p.Servers, err = chosen(servers, serverNames(), *names); err != nil {
		return err
	}
	if p.Loads, err = chosen(loadNames(), loadNames(), *only); err != nil {
		return err
	}
	for number := range strings.SplitSeq(*conns, ",") {
		n, err := strconv.Atoi(number)
		if err != nil || n < 1 {
			return fmt.Errorf("-conns: %q is no number of connections", number)
		}
		p.Connections = append(p.Connections, n)
	}
	r := &report.Report{Title: title(p), Bases: []string{"fasthttp", "net/http", "limit"}}
	// What was measured before a failure is written all the same.
	return errors.Join(p.run(ctx, r), write(r, *out))
}

func title(p plan) string {
	where := "not pinned"
	if p.Pin {
		where = "server and client pinned to a processor each"
	}
	return fmt.Sprintf("%s, %s/%s, %d processors, %s, %d rounds of %v", runtime.Version(), runtime.GOOS, runtime.GOARCH,
		runtime.NumCPU(), where, p.Rounds, p.Length)
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

// write writes the tables to standard output and to path, and the plot beside it.
func write(r *report.Report, path string) error {
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
	return errors.Join(r.WriteText(io.MultiWriter(os.Stdout, text)), r.WriteSVG(svg), text.Close(), svg.Close())
}

func loadNames() (names []string) {
	for _, l := range load.Loads() {
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
	loads, err := chosen(load.Loads(), loadNames(), *name)
	if err != nil {
		return err
	}
	result, err := load.Run(loads[0], o)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(result)
}
