//go:build linux

package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// patience is how long a test waits for what must happen.
const patience = 20 * time.Second

// programVariable makes the program of the test binary.
const programVariable = "MICROROUTE_TEST_RESTART_GUIDE"

func TestMain(m *testing.M) {
	if os.Getenv(programVariable) != "" {
		main()
		return
	}
	m.Run()
}

// program is the program of the chapter, in a folder of its own.
type program struct {
	t   *testing.T
	dir string
	log string // what its processes say
}

func start(t *testing.T, args ...string) *program {
	t.Helper()
	name, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &program{t: t, dir: t.TempDir()}
	p.log = filepath.Join(p.dir, "log")
	log, err := os.Create(p.log)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Stderr = p.dir, log
	cmd.Env = append(os.Environ(), programVariable+"=1", "GORACE=atexit_sleep_ms=0") // it would wait a second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if pid := p.pid(); pid != 0 {
			syscall.Kill(pid, syscall.SIGKILL)
		}
		cmd.Process.Kill()
		cmd.Wait()
		if t.Failed() {
			t.Log(p.said())
		}
	})
	p.await("the program serves", func() bool { return p.pid() != 0 })
	return p
}

// pid returns the process that serves.
func (p *program) pid() int {
	text, _ := os.ReadFile(filepath.Join(p.dir, "tea.pid"))
	pid, _ := strconv.Atoi(strings.TrimSpace(string(text)))
	return pid
}

func (p *program) said() string {
	text, _ := os.ReadFile(p.log)
	return string(text)
}

func (p *program) await(what string, done func() bool) {
	p.t.Helper()
	for deadline := time.Now().Add(patience); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			p.t.Fatalf("waited in vain until %s", what)
		}
	}
}

// end has the process that serves end.
func (p *program) end() {
	p.t.Helper()
	pid := p.pid()
	if err := syscall.Kill(pid, syscall.SIGINT); err != nil {
		p.t.Fatal(err)
	}
	syscall.Kill(pid, syscall.SIGTERM) // without the lame duck
	p.await("the program ends", func() bool { return p.pid() == 0 })
}

// client returns a client for the shop, and its URL.
func (p *program) client() (*http.Client, string) {
	p.t.Helper()
	match := regexp.MustCompile(`msg=serving address=(127\S+)`).FindStringSubmatch(p.said())
	if match == nil {
		p.t.Fatal("the shop has no address")
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}} // by itself
	p.t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: patience}, match[1]
}

func (p *program) ask(client *http.Client, method, url string) string {
	p.t.Helper()
	request, err := http.NewRequest(method, url, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		p.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != 200 {
		p.t.Fatalf("%s %s: got status %d, %q, %v", method, url, response.StatusCode, body, err)
	}
	return string(body)
}

// The next process serves, while the first packs what was ordered, and streams end.
func TestRestart(t *testing.T) {
	for _, test := range []struct{ name, scheme string }{{"shop", "http"}, {"secure", "https"}} {
		t.Run(test.name, func(t *testing.T) {
			p := start(t, "-addr", "localhost:0", fmt.Sprintf("-tls=%t", test.scheme == "https"))
			client, address := p.client()
			url := test.scheme + "://" + address
			stream, err := client.Get(url + "/prices")
			if err != nil {
				t.Fatal(err)
			}
			defer stream.Body.Close()
			prices := bufio.NewReader(stream.Body)
			if line, err := prices.ReadString('\n'); line != "data: 4.20\n" {
				t.Fatalf("got %q, %v", line, err)
			}
			p.ask(client, "POST", url+"/orders/assam")
			old := p.pid()
			if err := syscall.Kill(old, syscall.SIGUSR2); err != nil {
				t.Fatal(err)
			}
			p.await("another process serves", func() bool { return strings.Contains(p.said(), "msg=restarted") })
			if _, err := io.Copy(io.Discard, prices); err != nil {
				t.Errorf("the stream ends with %v", err)
			}
			p.await("the order is packed", func() bool { return strings.Contains(p.said(), "packed: assam") })
			want := fmt.Sprintf("served by process %d", p.pid())
			p.await("the old process accepts no more", func() bool {
				client.CloseIdleConnections()
				return strings.Contains(p.ask(client, "GET", url+"/"), want)
			})
			if strings.Contains(p.said(), "not packed") {
				t.Error("the order was given up")
			}
			if got := p.ask(client, "GET", url+"/ready"); got != "ready\n" {
				t.Errorf("got %q, want that it is ready", got)
			}
			p.end()
		})
	}
}

// The operator restarts it from the office, whose socket is kept.
func TestOffice(t *testing.T) {
	p := start(t, "-addr", "localhost:0", "-office", "office")
	socket := filepath.Join(p.dir, "office")
	client := &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext:       func(context.Context, string, string) (net.Conn, error) { return net.Dial("unix", socket) },
	}}
	old := p.pid()
	if got := p.ask(client, "POST", "http://office/restart"); got != "The next version serves." {
		t.Errorf("got %q", got)
	}
	if p.pid() == old {
		t.Error("it is the same process")
	}
	p.end()
	p.await("the socket is gone", func() bool { _, err := os.Lstat(socket); return err != nil })
}
