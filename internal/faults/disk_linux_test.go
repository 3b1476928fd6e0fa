package faults_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/microroute/microroute"
)

// diskSize is how many octets there is room for.
const diskSize = 4 << 20

// mountDisk mounts a small file system at dir.
func mountDisk(dir string, size int64) error {
	return os.NewSyscallError("mount", syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprint("size=", size)))
}

// startOnDisk runs a server that has a small disk for its files, the temporary ones and the log. Nobody else sees that
// disk (mount_namespaces(7)), so it is gone when the server is, whatever ends it.
func startOnDisk(t *testing.T, engine microroute.Engine) *child {
	t.Helper()
	with := settings{Engine: engine, Dir: t.TempDir(), Disk: diskSize, Log: true}
	cmd := childCommand(t, with, "TMPDIR="+with.Dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNS}
	if uid := os.Getuid(); uid != 0 {
		cmd.SysProcAttr.Cloneflags = syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: uid, Size: 1}}
	}
	if err := childMayMount(cmd.SysProcAttr, with.Dir); err != nil {
		t.Skipf("no file systems of one's own here: %v", err)
	}
	return startCommand(t, with, cmd)
}

// childMayMount returns an error if a process with such attributes cannot mount a file system at dir.
func childMayMount(attributes *syscall.SysProcAttr, dir string) error {
	probe := exec.Command("mount", "-t", "tmpfs", "tmpfs", dir)
	probe.SysProcAttr = attributes
	said, err := probe.CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%w: %s", err, said)
	}
	return err
}

// An upload that the disk has no room for is answered so, and only that: the connection goes on or ends in good order,
// others are served, the log that cannot be written stops nobody, and when there is room again all is well.
func TestFullDisk(t *testing.T) {
	apart(t, func(t *testing.T, engine microroute.Engine) {
		server := startOnDisk(t, engine)
		c := dial(t, server.address)
		c.send(put("/file/small", 5) + "small")
		c.wantStatus(200)

		for name, request := range map[string]string{
			"a form":            form("/form", 2*diskSize),
			"a file":            put("/file/large", 2*diskSize) + strings.Repeat("a", 2*diskSize),
			"a file, in chunks": putChunked("/file/large", 2*diskSize),
		} {
			if err := overfill(server.address, request); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			c.send(get("/file/small"))
			c.want(200, "small")
			c.send(get("/panic")) // into the log
			c.wantStatus(500)
		}
		if err := overfill(server.address, form("/form", 2<<20)); err != nil {
			t.Errorf("a form, when a file has filled the disk: %v", err)
		}

		c.send("DELETE /file/large HTTP/1.1\r\nHost: a.test\r\n\r\n")
		c.wantStatus(200)
		c.send(form("/form", 2<<20))
		c.want(200, fmt.Sprint(2<<20))
		c.Close()
		server.wantNothingLeft()
	})
}

// overfill sends what the disk has no room for, and checks the answer and the connection.
func overfill(address, request string) error {
	c, err := connect(address)
	if err != nil {
		return err
	}
	defer c.Close()
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		io.WriteString(c, request+get("/text/nonce")) // the server may not take all of it
	}()
	defer func() { <-sent }()
	defer c.Close()
	r, content, err := c.read()
	if err != nil || r.StatusCode != 507 {
		return fmt.Errorf("answer %s %.100q, %w, want 507", statusOf(r), content, err)
	}
	if _, err := c.in.Peek(1); err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
		return nil // the end: the rest was too much to be read for nothing
	}
	if again, content, err := c.read(); err != nil || content != "nonce" || r.Close {
		return fmt.Errorf("behind it answer %s %.100q, %w, want \"nonce\", and not behind Connection: close", statusOf(again), content, err)
	}
	return nil
}

// put makes a request whose content is still to be appended.
func put(target string, length int) string {
	return fmt.Sprintf("PUT %s HTTP/1.1\r\nHost: a.test\r\nContent-Length: %d\r\n\r\n", target, length)
}

// putChunked makes a request with content of so many octets.
func putChunked(target string, length int) string {
	return fmt.Sprintf("PUT %s HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n",
		target, length, strings.Repeat("a", length))
}

// form makes a request with a form that has a file of so many octets.
func form(target string, length int) string {
	const start = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n"
	content := start + strings.Repeat("a", length) + "\r\n--b--\r\n"
	return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: a.test\r\nContent-Type: multipart/form-data; boundary=b\r\n"+
		"Content-Length: %d\r\n\r\n%s", target, len(content), content)
}
