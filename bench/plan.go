//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/microroute/microroute/bench/internal/load"
	"github.com/microroute/microroute/bench/internal/process"
	"github.com/microroute/microroute/bench/internal/report"
	"github.com/microroute/microroute/bench/internal/site"
	"github.com/microroute/microroute/bench/internal/verify"
)

// plan is what is measured.
type plan struct {
	Rounds      int
	Length      time.Duration // of a load
	Servers     []server
	Runs        []loadRun
	Connections int
	Idle        int // connections
	Threads     int // of the client
	Pin         bool
	Files       bool // the servers are file servers
}

// loadRun is a load with a number of connections.
type loadRun struct {
	Load        string
	Connections int
}

func (l loadRun) String() string {
	if l.Connections == 1 {
		return l.Load + ", 1 connection"
	}
	return fmt.Sprintf("%s, %d connections", l.Load, l.Connections)
}

// runs returns a run of each load, and those of plaintext with other numbers of connections.
func runs(loads []load.Load, connections int, crowds string) (all []loadRun, err error) {
	if connections < 1 {
		return nil, fmt.Errorf("-conns: %d is no number of connections", connections)
	}
	for _, l := range loads {
		all = append(all, loadRun{l.Name, l.Connections(connections)})
	}
	if !slices.Contains(all, loadRun{"plaintext", connections}) || crowds == "" {
		return all, nil
	}
	for number := range strings.SplitSeq(crowds, ",") {
		n, err := strconv.Atoi(number)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("-crowds: %q is no number of connections", number)
		}
		if r := (loadRun{"plaintext", n}); !slices.Contains(all, r) {
			all = append(all, r)
		}
	}
	return all, nil
}

// fileRuns returns runs of each load: with one connection, and with many.
func fileRuns(loads []load.Load, connections int) (all []loadRun, err error) {
	if connections < 1 {
		return nil, fmt.Errorf("-conns: %d is no number of connections", connections)
	}
	for _, l := range loads {
		all = append(all, loadRun{l.Name, 1})
		if connections > 1 {
			all = append(all, loadRun{l.Name, connections})
		}
	}
	return all, nil
}

// prepare builds the servers into dir, where file servers find their files, too, and verifies their answers.
func (p *plan) prepare(ctx context.Context, r *report.Report, dir string) (err error) {
	programs := slices.Clone(p.Servers)
	if !p.Files {
		programs = append(programs, hello)
	}
	if err := build(ctx, dir, programs); err != nil {
		return err
	}
	if r.Versions, err = versions(ctx, dir, p.Servers); err != nil {
		return err
	}
	if p.Files {
		return p.prepareFiles(ctx, dir)
	}
	files, err := site.MakeFiles(dir)
	if err != nil {
		return err
	}
	os.Setenv(site.FilesVariable, string(files))
	return p.verify(ctx, r, dir)
}

// prepareFiles makes the files and has every file server serve all of them.
func (p *plan) prepareFiles(ctx context.Context, dir string) (wrong error) {
	root := filepath.Join(dir, "root")
	if err := os.Mkdir(root, 0o755); err != nil {
		return err
	}
	if err := site.MakeRoot(root); err != nil {
		return err
	}
	p.Servers = slices.Clone(p.Servers)
	for i := range p.Servers {
		s := &p.Servers[i]
		s.Root = root
		started, err := s.start(ctx, dir, -1)
		if err != nil {
			return err
		}
		err = verify.FileServer(started.Addr, s.Without)
		started.Stop()
		if err != nil {
			wrong = errors.Join(wrong, fmt.Errorf("%s: %w", s.Name, err))
		}
	}
	return wrong
}

// verify has every server answer everything.
func (p plan) verify(ctx context.Context, r *report.Report, dir string) (wrong error) {
	for _, s := range p.Servers {
		started, err := s.start(ctx, dir, -1)
		if err != nil {
			return err
		}
		answers, err := verify.Server(started.Addr)
		started.Stop()
		if err != nil {
			wrong = errors.Join(wrong, fmt.Errorf("%s: %w", s.Name, err))
		}
		r.Add(0, "answers", s.Name, report.Sample{report.HeadSize: float64(answers.Head), report.Segments: answers.Segments})
	}
	return wrong
}

// run runs all rounds. Whatever has been started is stopped when it returns, and when ctx ends. A load that fails does not
// keep others from being measured.
func (p plan) run(ctx context.Context, r *report.Report, dir string) (failed error) {
	for round := range p.Rounds {
		fmt.Fprintf(os.Stderr, "round %d of %d\n", round+1, p.Rounds)
		for _, l := range p.Runs {
			failed = errors.Join(failed, p.load(ctx, r, dir, round, l))
		}
		if !p.Files {
			failed = errors.Join(failed, p.memory(ctx, r, dir, round))
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
	return failed
}

// load runs a load once with each server. Who begins changes with each round.
func (p plan) load(ctx context.Context, r *report.Report, dir string, round int, l loadRun) (failed error) {
	for i := range p.Servers {
		s := p.Servers[(i+round)%len(p.Servers)]
		if s.Without == l.Load {
			continue
		}
		sample, err := p.measure(ctx, dir, s, l)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %s: %w", s.Name, l, err))
			continue
		}
		r.Add(round, l.String(), s.Name, sample)
	}
	return failed
}

// cpu returns the processor that something is pinned to, or -1.
func (p plan) cpu(number int) int {
	if p.Pin {
		return number
	}
	return -1
}

// measure starts a server and runs a load in a process of its own.
func (p plan) measure(ctx context.Context, dir string, s server, l loadRun) (report.Sample, error) {
	started, err := s.start(ctx, dir, p.cpu(0))
	if err != nil {
		return nil, err
	}
	defer started.Stop()
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	// The client gives up by itself, unless it cannot even connect.
	ctx, cancel := context.WithTimeout(ctx, 2*p.Length+4*load.Patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, "-client", "-addr", started.Addr, "-pid", strconv.Itoa(started.PID), "-load", l.Load,
		"-conns", strconv.Itoa(l.Connections), "-threads", strconv.Itoa(p.Threads), "-length", p.Length.String())
	var output, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &complaints
	if err := process.StartOn(cmd, p.cpu(1)); err != nil {
		return nil, err
	}
	if err := cmd.Wait(); err != nil {
		return nil, errors.Join(fmt.Errorf("%w: %s", err, bytes.TrimSpace(complaints.Bytes())), ctx.Err())
	}
	var result load.Result
	if err := json.Unmarshal(output.Bytes(), &result); err != nil {
		return nil, err
	}
	sample := report.Sample{
		report.Throughput: result.Requests / result.Elapsed.Seconds(),
		report.CPU:        micro(result.CPU) / result.Requests,
		report.RSS:        float64(result.RSS),
	}
	if result.P50 > 0 {
		sample[report.P50], sample[report.P99], sample[report.P999] = micro(result.P50), micro(result.P99), micro(result.P999)
	}
	if p.Files {
		sample[report.Content] = float64(result.Content) / result.Elapsed.Seconds()
	}
	return sample, nil
}

func micro(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
