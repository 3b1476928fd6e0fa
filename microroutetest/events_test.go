package microroutetest_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/microroutetest"
)

type event = microroutetest.Event

// WHATWG HTML section 9.2.6, "Interpreting an event stream", with its examples.
func TestEventsAreParsed(t *testing.T) {
	for name, test := range map[string]struct {
		stream string
		want   []event
	}{
		"lines of data":             {"data: YHOO\ndata: +2\ndata: 10\n\n", []event{{"message", "YHOO\n+2\n10", ""}}},
		"comments, ids":             {": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n", []event{{"message", "first event", "1"}, {"message", "second event", ""}, {"message", " third event", ""}}},
		"empty data":                {"data\n\ndata\ndata\n\ndata:", []event{{"message", "", ""}, {"message", "\n", ""}}},
		"a space is optional":       {"data:test\n\ndata: test\n\n", []event{{"message", "test", ""}, {"message", "test", ""}}},
		"types":                     {"event: add\ndata: 1\n\nevent:\ndata: 2\n\nevent: add\nevent: remove\ndata: 3\n\ndata: 4\n\n", []event{{"add", "1", ""}, {"message", "2", ""}, {"remove", "3", ""}, {"message", "4", ""}}},
		"a type without data":       {"event: add\n\ndata: 1\n\n", []event{{"message", "1", ""}}},
		"an id stays":               {"id: 1\ndata: a\n\ndata: b\n\nid: 2\n\ndata: c\n\n", []event{{"message", "a", "1"}, {"message", "b", "1"}, {"message", "c", "2"}}},
		"an id with NUL":            {"id: 1\ndata: a\n\nid: 2\x00\ndata: b\n\n", []event{{"message", "a", "1"}, {"message", "b", "1"}}},
		"colons":                    {"data: a: b\n\ndata:: c\n\n", []event{{"message", "a: b", ""}, {"message", ": c", ""}}},
		"unknown fields":            {"foo: bar\nDATA: a\n data: b\ndata : c\nretry: soon\ndata: d\n\n", []event{{"message", "d", ""}}},
		"CR":                        {"data: a\rdata: b\r\rdata: c\r\r", []event{{"message", "a\nb", ""}, {"message", "c", ""}}},
		"CRLF":                      {"data: a\r\ndata: b\r\n\r\ndata: c\r\n\r\n", []event{{"message", "a\nb", ""}, {"message", "c", ""}}},
		"all kinds of line breaks":  {"data: a\r\ndata: b\rdata: c\n\r\ndata: d\n\rdata: e\r\r\n", []event{{"message", "a\nb\nc", ""}, {"message", "d", ""}, {"message", "e", ""}}},
		"CR, then LF":               {"data: a\rdata: b\n\n", []event{{"message", "a\nb", ""}}},
		"LF CR are two":             {"data: a\n\rdata: b\n\r", []event{{"message", "a", ""}, {"message", "b", ""}}},
		"a byte order mark":         {"\uFEFFdata: a\n\n", []event{{"message", "a", ""}}},
		"a second byte order mark":  {"\uFEFF\uFEFFdata: a\n\ndata: b\n\n", []event{{"message", "b", ""}}},
		"a byte order mark inside":  {"data: a\n\uFEFFdata: b\n\n", []event{{"message", "a", ""}}},
		"an unfinished event":       {"data: a\n\ndata: b\n", []event{{"message", "a", ""}}},
		"an unfinished line":        {"data: a\n\ndata: b", []event{{"message", "a", ""}}},
		"other scripts":             {"event: größe\ndata: 茶\n\n", []event{{"größe", "茶", ""}}},
		"nothing":                   {"", nil},
		"nothing but blank lines":   {"\n\n\r\r\r\n", nil},
		"an id that is not whole":   {"id: 1\ndata: a\n\nid: 2\n", []event{{"message", "a", "1"}}},
		"a field without any value": {"data\nevent\nid\nretry\n\n", []event{{"message", "", ""}}},
	} {
		t.Run(name, func(t *testing.T) {
			events := answering(t, 200, "text/event-stream", test.stream).Events("/x")
			if got := slices.Collect(events.All()); !slices.Equal(got, test.want) {
				t.Errorf("%q: got %+q, want %+q", test.stream, got, test.want)
			}
			if events.Body != test.stream {
				t.Errorf("got the body %q, want %q", events.Body, test.stream)
			}
		})
	}
}

func TestRetry(t *testing.T) {
	events := answering(t, 200, "text/event-stream", "data: a\n\nretry: 1500\ndata: b\n\nretry: x\nretry: -1\nretry: 1e3\nretry:\ndata: c\n\n").Events("/x")
	for _, want := range []time.Duration{0, 1500 * time.Millisecond, 1500 * time.Millisecond} {
		if event := events.Next(); events.Retry != want {
			t.Errorf("at %q: got %v, want %v", event.Data, events.Retry, want)
		}
	}
}

// clock sends an event each second and a comment between, from the one behind Last-Event-ID on.
func clock() *microroute.App {
	app := microroute.New()
	app.Get("/clock", func(c *microroute.Context) error {
		if c.Request.Header.Get("Accept") != "text/event-stream" || c.Request.Header.Get("Cache-Control") != "no-store" {
			return &microroute.Error{Status: 406, Detail: "This is for an EventSource."}
		}
		c.Response.MIMEType = "text/event-stream"
		last := 0
		fmt.Sscan(c.Request.Header.Get("Last-Event-ID"), &last)
		for {
			last++
			_, err := fmt.Fprintf(c.Response, "id: %d\ndata: tick\n\n: tock\n", last)
			select {
			case <-time.After(time.Second):
			case <-c.Context().Done():
				return err
			}
		}
	})
	return app
}

func TestEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := microroutetest.New(t, clock())
		start := time.Now()
		events := client.Events("/clock")
		events.WantHeader("Content-Type", "text/event-stream; charset=utf-8")
		for i := range 3 {
			if got, want := events.Next(), (event{"message", "tick", fmt.Sprint(i + 1)}); got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
			if took := time.Since(start); took != time.Duration(i)*time.Second {
				t.Errorf("event %d came after %v", i+1, took)
			}
		}
		for event := range events.All() {
			if event.ID == "5" {
				break
			}
		}
		events.Reconnect()
		if got := events.Next(); got.ID != "6" {
			t.Errorf("after a new connection: got %+v, want 6", got)
		}
		if got := client.Events("/clock", "Last-Event-ID", "41").Next(); got.ID != "42" {
			t.Errorf("after Last-Event-ID: got %+v, want 42", got)
		}
		early := client.Events("/clock", "Last-Event-ID", "41")
		early.Reconnect()
		if got := early.Next(); got.ID != "42" {
			t.Errorf("after a connection without an event: got %+v, want 42", got)
		}
	})
}

// What was not complete does not count, and without an id there is no field.
func TestReconnect(t *testing.T) {
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) string {
		c.Response.MIMEType = "text/event-stream"
		asked := len(c.Request.Header.Values("Last-Event-ID"))
		return fmt.Sprintf("data: %d %s\n\nid: 7\nevent: half\ndata: half\n", asked, c.Request.Header.Get("Last-Event-ID"))
	})
	events := microroutetest.New(t, app).Events("/")
	for range 2 {
		if got := slices.Collect(events.All()); !slices.Equal(got, []event{{"message", "0 ", ""}}) {
			t.Errorf("got %+v, want one event and no Last-Event-ID", got)
		}
		events.Reconnect()
	}
}

// Who comes back has left before.
func TestReconnectCloses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		app := microroute.New()
		var visitors atomic.Int32
		app.Get("/", func(c *microroute.Context) error {
			visitors.Add(1)
			defer visitors.Add(-1)
			c.Response.MIMEType = "text/event-stream"
			if err := c.Response.SendHeader(); err != nil {
				return err
			}
			<-c.Context().Done()
			return nil
		})
		events := microroutetest.New(t, app).Events("/")
		events.Reconnect()
		synctest.Wait()
		if n := visitors.Load(); n != 1 {
			t.Errorf("got %d connections, want the new one", n)
		}
	})
}

func TestEventsReports(t *testing.T) {
	broken := microroute.New()
	broken.Get("/x", func(c *microroute.Context) error {
		c.Response.MIMEType = "text/event-stream"
		return errors.Join(c.Response.SendString("data: a\n"), errors.New("no more"))
	})
	endless := microroute.New()
	endless.Get("/x", func(c *microroute.Context) error {
		for c.Response.SendString(strings.Repeat("tea", 1000)) == nil {
		}
		return nil
	})
	next := func(c *microroutetest.Client) { c.Events("/x").Next() }
	all := func(c *microroutetest.Client) {
		for range c.Events("/x").All() {
		}
	}
	for name, test := range map[string]struct {
		client *microroutetest.Client
		use    func(*microroutetest.Client)
		report string
	}{
		"another media type":     {answering(t, 200, "text/plain", "data: a\n\n"), next, "GET /x\n    Content-Type: got \"text/plain; charset=utf-8\", want text/event-stream\n    body:\n        data: a\n"},
		"an error":               {answering(t, 500, "text/html", "<h1>"), next, "GET /x\n    status: got 500 Internal Server Error, want 200 OK\n    body: \"<h1>\""},
		"no content":             {answering(t, 204, "text/event-stream", ""), next, "GET /x\n    status: got 204 No Content, want 200 OK"},
		"a page without an end":  {microroutetest.New(t, endless), next, "GET /x\n    Content-Type: got \"text/html; charset=utf-8\", want text/event-stream"},
		"the end":                {answering(t, 200, "text/event-stream", "data: a\n"), next, "GET /x: waiting for an event: the answer has ended"},
		"a broken stream":        {microroutetest.New(t, broken), next, "GET /x: waiting for an event: the answer is broken off: unexpected EOF"},
		"a broken stream of all": {microroutetest.New(t, broken), all, "GET /x: waiting for an event: the answer is broken off: unexpected EOF"},
		"not in UTF-8":           {answering(t, 200, "text/event-stream", "data: \xff\n\n"), next, `GET /x: "data: \xff" is not UTF-8, which event streams are`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := failures(t, test.client, test.use); got != test.report+"\nthe test ends" {
				t.Errorf("got the report\n%s\nwant\n%s", got, test.report)
			}
		})
	}
}
