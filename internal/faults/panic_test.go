package faults_test

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	"testing"

	"github.com/microroute/microroute"
)

// Handlers that panic or end their goroutine spoil their own answer, and nobody else's.
func TestPanics(t *testing.T) {
	each(t, func(t *testing.T, engine microroute.Engine) {
		address := serve(t, engine, microroute.Limits{}, func(app *microroute.App) {
			app.Get("/panic", func(*Context) { panic("on purpose") })
			app.Get("/goexit", func(*Context) { runtime.Goexit() })
			app.Get("/late", func(c *Context) error {
				if err := c.Response.SendString("half of it"); err != nil {
					return err
				}
				panic("on purpose")
			})
		})
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() {
				if err := visitPanics(address, many(30, 2000)); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	})
}

// visitPanics asks for what succeeds on one connection, for what fails on others.
func visitPanics(address string, times int) error {
	good, err := connect(address)
	if err != nil {
		return err
	}
	defer good.Close()
	for range times {
		for _, target := range []string{"/panic", "/goexit", "/late"} {
			if err := visitPanic(address, target); err != nil {
				return err
			}
		}
		if r, content, err := good.fetch(get("/hello")); err != nil || r.StatusCode != 200 || content != "hello" {
			return fmt.Errorf("beside panics: %s %q, %v, want 200 \"hello\"", statusOf(r), content, err)
		}
	}
	return nil
}

func visitPanic(address, target string) error {
	c, err := connect(address)
	if err != nil {
		return err
	}
	defer c.Close()
	switch r, content, err := c.fetch(get(target)); {
	case target == "/late" && (content != "half of it" || !errors.Is(err, io.ErrUnexpectedEOF)):
		return fmt.Errorf("%s: %s %q, %v, want a body that breaks off", target, statusOf(r), content, err)
	case target != "/late" && (err != nil || r.StatusCode != 500):
		return fmt.Errorf("%s: %s %q, %v, want 500", target, statusOf(r), content, err)
	}
	return nil
}
