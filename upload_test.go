package microroute_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/microroute/microroute"
)

// Files that are too large for memory are on disk while the handler runs, and gone afterwards, however it ends.
func TestLargeFilesGoToDisk(t *testing.T) {
	large := strings.Repeat("leaf", 512<<10)
	ends := map[string]func(c *Context) error{
		"/return": func(c *Context) error { return nil },
		"/error":  func(c *Context) error { return errors.New("failed") },
		"/panic":  func(c *Context) error { panic("failed") },
		"/raw":    func(c *Context) error { return writeRaw(c, "HTTP/1.1 200 OK\r\n\r\n") },
	}
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	t.Setenv("TMP", dir)
	onDisk := func() int {
		names, err := filepath.Glob(filepath.Join(dir, "microroute-*"))
		if err != nil {
			t.Fatal(err)
		}
		return len(names)
	}
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		kept := make(chan *microroute.File, 1)
		for rule, end := range ends {
			app.Post(rule, func(c *Context) (string, error) {
				form, err := c.Request.Form()
				if err != nil {
					return "", err
				}
				if got, err := form.File("small"); err != nil || got.Size != 5 || got.Name != "small.png" {
					t.Errorf("%s: got %+v, want 5 octets of small.png", rule, got)
				}
				if onDisk() != 1 {
					t.Errorf("%s: %d files on disk while the handler runs, want only the large one", rule, onDisk())
				}
				file, err := form.File("large")
				if err != nil {
					return "", err
				}
				content, err := file.Open()
				if err != nil {
					return "", err
				}
				defer content.Close()
				if got, err := io.ReadAll(content); string(got) != large || file.Size != int64(len(large)) || err != nil {
					t.Errorf("%s: got %d octets and error %v, want %d", rule, len(got), err, len(large))
				}
				kept <- file
				return "", end(c)
			})
		}
		contentType, body := multipartOf(t, field{"small", "small.png", "small"}, field{"large", "large.png", large})
		server := serve(t, app)
		for rule := range ends {
			talk(t, server, withContent(rule, body, 0, "Content-Type: "+contentType))
			if _, err := (<-kept).Open(); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("%s: opening the file after the exchange: got error %v, want %v", rule, err, os.ErrNotExist)
			}
			if onDisk() != 0 {
				t.Errorf("%s: %d files left on disk", rule, onDisk())
			}
		}
		client := dial(t, server)
		fmt.Fprint(client, withContent("/return", body, 0, "Content-Type: "+contentType)[:len(body)-10])
		client.CloseWrite()
		readUntil(t, client, "\r\n\r\n")
		io.Copy(io.Discard, client)
		if onDisk() != 0 {
			t.Errorf("%d files left on disk by an upload that was cut off", onDisk())
		}
	})
}

// The text fields of a form are kept in memory, so they must not be as large as the files on the same route may be.
func TestLargeFieldIsRefused(t *testing.T) {
	app := microroute.New()
	app.With(microroute.MaxBody(-1)).Post("/", func(c *Context) error { _, err := c.Request.Form(); return err })
	contentType, body := multipartOf(t, field{"title", "", strings.Repeat("x", 8<<20)})
	got := parse(t, talk(t, serve(t, app), withContent("/", body, 0, "Content-Type: "+contentType)))
	if got.line != "HTTP/1.1 413 Content Too Large" {
		t.Errorf("got %q, want 413", got.line)
	}
}

func TestFileSave(t *testing.T) {
	form, err := microroute.LoadFormData(func() (string, []byte) {
		contentType, body := multipartOf(t, field{"pic", "a.png", "leaves"})
		return contentType, []byte(body)
	}())
	if err != nil {
		t.Fatal(err)
	}
	file, err := form.File("pic")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "saved.png")
	if err := file.Save(path); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); string(got) != "leaves" || err != nil {
		t.Errorf("got %q and error %v, want %q", got, err, "leaves")
	}
	if err := file.Save(path); !errors.Is(err, os.ErrExist) {
		t.Errorf("saving over a file: got error %v, want %v", err, os.ErrExist)
	}
	if err := file.Save(filepath.Join(path, "none")); err == nil {
		t.Error("saving below a file: got no error")
	}
}

// Parts come as they are sent: the handler has the first before the client has sent the second.
func TestPartsStream(t *testing.T) {
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		seen := make(chan string)
		app.Post("/", func(c *Context) (string, error) {
			all := ""
			for part, err := range c.Request.Parts() {
				if err != nil {
					return "", err
				}
				start := make([]byte, 3)
				if _, err := io.ReadFull(part, start); err != nil {
					return "", err
				}
				seen <- part.Field
				all += part.Field + ":" + part.Name + ":" + string(start) + " " // the rest is skipped
			}
			return all, nil
		})
		contentType, body := multipartOf(t, field{"one", "", "first"}, field{"two", "2.png", strings.Repeat("second", 10000)})
		client := dial(t, serve(t, app))
		middle := strings.Index(body, "second")
		fmt.Fprint(client, lines("POST / HTTP/1.1", "Host: a.test", "Content-Type: "+contentType, fmt.Sprint("Content-Length: ", len(body)))+
			body[:middle])
		if got := <-seen; got != "one" {
			t.Fatalf("got part %q, want one", got)
		}
		fmt.Fprint(client, body[middle:])
		if got := <-seen; got != "two" {
			t.Fatalf("got part %q, want two", got)
		}
		readUntil(t, client, "\r\n\r\n")
		if got := readUntil(t, client, "two:2.png:sec "); got != "one::fir two:2.png:sec " {
			t.Errorf("got %q", got)
		}
	})
}
