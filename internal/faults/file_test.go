package faults_test

import (
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/microroute/microroute"
)

// fileSize is more than the system's buffers hold, so that the file is still being sent when something happens to it.
const fileSize = 64 << 20

// startFile has a server send a file, and returns when its beginning has come: the file's name and the rest of the answer.
func startFile(t *testing.T, engine microroute.Engine) (file string, c *client, content io.Reader) {
	file = filepath.Join(t.TempDir(), "file")
	if err := errors.Join(os.WriteFile(file, nil, 0o600), os.Truncate(file, fileSize)); err != nil {
		t.Fatal(err)
	}
	address := serve(t, engine, microroute.Limits{}, func(app *microroute.App) {
		app.Get("/file", func(c *Context) error { return c.Response.SendFile(file) })
	})
	c = dial(t, address)
	c.send(get("/file"))
	r := c.response()
	if r.ContentLength != fileSize {
		t.Fatalf("Content-Length %d, want %d", r.ContentLength, fileSize)
	}
	if _, err := io.CopyN(io.Discard, r.Body, 1<<10); err != nil {
		t.Fatal(err)
	}
	return file, c, r.Body
}

// A file that shrinks while it is sent gives a broken body, never one that is filled up with something else.
func TestFileTruncated(t *testing.T) {
	each(t, func(t *testing.T, engine microroute.Engine) {
		file, c, content := startFile(t, engine)
		if err := os.Truncate(file, 0); err != nil {
			t.Fatal(err)
		}
		n, err := io.Copy(io.Discard, content)
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("the rest of the body: %d octets, %v, want it to break off", n, err)
		}
		c.wantEnd()
	})
}

// A file that is removed while it is sent lives on until it has been sent.
func TestFileRemoved(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("an open file cannot be removed")
	}
	each(t, func(t *testing.T, engine microroute.Engine) {
		file, c, content := startFile(t, engine)
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		if n, err := io.Copy(io.Discard, content); n != fileSize-1<<10 || err != nil {
			t.Errorf("the rest of the body: %d octets, %v, want %d", n, err, fileSize-1<<10)
		}
		c.send(get("/file"))
		c.wantStatus(404)
	})
}

// fileOf makes a directory with the file "content" of so many octets, which do not repeat.
func fileOf(t *testing.T, size int) (dir string, content []byte) {
	t.Helper()
	dir, content = t.TempDir(), make([]byte, size)
	rand.NewChaCha8([32]byte{}).Read(content)
	if err := os.WriteFile(filepath.Join(dir, "content"), content, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir, content
}
