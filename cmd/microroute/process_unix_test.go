//go:build unix

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// patience is how long anything of the program may take. It is for a machine with much else to do.
const patience = 30 * time.Second

// process is the program, running.
type process struct {
	command *exec.Cmd
	lines   *bufio.Scanner // of standard output
	stderr  bytes.Buffer
	url     string // the first that it has said it is found at
}

// command returns the program with arguments, not yet started, and without the environment's say in it.
func command(arguments ...string) *exec.Cmd {
	c := exec.Command(os.Args[0], arguments...)
	c.Env = append(os.Environ(), asProgram+"=1", "MICROROUTE_AUTH=", "NO_COLOR=")
	return c
}

// start starts the program to serve dir, and waits until it does.
func start(t *testing.T, dir string, flags ...string) *process {
	t.Helper()
	return startCommand(t, command(append([]string{"serve", dir, "--addr=127.0.0.1:0"}, flags...)...))
}

func startCommand(t *testing.T, c *exec.Cmd) *process {
	t.Helper()
	p := &process{command: c}
	stdout, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.Stderr = &p.stderr
	p.lines = bufio.NewScanner(stdout)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	watchdog := time.AfterFunc(patience, func() { c.Process.Kill() })
	t.Cleanup(func() {
		c.Process.Kill()
		io.Copy(io.Discard, stdout)
		c.Wait()
		watchdog.Stop()
	})
	for p.lines.Scan() {
		if p.url = foundAt.FindString(p.lines.Text()); p.url != "" {
			return p
		}
	}
	c.Wait()
	t.Fatalf("the program has ended: %s", &p.stderr)
	return nil
}

// foundAt is a URL in whatever format the program says it.
var foundAt = regexp.MustCompile(`https?://[^"\s\x1b]+/`)

// next returns the next record that the program logs, which must have this message.
func (p *process) next(t *testing.T, message string) map[string]any {
	t.Helper()
	if !p.lines.Scan() {
		p.command.Wait()
		t.Fatalf("the program has ended: %s", &p.stderr)
	}
	var fields map[string]any
	if err := json.Unmarshal(p.lines.Bytes(), &fields); err != nil || fields["msg"] != message {
		t.Fatalf("got record %s, want one with the message %q", p.lines.Text(), message)
	}
	return fields
}

// end sends the program a signal, waits for its end and returns its exit code.
func (p *process) end(t *testing.T, signal os.Signal) int {
	t.Helper()
	if err := p.command.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	for p.lines.Scan() { // what it still has to say
	}
	err := p.command.Wait()
	if code := p.command.ProcessState.ExitCode(); code >= 0 {
		return code
	}
	t.Fatalf("the program ended with %v: %s", err, &p.stderr)
	return 0
}

func TestEndsCleanly(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		p := start(t, site(t))
		if got := get(t, p.url+"a.txt"); got.body != "tea\n" {
			t.Errorf("GET a.txt = %q", got.body)
		}
		if code := p.end(t, signal); code != 0 || p.stderr.Len() > 0 {
			t.Errorf("%v: exit code %d and %q, want 0 and nothing", signal, code, &p.stderr)
		}
	}
}

// A download that is under way when the program is asked to end goes on; a second signal breaks it off.
func TestEndsWithADownloadUnderWay(t *testing.T) {
	dir := site(t)
	for name, impatient := range map[string]bool{"finished": false, "broken off": true} {
		t.Run(name, func(t *testing.T) {
			p := start(t, dir)
			response, err := client.Get(p.url + "large.bin")
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			if _, err := io.ReadFull(response.Body, make([]byte, 1)); err != nil {
				t.Fatal(err)
			}
			if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			awaitRefusal(t, p.url)
			if began := time.Now(); impatient {
				if code := p.end(t, syscall.SIGTERM); code != 0 || time.Since(began) > drainTime {
					t.Errorf("exit code %d after %v, want 0 and no waiting", code, time.Since(began))
				}
			}
			n, err := io.Copy(io.Discard, response.Body)
			if complete := err == nil && n == largeSize-1; complete == impatient {
				t.Errorf("got %d more octets and error %v, want the whole: %t", n, err, !impatient)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	dir := site(t)
	p := start(t, dir)
	taken := strings.TrimSuffix(strings.TrimPrefix(p.url, "http://"), "/")
	empty := filepath.Join(dir, "empty.txt")
	for _, tt := range []struct {
		arguments string
		code      int
		want      string // part of what it says
	}{
		{"serve " + dir + "/none", 1, "microroute: there is no directory " + dir + "/none\n"},
		{"serve " + dir + "/a.txt", 1, "microroute: " + dir + "/a.txt is not a directory: serve the one it is in, " + dir + "\n"},
		{"serve " + dir + " --addr=" + taken, 1, "microroute: " + taken + " is in use by another program; try --addr 127.0.0.1:"},
		{"serve " + dir + " --addr=127.0.0.1:http:", 1, "too many colons"},
		{"serve " + dir + " --auth=guest", 1, "microroute: --auth: not of the form USER:PASSWORD\n"},
		{"serve " + dir + " --auth-file=" + empty, 1, "microroute: " + empty + ": there is no USER:PASSWORD in it\n"},
		{"serve " + dir + " --auth-file=" + dir + "/a.txt", 1, "a.txt:1: not of the form USER:PASSWORD\n"},
		{"serve " + dir + " --spa=none.html", 1, "microroute: --spa: there is no file none.html in " + dir + "\n"},
		{"serve " + dir + " --cors=tea.example", 2, `"tea.example" is no origin`},
		{"serve " + dir + " --cors=https://tea.example/", 2, `"https://tea.example/" is no origin`},
		{"serve " + dir + " --log=xml", 2, "--log"},
		{"serve " + dir + " more", 2, "unexpected argument more"},
		{"boil", 2, "unexpected argument boil"},
		{"", 2, "expected"},
	} {
		if code, said := run(t, strings.Fields(tt.arguments)...); code != tt.code || !strings.Contains(said, tt.want) {
			t.Errorf("microroute %s: exit code %d, %q, want %d and %q", tt.arguments, code, said, tt.code, tt.want)
		}
	}
}

// run runs the program, which is not to go on for long, and returns its exit code and what it said on standard error.
func run(t *testing.T, arguments ...string) (code int, said string) {
	t.Helper()
	c := command(arguments...)
	var stderr bytes.Buffer
	c.Stderr = &stderr
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	watchdog := time.AfterFunc(patience, func() { c.Process.Kill() })
	defer watchdog.Stop()
	c.Wait() // the exit code says it all
	return c.ProcessState.ExitCode(), stderr.String()
}

// What is said to be free is.
func TestSuggestedAddress(t *testing.T) {
	p := start(t, site(t))
	taken := strings.TrimSuffix(strings.TrimPrefix(p.url, "http://"), "/")
	dir := t.TempDir()
	_, said := run(t, "serve", dir, "--addr="+taken)
	_, suggested, _ := strings.Cut(strings.TrimSpace(said), "try --addr ")
	if second := startCommand(t, command("serve", dir, "--addr="+suggested)); second.url != "http://"+suggested+"/" {
		t.Errorf("serves %s, want http://%s/", second.url, suggested)
	}
}

func TestAccessLog(t *testing.T) {
	p := start(t, site(t))
	for _, tt := range []struct {
		path   string
		status float64
		bytes  float64
	}{
		{"a.txt", 200, 4},
		{"large.bin", 200, largeSize},
		{"none?x=%0A", 404, -1},
	} {
		get(t, p.url+tt.path)
		r := p.next(t, "request")
		if r["method"] != "GET" || r["path"] != "/"+tt.path || r["status"] != tt.status || tt.bytes >= 0 && r["bytes"] != tt.bytes ||
			r["client"] != "127.0.0.1" || r["duration"].(float64) < 0 {
			t.Errorf("GET %s is logged as %v, want status %v and %v bytes", tt.path, r, tt.status, tt.bytes)
		}
	}
}

// What people read are lines; with --log=none there are none, but it is still said where the files are.
func TestLinesForPeople(t *testing.T) {
	for format, want := range map[string]string{"color": "\x1b[32m200\x1b[0m  GET        4 B", "none": ""} {
		p := start(t, site(t), "--log="+format)
		get(t, p.url+"a.txt")
		if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		logged := ""
		for p.lines.Scan() {
			if strings.Contains(p.lines.Text(), "/a.txt") {
				logged = p.lines.Text()
			}
		}
		if (want == "") != (logged == "") || !strings.Contains(logged, want) {
			t.Errorf("--log=%s: got line %q, want %q in it", format, logged, want)
		}
	}
}
