package faults_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/microroute/microroute"
)

// A head that comes an octet at a time must end in time all the same, and delays nobody.
func TestSlowHead(t *testing.T) {
	each(t, func(t *testing.T, engine microroute.Engine) {
		address := serve(t, engine, microroute.Limits{HeadTimeout: 500 * time.Millisecond}, nil)
		var all sync.WaitGroup
		defer all.Wait()
		done := make(chan struct{})
		defer close(done)
		var slow []*client
		for range many(20, 1000) {
			c := dial(t, address)
			c.send("GET /hello HTTP/1.1\r\nHost: a.test\r\n")
			all.Go(func() { c.trickle("Field: value\r\n", 20*time.Millisecond, done) })
			slow = append(slow, c)
		}
		wantServed(t, address)
		for _, c := range slow {
			c.wantStatus(408)
			c.wantEnd()
		}
	})
}

// Content may take its time, as long as it keeps coming.
func TestSlowBody(t *testing.T) {
	each(t, func(t *testing.T, engine microroute.Engine) {
		limits := microroute.Limits{BodyTimeout: time.Second}
		address := serve(t, engine, limits, func(app *microroute.App) {
			app.Post("/echo", func(c *Context) ([]byte, error) { return c.Request.Data() })
		})
		silent, steady := dial(t, address), dial(t, address)
		silent.send(post("/echo", 10) + "tea")
		steady.send(post("/echo", 10))
		for end := time.Now().Add(2 * limits.BodyTimeout); time.Now().Before(end); {
			for _, c := range []byte("a cup of t") {
				time.Sleep(limits.BodyTimeout / 5)
				steady.send(string(c))
			}
		}
		steady.want(200, "a cup of t")
		silent.wantStatus(408)
		silent.wantEnd()
	})
}

// Who reads nothing is cut off, however the answer is sent, and the handler learns of it.
func TestSlowReader(t *testing.T) {
	file := filepath.Join(t.TempDir(), "large")
	if err := errors.Join(os.WriteFile(file, nil, 0o600), os.Truncate(file, fileSize)); err != nil {
		t.Fatal(err)
	}
	ways := map[string]func(c *Context) error{
		"data": func(c *Context) error {
			for data := make([]byte, 64<<10); ; {
				if err := c.Response.Send(data); err != nil {
					return err
				}
			}
		},
		"copy": func(c *Context) error {
			_, err := io.Copy(c.Response, endless{})
			return err
		},
		"file": func(c *Context) error { return c.Response.SendFile(file) }, // sent when the handler has returned
	}
	each(t, func(t *testing.T, engine microroute.Engine) {
		readers := len(ways) * many(4, 100)
		ended := make(chan bool, readers)
		address := serve(t, engine, microroute.Limits{WriteTimeout: 500 * time.Millisecond}, func(app *microroute.App) {
			app.Get("/large/<string:way>", func(c *Context, way string) error {
				context.AfterFunc(c.Context(), func() { ended <- true })
				err := ways[way](c)
				if late := (*microroute.TimeoutError)(nil); err != nil && (!errors.As(err, &late) || !late.Timeout()) {
					t.Errorf("%s: sending to a client that does not read: %v, want a TimeoutError", way, err)
				}
				return err
			})
		})
		var slow []*client
		for range readers / len(ways) {
			for way := range ways {
				c := dial(t, address)
				c.send(get("/large/" + way))
				slow = append(slow, c)
			}
		}
		wantServed(t, address)
		for range readers {
			await(t, "the context to end", ended)
		}
		for _, c := range slow {
			if _, content, err := c.read(); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("when the client reads at last: %d octets, %v, want a body that breaks off", len(content), err)
			}
		}
	})
}

// endless is a body without end.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// What has no end is refused when it is too much, and then the server soon takes no more of it.
func TestEndless(t *testing.T) {
	filler := strings.Repeat("a", 1000)
	for _, tt := range []struct {
		name, start, filler string
		status              int
	}{
		{"target", "GET /", filler, 414},
		{"field", "GET / HTTP/1.1\r\nHost: a.test\r\nField: ", filler, 431},
		{"head", "GET / HTTP/1.1\r\nHost: a.test\r\n", "Field: " + filler + "\r\n", 431},
		{"chunk extension", postChunked("/data") + "5;name=", filler, 400},
		{"trailers", postChunked("/data") + "0\r\n", "Field: " + filler + "\r\n", 431},
		{"content", postChunked("/data"), "3e8\r\n" + filler + "\r\n", 413},
	} {
		t.Run(tt.name, func(t *testing.T) {
			each(t, func(t *testing.T, engine microroute.Engine) {
				address := serve(t, engine, microroute.Limits{}, func(app *microroute.App) {
					app.Post("/data", func(c *Context) ([]byte, error) { return c.Request.Data() })
				})
				c := dial(t, address)
				c.send(tt.start)
				refused := make(chan error, 1)
				go func() { refused <- c.flood(tt.filler) }()
				c.wantStatus(tt.status)
				if err := await(t, "the server to take no more", refused); errors.Is(err, os.ErrDeadlineExceeded) {
					t.Error("the server neither takes what has no end nor ends the connection")
				}
			})
		})
	}
}
