//go:build unix

package faults_test

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"sync"
	"testing"
	"time"

	"github.com/microroute/microroute"
)

// Attacks by slowness, as slowhttptest makes them: others are served all the while, and nothing is left behind.
func TestSlowHTTPTest(t *testing.T) {
	attacks := map[string][]string{
		"headers": {"-H"},
		"body":    {"-B", "-s", "100000"},
		"read":    {"-X", "-n", "1", "-z", "8", "-w", "16", "-y", "64", "-k", "4"},
		"range":   {"-R", "-t", "GET"},
	}
	targets := map[string]string{"headers": "/hello", "body": "/count", "read": "/zeros/1000000", "range": "/file/content"}
	path := need(t, "slowhttptest")
	apart(t, func(t *testing.T, engine microroute.Engine) {
		dir, _ := fileOf(t, 1<<20)
		server := startChild(t, settings{Engine: engine, Dir: dir})
		ctx, cancel := context.WithCancel(context.Background())
		probed := make(chan error, 1)
		go func() { probed <- probe(ctx, server.address) }()
		var all sync.WaitGroup
		for name, how := range attacks {
			seconds, clients := many(4, 15), many(100, 1000)
			args := append(how, "-u", "http://"+server.address+targets[name], "-c", fmt.Sprint(clients), "-r", fmt.Sprint(clients),
				"-l", fmt.Sprint(seconds), "-i", "1", "-p", "2")
			all.Go(func() {
				if err := attack(path, args); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			})
		}
		all.Wait()
		cancel()
		if err := <-probed; err != nil {
			t.Error(err)
		}
		server.wantNothingLeft()
	})
}

var (
	colours     = regexp.MustCompile("\x1b\\[[0-9;]*[mHJ]")
	unavailable = regexp.MustCompile(`service available:\s*NO`)
	over        = regexp.MustCompile(`Exit status:\s*(Hit test time limit|No open connections left)`)
)

// attack runs slowhttptest, which says every few seconds whether it could still get an answer.
func attack(path string, args []string) error {
	ctx, cancel := context.WithTimeout(context.Background(), soon)
	defer cancel()
	output, err := exec.CommandContext(ctx, path, args...).CombinedOutput()
	text := colours.ReplaceAllString(string(output), "")
	switch {
	case unavailable.MatchString(text):
		return fmt.Errorf("%v: the service was not available:\n%s", args, text)
	case !over.MatchString(text):
		return fmt.Errorf("%v: no attack: %w\n%s", args, err, text)
	}
	return nil
}

// probe asks one question after the other, on new connections, until ctx ends.
func probe(ctx context.Context, address string) error {
	for i := 0; ctx.Err() == nil; i++ {
		nonce := fmt.Sprint("probe-", i)
		c, err := connect(address)
		if err != nil {
			return err
		}
		r, content, err := c.fetch(get("/text/" + nonce))
		c.Close()
		if err != nil || content != nonce {
			return fmt.Errorf("beside slow clients: %s %q, %w, want %q", statusOf(r), content, err, nonce)
		}
		select {
		case <-ctx.Done():
		case <-time.After(10 * time.Millisecond):
		}
	}
	return nil
}
