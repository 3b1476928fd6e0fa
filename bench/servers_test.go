//go:build linux

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/microroute/microroute/bench/internal/site"
	"github.com/microroute/microroute/bench/internal/verify"
)

// TestMain makes the test the client when the command starts itself as one.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "-client" {
		exit(client(os.Args[2:]))
	}
	os.Exit(m.Run())
}

// TestServers starts every server and checks that each answers everything in the same way. In the short form, those of
// other projects are left out, because they have to be loaded and built.
func TestServers(t *testing.T) {
	dir := t.TempDir()
	some := servers
	if testing.Short() {
		some = servers[:3]
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
			answers, err := verify.Server(running.Addr)
			if err != nil {
				t.Error(err)
			}
			if answers.Head < len("HTTP/1.1 200 OK\r\n\r\n") || answers.Segments < 1 {
				t.Errorf("got a head of %d bytes and %v segments for a stream", answers.Head, answers.Segments)
			}
			if n, err := running.InUse(); err != nil || n <= 0 {
				t.Errorf("memory in use: got %d, %v", n, err)
			}
		})
	}
}

// TestFileServers starts every file server and checks that each answers in the same way. What is installed must be so on
// a machine that runs all tests.
func TestFileServers(t *testing.T) {
	if testing.Short() {
		t.Skip("a gigabyte for each of them takes its time")
	}
	var missing bytes.Buffer
	some := present(fileServers, &missing)
	if missing.Len() > 0 && os.Getenv("CI") == "true" {
		t.Error(missing.String())
	} else if missing.Len() > 0 {
		t.Log(missing.String())
	}
	dir := t.TempDir()
	if err := build(t.Context(), dir, some); err != nil {
		t.Fatal(err)
	}
	p := plan{Servers: some, Files: true}
	if err := p.prepareFiles(t.Context(), dir); err != nil {
		t.Error(err)
	}
}

// TestPresent asks for a server that nobody has.
func TestPresent(t *testing.T) {
	var complaints bytes.Buffer
	nobody := server{Name: "nobody", Version: "nobody-has-this -v"}
	here := present([]server{hello, nobody}, &complaints)
	if len(here) != 1 || here[0] != hello {
		t.Errorf("got %v, want only hello", here)
	}
	if want := "nobody is left out: "; !strings.HasPrefix(complaints.String(), want) {
		t.Errorf("got %q, want a line that begins %q", complaints.String(), want)
	}
}

// TestGitHub checks the number that benchmarks of routers know.
func TestGitHub(t *testing.T) {
	if n := len(site.GitHub()); n != 203 {
		t.Errorf("got %d routes, want 203", n)
	}
}

// TestCommand runs the whole command in small. What the loads are is a matter of package load.
func TestCommand(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	out := filepath.Join(dir, "out.txt")
	args := []string{"-rounds", "1", "-length", "20ms", "-only", "plaintext", "-servers", "microroute,limit", "-conns", "2",
		"-crowds", "1", "-idle", "5", "-o", out}
	var output bytes.Buffer
	if err := run(t.Context(), args, &output); err != nil {
		t.Fatalf("%v: %v\n%s", args, err, output.Bytes())
	}
	checkTables(t, out, output.Bytes(), "goals", "answers", "memory", "plaintext, 2 connections", "plaintext, 1 connection")
	if svg, err := os.ReadFile(filepath.Join(dir, "out.svg")); err != nil || !bytes.HasPrefix(svg, []byte("<svg")) {
		t.Errorf("plot: %v, %.80q", err, svg)
	}
	output.Reset()
	args = []string{"-files", "-rounds", "1", "-length", "20ms", "-only", "static-1k,range-1k", "-servers", "microroute,net/http",
		"-conns", "2", "-o", out}
	if err := run(t.Context(), args, &output); err != nil {
		t.Fatalf("%v: %v\n%s", args, err, output.Bytes())
	}
	checkTables(t, out, output.Bytes(), "goals", "static-1k, 1 connection", "static-1k, 2 connections", "range-1k, 2 connections")
	if left, _ := filepath.Glob(filepath.Join(dir, "bench-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// checkTables checks that a file has what was printed, and in it the tables with these titles.
func checkTables(t *testing.T, file string, printed []byte, titles ...string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil || !bytes.Equal(text, printed) {
		t.Errorf("%s has %q (%v), want what was printed:\n%s", file, text, err, printed)
	}
	for _, title := range titles {
		if !bytes.Contains(text, []byte("\n"+title+"\n")) {
			t.Errorf("no %q in\n%s", title, text)
		}
	}
}
