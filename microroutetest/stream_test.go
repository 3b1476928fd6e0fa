package microroutetest_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/microroutetest"
)

// brewery returns an App whose handlers take their time.
func brewery() *microroute.App {
	app := microroute.New()
	app.Get("/brew", func(c *microroute.Context) error {
		c.Response.Trailer.Set("X-Sum", "")
		for _, step := range []string{"Boil water.\n", "Add leaves.\r\n", "Wait."} {
			if err := c.Response.SendString(step); err != nil {
				return err
			}
			time.Sleep(time.Minute)
		}
		c.Response.Trailer.Set("X-Sum", "7")
		return nil
	})
	app.Post("/echo", func(c *microroute.Context) error {
		c.Response.MIMEType = "text/plain"
		if err := c.Response.SendHeader(); err != nil {
			return err
		}
		_, err := io.Copy(c.Response, c.Request.Body())
		return err
	})
	app.Get("/hints", func(c *microroute.Context) error {
		for _, link := range []string{"</a.css>", "</b.css>"} {
			if err := c.Response.EarlyHints(link); err != nil {
				return err
			}
			time.Sleep(time.Minute)
		}
		return c.Response.SendString("late")
	})
	app.Get("/hints/<int:n>", func(c *microroute.Context, n int) (string, error) {
		for range n {
			if err := c.Response.EarlyHints("</a.css>"); err != nil {
				return "", err
			}
		}
		return "tea", nil
	})
	app.Get("/never", func(c *microroute.Context) { <-c.Context().Done() })
	app.Get("/broken", func(c *microroute.Context) error {
		return errors.Join(c.Response.SendString("Boil water.\nAdd"), errors.New("no leaves"))
	})
	return app
}

func TestStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		after := func(want time.Duration) {
			t.Helper()
			if took := time.Since(start); took != want {
				t.Errorf("it came after %v, want %v", took, want)
			}
		}
		stream := microroutetest.New(t, brewery()).Stream("GET", "/brew")
		stream.Want(200).WantHeader("Content-Type", "text/html; charset=utf-8")
		if got := stream.Line(); got != "Boil water." {
			t.Errorf("got the line %q", got)
		}
		after(0)
		if got := stream.Line(); got != "Add leaves." {
			t.Errorf("got the line %q", got)
		}
		after(time.Minute)
		stream.Want(200, "Boil water.\nAdd leaves.\r\n")
		stream.WantNext("Wa")
		after(2 * time.Minute)
		if got := stream.Rest(); got != "it." {
			t.Errorf("got the rest %q", got)
		}
		after(3 * time.Minute)
		stream.Want(200, "Boil water.\nAdd leaves.\r\nWait.")
		if sum := stream.Trailer.Get("X-Sum"); sum != "7" {
			t.Errorf("got X-Sum %q behind the body, want 7", sum)
		}
	})
}

// Fields behind the body that have not been announced are seen as well, at the end.
func TestTrailerOfStream(t *testing.T) {
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) error {
		if err := c.Response.SendString("tea"); err != nil {
			return err
		}
		c.Response.Trailer.Set("X-Sum", "7")
		return nil
	})
	stream := microroutetest.New(t, app).Stream("GET", "/")
	stream.WantNext("tea")
	if stream.Trailer != nil {
		t.Errorf("got %v before the end", stream.Trailer)
	}
	stream.Rest()
	if sum := stream.Trailer.Get("X-Sum"); sum != "7" {
		t.Errorf("got X-Sum %q behind the body, want 7", sum)
	}
}

// A line need not end with a line break if the answer does.
func TestLineAtTheEnd(t *testing.T) {
	client := answering(t, 200, "", "Boil water.\nAdd leaves.")
	stream := client.Stream("GET", "/x")
	if got := fmt.Sprintf("%q %q", stream.Line(), stream.Line()); got != `"Boil water." "Add leaves."` {
		t.Errorf("got %s", got)
	}
}

func TestStreamReports(t *testing.T) {
	client := microroutetest.New(t, brewery())
	texts := answering(t, 200, "", "Boil water.\nAdd leaves.\n")
	for name, test := range map[string]struct {
		client *microroutetest.Client
		use    func(*microroutetest.Client)
		report string
	}{
		"another text": {texts, func(c *microroutetest.Client) { c.Stream("GET", "/x").WantNext("Boil milk.\n") },
			"GET /x\n    next: got \"Boil water.\", want \"Boil milk.\\n\""},
		"an early end": {texts, func(c *microroutetest.Client) { c.Stream("GET", "/x").WantNext("Boil water.\nAdd leaves.\nWait.") },
			"GET /x\n    next (-want +got):\n          Boil water.\n          Add leaves.\n        - Wait.\n    the answer has ended"},
		"no line": {texts, func(c *microroutetest.Client) {
			stream := c.Stream("GET", "/x")
			for range 3 {
				stream.Line()
			}
		}, "GET /x: waiting for a line: the answer has ended\nthe test ends"},
		"a broken line": {client, func(c *microroutetest.Client) {
			stream := c.Stream("GET", "/broken")
			stream.Line()
			stream.Line()
		}, "GET /broken: waiting for a line: the answer is broken off: unexpected EOF\nthe test ends"},
		"a broken rest": {client, func(c *microroutetest.Client) { c.Stream("GET", "/broken").Rest() },
			"GET /broken: behind \"Boil water.\\nAdd\": the answer is broken off: unexpected EOF\nthe test ends"},
		"a broken text": {client, func(c *microroutetest.Client) { c.Stream("GET", "/broken").WantNext("Boil water.\nAdd leaves.") },
			"GET /broken\n    next (-want +got):\n          Boil water.\n        - Add leaves.\n        + Add\n    the answer is broken off: unexpected EOF"},
		"content of GET": {client, func(c *microroutetest.Client) { c.Open("GET", "/never").Send("tea") },
			"GET /never: such a request has no content\nthe test ends"},
		"a trailer by surprise": {client, func(c *microroutetest.Client) { c.Open("POST", "/echo", "Trailer", "A, b").End("B", "1", "C", "2") },
			"POST /echo: C must be announced by a Trailer field\nthe test ends"},
		"hints without an end": {client, func(c *microroutetest.Client) { c.Open("GET", "/hints/65").Answer() },
			"GET /hints/65: net/http: HTTP/1.x transport connection broken: too many interim responses\nthe test ends"},
		"as many as may be": {client, func(c *microroutetest.Client) { c.Open("GET", "/hints/64").Answer() }, ""},
		"no answer": {client, func(c *microroutetest.Client) {
			request := c.Open("GET", "/never")
			request.Close()
			request.Answer()
		}, "GET /never: context canceled\nthe test ends"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := failures(t, test.client, test.use); got != test.report {
				t.Errorf("got the report\n%s\nwant\n%s", got, test.report)
			}
		})
	}
}

// The answer is read while the request is written.
func TestOpen(t *testing.T) {
	for name, test := range map[string]func(*testing.T, func(*testing.T)){
		"in a bubble": synctest.Test,
		"outside":     func(t *testing.T, f func(*testing.T)) { f(t) },
	} {
		t.Run(name, func(t *testing.T) {
			test(t, func(t *testing.T) {
				request := microroutetest.New(t, brewery()).Open("POST", "/echo", "Content-Type", "text/plain")
				stream := request.Answer()
				stream.Want(200, "").WantHeader("Content-Type", "text/plain; charset=utf-8")
				for _, piece := range []string{"Assam", "Ceylon", strings.Repeat("x", 10_000)} {
					if err := request.Send(piece); err != nil {
						t.Fatal(err)
					}
					stream.WantNext(piece)
				}
				request.End()
				stream.Want(200, "AssamCeylon"+strings.Repeat("x", 10_000)+stream.Rest())
			})
		})
	}
}
