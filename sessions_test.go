package microroute_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/microroutetest"
)

// counted finds the same Session for everybody and counts how often it is asked.
type counted struct {
	visit
	asked int
	err   error
}

func (s *counted) Session(*Context) (microroute.Session, error) {
	s.asked++
	return s.visit, s.err
}

func TestSessionIsFoundOncePerRequest(t *testing.T) {
	sessions := &counted{visit: visit{}}
	app := microroute.New(microroute.Config{Sessions: sessions, SingleThread: true})
	app.Before(func(c *Context) error { return c.Session.Set("n", fmt.Sprint(c.Session.Get("n"), c.Request.Method)) })
	app.Get("/", func(c *Context) string { return fmt.Sprint(c.Session.Get("n")) })
	client := microroutetest.New(t, app)
	for i, want := range []string{"<nil>GET", "<nil>GETGET"} {
		if got := client.Get("/").Body; got != want || sessions.asked != i+1 {
			t.Errorf("request %d: got %q after asking %d times, want %q", i, got, sessions.asked, want)
		}
	}
}

func TestSessionThatCannotBeFound(t *testing.T) {
	app := microroute.New(microroute.Config{Sessions: &counted{err: errors.New("store down")}})
	app.Get("/", func(*Context) { t.Error("the handler has run without its session") })
	if got := microroutetest.New(t, app).Get("/"); got.Status != 500 {
		t.Errorf("got %d, want 500", got.Status)
	}
}

func TestNoSessions(t *testing.T) {
	app := microroute.New()
	app.Get("/", func(c *Context) string {
		set, del := c.Session.Set("a", 1), c.Session.Delete("a")
		return fmt.Sprint(c.Session.Get("a"), errors.Is(set, microroute.ErrNoSessions), errors.Is(del, microroute.ErrNoSessions))
	})
	if got := microroutetest.New(t, app).Get("/").Body; got != "<nil> true true" {
		t.Errorf("got %q, want no value and errors that name the Config field", got)
	}
}
