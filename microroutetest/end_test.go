package microroutetest_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/microroutetest"
)

// ending is a test that can be ended by hand.
type ending struct {
	recorder
	cleanups []func()
}

func (e *ending) Cleanup(f func()) { e.cleanups = append(e.cleanups, f) }

func (e *ending) end() {
	for _, f := range slices.Backward(e.cleanups) {
		f()
	}
}

// A test fails if its App has not ended after five seconds, and tells what is still at work.
func TestAppThatDoesNotEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for wait, want := range map[time.Duration][]string{
			4 * time.Second: nil,
			time.Minute:     {"the App has not ended after 5s; at work is\n\ngoroutine ", "_test.dawdle(", "_test.doze("},
		} {
			app := microroute.New()
			app.Get("/handler", func(*microroute.Context) { dawdle(wait) })
			app.Get("/job", func(c *microroute.Context) {
				c.Go(func(context.Context) { doze(wait) })
			})
			e := &ending{recorder: recorder{TB: t}}
			client := microroutetest.New(e, app)
			client.Get("/job")
			client.Open("GET", "/handler")
			synctest.Wait()
			e.end()
			got := strings.Join(e.reports, "\n")
			for _, part := range want {
				if !strings.Contains(got, part) {
					t.Errorf("after %v: got the report %q, want %q in it", wait, got, part)
				}
			}
			if want == nil && got != "" {
				t.Errorf("after %v: got the report %q, want none", wait, got)
			}
			time.Sleep(time.Minute)
		}
	})
}

func dawdle(wait time.Duration) { time.Sleep(wait) }

func doze(wait time.Duration) { time.Sleep(wait) }

// Connections that do nothing are not waited for, and none can be had afterwards.
func TestEndIsQuick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &ending{recorder: recorder{TB: t}}
		client := microroutetest.New(e, mirror())
		client.Get("/")
		client.From("192.0.2.7:1234").Get("/")
		client.Dial()
		start := time.Now()
		e.end()
		if took := time.Since(start); took != 0 {
			t.Errorf("the end took %v", took)
		}
		got := failures(t, client, func(client *microroutetest.Client) { client.Dial() })
		if want := "dial: use of closed network connection\nthe test ends"; got != want {
			t.Errorf("got the report %q, want %q", got, want)
		}
	})
}

func TestAppWithMistakes(t *testing.T) {
	app := microroute.New()
	app.Get("/<int:n>", func(*microroute.Context, string) {})
	r := &recorder{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		microroutetest.New(r, app)
	}()
	<-done
	if got := strings.Join(r.reports, "\n"); !strings.HasPrefix(got, "microroute: ") || !strings.HasSuffix(got, "the test ends") {
		t.Errorf("got the report %q, want the mistake", got)
	}
}
