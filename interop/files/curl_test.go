package files_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/textproto"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// curl is a command that a test runs in a directory of its own.
type curl struct {
	t        *testing.T
	address  string // of the server
	dir      string
	patience time.Duration // with one command
}

// newCurl skips the test if there is no curl.
func newCurl(t *testing.T, address string) *curl {
	t.Helper()
	needCurl(t)
	return &curl{t, address, t.TempDir(), soon}
}

func needCurl(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("curl"); err != nil {
		const reason = "there is no curl: apt-get install curl"
		if os.Getenv("CI") == "true" {
			t.Fatal(reason)
		}
		t.Skip(reason)
	}
}

// fetched is what a curl has done.
type fetched struct {
	code    int         // that it ended with
	status  int         // of the last answer, 0 if there was none
	header  http.Header // of the last answer
	content string      // that it wrote to standard output
}

// fields is the file to which every curl writes the heads of the answers.
const fields = "fields"

// command returns a curl for a path of the server.
func (c *curl) command(ctx context.Context, path string, args ...string) *exec.Cmd {
	args = append([]string{"--disable", "--silent", "--noproxy", "*", "--path-as-is", "-D", fields}, args...)
	cmd := exec.CommandContext(ctx, "curl", append(args, "http://"+c.address+path)...)
	cmd.Dir = c.dir
	return cmd
}

// get runs a curl to its end.
func (c *curl) get(path string, args ...string) fetched {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), c.patience)
	defer cancel()
	cmd := c.command(ctx, path, args...)
	var output bytes.Buffer
	cmd.Stdout = &output
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		c.t.Fatalf("curl %q: %v", args, err)
	}
	got := fetched{code: cmd.ProcessState.ExitCode(), content: output.String()}
	got.status, got.header = c.head()
	return got
}

// head returns status and fields of the last answer.
func (c *curl) head() (status int, header http.Header) {
	c.t.Helper()
	text := strings.TrimSuffix(c.read(fields), "\r\n\r\n")
	last := text[strings.LastIndex(text, "\r\n\r\n")+1:]
	in := textproto.NewReader(bufio.NewReader(strings.NewReader(strings.TrimLeft(last, "\r\n") + "\r\n\r\n")))
	line, err := in.ReadLine()
	if err != nil {
		return 0, nil
	}
	_, rest, _ := strings.Cut(line, " ")
	digits, _, _ := strings.Cut(rest, " ")
	if status, err = strconv.Atoi(digits); err != nil {
		c.t.Fatalf("status line %q: %v", line, err)
	}
	all, err := in.ReadMIMEHeader()
	if err != nil {
		c.t.Fatalf("fields %q: %v", last, err)
	}
	return status, http.Header(all)
}

// read returns the content of a file that curl has written.
func (c *curl) read(name string) string {
	c.t.Helper()
	content, err := os.ReadFile(filepath.Join(c.dir, name))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		c.t.Fatal(err)
	}
	return string(content)
}

// size returns how much a curl has written to a file.
func (c *curl) size(name string) int64 {
	info, err := os.Stat(filepath.Join(c.dir, name))
	if err != nil {
		return 0
	}
	return info.Size()
}
