package tls_test

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/https"
)

// childVariable is what makes a server of the test binary: which one.
const childVariable = "MICROROUTE_TLS_CHILD"

func TestMain(m *testing.M) {
	if server := os.Getenv(childVariable); server != "" {
		if err := runChild(server); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// runChild serves, says where, and then for every line that it reads how much memory it has.
func runChild(server string) error {
	certificate, err := https.SelfSigned()
	if err != nil {
		return err
	}
	config := &tls.Config{Certificates: []tls.Certificate{certificate}}
	var addr net.Addr
	switch server {
	case "microroute":
		app := microroute.New(microroute.Config{Logger: slog.New(slog.DiscardHandler)})
		app.Get("/", func(*Context) string { return "hello" })
		s, err := https.Start(app, "127.0.0.1:0", https.Config{TLS: config})
		if err != nil {
			return err
		}
		addr = s.Addr()
	case "net/http":
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		addr = l.Addr()
		hello := func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello") }
		go (&http.Server{Handler: http.HandlerFunc(hello), TLSConfig: config}).ServeTLS(l, "", "")
	}
	fmt.Println(addr)
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var m runtime.MemStats
		runtime.GC()
		runtime.GC() // shrinks stacks, and empties pools
		runtime.ReadMemStats(&m)
		fmt.Println(m.HeapAlloc + m.StackInuse)
	}
	return nil
}

// child is a server in a process of its own.
type child struct {
	t    *testing.T
	addr string
	in   io.Writer
	out  *bufio.Reader
}

func startChild(t *testing.T, server string) *child {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), childVariable+"="+server)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("%s ends with %v", server, err)
		}
	})
	c := &child{t: t, in: in, out: bufio.NewReader(out)}
	c.addr = c.line()
	return c
}

func (c *child) line() string {
	c.t.Helper()
	line, err := c.out.ReadString('\n')
	if err != nil {
		c.t.Fatalf("the server says %q: %v", line, err)
	}
	return strings.TrimSpace(line)
}

// memory returns how much the server has, in bytes.
func (c *child) memory() int {
	c.t.Helper()
	fmt.Fprintln(c.in)
	n, err := strconv.Atoi(c.line())
	if err != nil {
		c.t.Fatal(err)
	}
	return n
}

// An idle connection takes less memory than one of net/http.
func TestIdleMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("a crowd takes some seconds")
	}
	ours, theirs := idleMemory(t, "microroute"), idleMemory(t, "net/http")
	t.Logf("%d bytes for an idle connection, %d of net/http", ours, theirs)
	if ours >= theirs {
		t.Errorf("an idle connection takes %d bytes, one of net/http %d", ours, theirs)
	}
}

// idleMemory returns how many bytes a server has for each idle connection that has had one request.
func idleMemory(t *testing.T, server string) int {
	t.Helper()
	const crowd = 500
	c := startChild(t, server)
	config := &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"http/1.1"}}
	visit := func() {
		conn, err := tls.Dial("tcp", c.addr, config)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		conn.SetDeadline(time.Now().Add(soon))
		io.WriteString(conn, "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n")
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, response.Body); err != nil {
			t.Fatal(err)
		}
	}
	for range 10 { // so that what all connections share is there
		visit()
	}
	before := c.memory()
	for range crowd {
		visit()
	}
	return (c.memory() - before) / crowd
}
