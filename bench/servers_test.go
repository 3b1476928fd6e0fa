//go:build linux

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/microroute/microroute/bench/internal/site"
)

// TestServers starts every server and checks that each answers each route in the same way. In the short form, those of
// other projects are left out, because they have to be loaded and built.
func TestServers(t *testing.T) {
	dir := t.TempDir()
	some := servers
	if testing.Short() {
		some = []server{servers[0], servers[1], servers[2]}
	}
	if err := build(t.Context(), dir, some); err != nil {
		t.Fatal(err)
	}
	for _, s := range some {
		t.Run(s.Name, func(t *testing.T) {
			running, err := s.start(t.Context(), dir, -1)
			if err != nil {
				t.Fatal(err)
			}
			defer running.Stop()
			for _, x := range exchanges(t) {
				if got := ask(t, running.Addr, x); !bytes.Equal(bytes.TrimSpace(got), bytes.TrimSpace(x.answer)) {
					t.Errorf("%s %s: got %s, want %s", x.method, x.path, brief(got), brief(x.answer))
				}
			}
			if n, err := running.InUse(); err != nil || n <= 0 {
				t.Errorf("memory in use: got %d, %v", n, err)
			}
		})
	}
}

type exchange struct {
	method, path    string
	content, answer []byte
}

func exchanges(t *testing.T) []exchange {
	greeting, err := json.Marshal(site.Greeting)
	if err != nil {
		t.Fatal(err)
	}
	all := []exchange{
		{"GET", "/plaintext", nil, []byte(site.Hello)},
		{"GET", "/json", nil, greeting},
		{"GET", site.GoodsPath, nil, []byte(site.GoodsAnswer)},
		{"GET", "/stream", nil, []byte(strings.Join(site.Pieces[:], ""))},
		{"GET", "/block", nil, []byte(site.Hello)},
	}
	for _, name := range []string{"1k", "64k", "10m"} {
		content := site.Content(site.Sizes[name])
		all = append(all, exchange{"POST", "/echo", content, content})
	}
	for _, name := range []string{"1k", "100k", "10m"} {
		all = append(all, exchange{"GET", "/file/" + name, nil, site.Content(site.Sizes[name])})
	}
	for _, route := range site.GitHub() {
		all = append(all, exchange{route.Method, route.Path(), nil, []byte(route.Example())})
	}
	return all
}

func ask(t *testing.T, addr string, x exchange) []byte {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), x.method, "http://"+addr+x.path, bytes.NewReader(x.content))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("%s %s: got status %s, want 200", x.method, x.path, response.Status)
	}
	b, err := io.ReadAll(response.Body)
	if err != nil {
		t.Errorf("%s %s: %v", x.method, x.path, err)
	}
	return b
}

func brief(b []byte) string {
	if len(b) > 80 {
		return fmt.Sprintf("%q … (%d bytes)", b[:80], len(b))
	}
	return fmt.Sprintf("%q", b)
}

// TestGitHub checks the number that benchmarks of routers know.
func TestGitHub(t *testing.T) {
	if n := len(site.GitHub()); n != 203 {
		t.Errorf("got %d routes, want 203", n)
	}
}

// TestCommand runs the whole benchmark once, in small, with every load.
func TestCommand(t *testing.T) {
	dir := t.TempDir()
	program, out := filepath.Join(dir, "bench"), filepath.Join(dir, "out.txt")
	if output, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	args := []string{"-rounds", "1", "-seconds", "0.2", "-servers", "microroute,limit", "-conns", "8", "-idle", "20", "-o", out}
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Env = append(os.Environ(), "TMPDIR="+dir)
	if output, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(loadNames(), "memory") {
		if !bytes.Contains(text, []byte("\n"+name)) {
			t.Errorf("no table for %s in\n%s", name, text)
		}
	}
	if svg, err := os.ReadFile(filepath.Join(dir, "out.svg")); err != nil || !bytes.HasPrefix(svg, []byte("<svg")) {
		t.Errorf("plot: %v, %.80q", err, svg)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "bench-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
