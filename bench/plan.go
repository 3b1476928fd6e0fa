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
	"strconv"
	"time"

	"github.com/microroute/microroute/bench/internal/load"
	"github.com/microroute/microroute/bench/internal/process"
	"github.com/microroute/microroute/bench/internal/report"
)

// plan is what is measured.
type plan struct {
	Rounds      int
	Length      time.Duration // of a load
	Servers     []server
	Loads       []string
	Connections []int
	Idle        int // connections
	Threads     int // of the client
	Pin         bool
}

// run runs all rounds. Whatever has been started is stopped when it returns, and when ctx ends.
func (p plan) run(ctx context.Context, r *report.Report) error {
	dir, err := os.MkdirTemp("", "bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := build(ctx, dir, p.Servers); err != nil {
		return err
	}
	var failed error
	for round := range p.Rounds {
		fmt.Fprintf(os.Stderr, "round %d of %d\n", round+1, p.Rounds)
		failed = errors.Join(failed, p.round(ctx, r, dir, round))
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
	return failed
}

// round measures everything once. The order of the servers moves on with each round.
func (p plan) round(ctx context.Context, r *report.Report, dir string, round int) (failed error) {
	running := make([]*process.Server, len(p.Servers))
	for i, s := range p.Servers {
		started, err := s.start(ctx, dir, p.cpu(0))
		if err != nil {
			return err
		}
		defer started.Stop()
		running[i] = started
		if p.Idle > 0 {
			m, err := measureMemory(started, p.Idle)
			if err != nil {
				return fmt.Errorf("%s: memory: %w", s.Name, err)
			}
			r.AddMemory(s.Name, m)
		}
	}
	for _, name := range p.Loads {
		for _, connections := range p.Connections {
			label := fmt.Sprintf("%s, %d connections", name, connections)
			for i := range p.Servers {
				i = (i + round) % len(p.Servers)
				sample, err := p.measure(ctx, running[i], name, connections)
				if ctx.Err() != nil {
					return ctx.Err()
				}
				if err != nil {
					failed = errors.Join(failed, fmt.Errorf("%s: %s: %w", p.Servers[i].Name, label, err))
					continue
				}
				r.Add(label, p.Servers[i].Name, sample)
			}
		}
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

// measure runs a load in a process of its own.
func (p plan) measure(ctx context.Context, s *process.Server, name string, connections int) (sample report.Sample, err error) {
	ctx, cancel := context.WithTimeout(ctx, 2*p.Length+20*time.Second)
	defer cancel()
	program, err := os.Executable()
	if err != nil {
		return sample, err
	}
	cmd := exec.CommandContext(ctx, program, "-client", "-addr", s.Addr, "-pid", strconv.Itoa(s.PID), "-load", name,
		"-conns", strconv.Itoa(connections), "-threads", strconv.Itoa(p.Threads), "-length", p.Length.String())
	var output, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &complaints
	if err := process.StartOn(cmd, p.cpu(1)); err != nil {
		return sample, err
	}
	if err := cmd.Wait(); err != nil {
		return sample, fmt.Errorf("%w: %s", err, bytes.TrimSpace(complaints.Bytes()))
	}
	var result load.Result
	if err := json.Unmarshal(output.Bytes(), &result); err != nil {
		return sample, err
	}
	if result.Requests == 0 {
		return sample, errors.New("no request was answered in time")
	}
	return report.Sample{
		Throughput: float64(result.Requests) / result.Elapsed.Seconds(),
		CPU:        micro(result.CPU) / float64(result.Requests),
		P50:        micro(result.P50),
		P99:        micro(result.P99),
		P999:       micro(result.P999),
		RSS:        float64(result.RSS),
	}, nil
}

func micro(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
