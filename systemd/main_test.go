//go:build linux

package systemd_test

import (
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/systemd"
)

// patience is how long a test waits for what must happen.
const patience = 20 * time.Second

// serviceVariable makes a service of the test binary: which one, see services.
const serviceVariable = "MICROROUTE_TEST_SERVICE"

func TestMain(m *testing.M) {
	if service := services[os.Getenv(serviceVariable)]; service != nil {
		service()
		return
	}
	m.Run()
}

var services = map[string]func(){
	"run":       runService,
	"listeners": listListeners,
	"files":     listFiles,
	"refused":   countOpen,
}

// runService is a program that ends well.
func runService() {
	app := microroute.New(microroute.Config{Logger: slog.New(slog.DiscardHandler), DrainTime: time.Hour})
	app.Get("/", func(*microroute.Context) string { return "tea" })
	app.Post("/upload", func(c *microroute.Context) error {
		if err := c.Response.SendString("begun"); err != nil {
			return err
		}
		data, err := c.Request.Data()
		if err != nil {
			return err
		}
		return c.Response.Send(data)
	})
	fmt.Println("Run returned", systemd.Run(app, "127.0.0.1:0"))
}

// listListeners is a program that prints what it has been passed, asks again, and starts another program.
func listListeners() {
	for range 2 {
		sockets, err := systemd.Listeners()
		fmt.Printf("%d sockets, error: %v\n", len(sockets), err)
		for _, s := range sockets {
			fmt.Printf("%s: %s %s %T\n", s.Name, s.Listener.Addr().Network(), s.Listener.Addr(), s.Listener)
			fmt.Println(len(sockets.Named(s.Name)), "with that name, of", len(sockets.All()))
		}
	}
	printInherited()
}

func listFiles() {
	files, err := systemd.Files()
	fmt.Printf("%d files, error: %v\n", len(files), err)
	for _, f := range files {
		fmt.Println(f.Fd(), f.Name())
	}
	printInherited()
}

// countOpen is a program that prints how many sockets it has when it has been passed one too many.
func countOpen() {
	_, err := systemd.Listeners()
	open := 0
	descriptors, _ := filepath.Glob("/proc/self/fd/*")
	for _, d := range descriptors {
		if what, _ := os.Readlink(d); strings.HasPrefix(what, "socket:") {
			open++
		}
	}
	fmt.Printf("failed: %v, open: %d\n", err != nil, open)
}

// printInherited prints what a program that is started now inherits of the sockets.
func printInherited() {
	output, _ := exec.Command("/bin/sh", "-c", "env | grep ^LISTEN_; ls -l /proc/self/fd | grep socket").CombinedOutput()
	fmt.Printf("inherited: %q\n", output)
}

// service is a program that is started in the way systemd does it.
type service struct {
	t      *testing.T
	cmd    *exec.Cmd
	output strings.Builder
}

// startService starts the test binary with descriptors from 3 on. In env, $$ stands for the number of its process.
func startService(t *testing.T, which string, files []*os.File, env ...string) *service {
	t.Helper()
	name, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var exports strings.Builder
	for _, assignment := range env {
		variable, value, _ := strings.Cut(assignment, "=")
		fmt.Fprintf(&exports, "export %s=\"%s\"; ", variable, value)
	}
	s := &service{t: t, cmd: exec.Command("/bin/sh", "-c", exports.String()+`exec "$0"`, name)}
	s.cmd.Env = append(os.Environ(), serviceVariable+"="+which, "GORACE=atexit_sleep_ms=0") // it would wait a second
	s.cmd.ExtraFiles = files
	s.cmd.Stdout = &s.output
	s.cmd.Stderr = &s.output
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.cmd.Process.Kill() })
	return s
}

// wait waits until the program ends and returns what it has printed.
func (s *service) wait() string {
	s.t.Helper()
	defer time.AfterFunc(patience, func() { s.cmd.Process.Kill() }).Stop()
	if err := s.cmd.Wait(); err != nil {
		s.t.Errorf("the program ended with %v", err)
	}
	return s.output.String()
}
