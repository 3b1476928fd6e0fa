package microroutetest_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/microroutetest"
)

// mistaken makes TestMistaken fail.
const mistaken = "MICROROUTETEST_MISTAKEN"

// Each failure is reported with the line of the test that it happens in.
func TestLineOfTheCaller(t *testing.T) {
	source, err := os.ReadFile("lines_test.go")
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(os.Args[0], "-test.run=^TestMistaken$")
	command.Env = append(os.Environ(), mistaken+"=1")
	output, err := command.CombinedOutput()
	if err == nil {
		t.Errorf("the mistaken test has passed: %s", output)
	}
	n := 0
	for i, line := range bytes.Split(source, []byte("\n")) {
		if bytes.HasSuffix(line, []byte("// here")) {
			n++
			if want := fmt.Sprintf("lines_test.go:%d: ", i+1); !strings.Contains(string(output), want) {
				t.Errorf("nothing is reported for %s %s", want, bytes.TrimSpace(line))
			}
		}
	}
	if got := len(regexp.MustCompile(`(?m)^ +\w+\.go:\d+: `).FindAll(output, -1)); got != n {
		t.Errorf("got %d reports, want %d:\n%s", got, n, output)
	}
	if strings.Contains(string(output), "panic") {
		t.Errorf("got %s", output)
	}
}

// TestMistaken fails in every way that there is.
func TestMistaken(t *testing.T) {
	if os.Getenv(mistaken) == "" {
		t.Skip("it is run by TestLineOfTheCaller")
	}
	app := newEcho()
	app.Get("/x", func(*microroute.Context) string { return "tea\n" })
	app.Get("/never", func(c *microroute.Context) { <-c.Context().Done() })
	app.Get("/once", func(c *microroute.Context) string {
		if c.Request.Header.Get("Last-Event-ID") != "" {
			return "again?"
		}
		c.Response.MIMEType = "text/event-stream"
		return "id: 1\ndata: a\n\n"
	})
	app.Get("/broken", func(c *microroute.Context) error {
		return errors.Join(c.Response.SendString("tea"), errors.New("no more"))
	})
	client := microroutetest.New(t, app)
	ends := func(use func(*testing.T, *microroutetest.Client)) {
		t.Run("", func(t *testing.T) { use(t, client.In(t)) })
	}

	client.Get("/x").Want(404)                 // here
	client.Get("/x").WantHeader("Allow", "x")  // here
	client.Get("/x").WantContains("milk")      // here
	client.Get("/x").WantJSON(200, nil)        // here
	client.Stream("GET", "/x").WantNext("tee") // here
	client.Stream("GET", "/x").
		Want(404) // here
	ends(func(t *testing.T, c *microroutetest.Client) {
		mistake := microroute.New()
		mistake.Get("/<", func() {})
		microroutetest.New(t, mistake) // here
	})
	ends(func(t *testing.T, c *microroutetest.Client) {
		e := &ending{recorder: recorder{TB: t}}
		closed := microroutetest.New(e, microroute.New())
		e.end()
		closed.In(t).Dial() // here
	})
	ends(func(t *testing.T, c *microroutetest.Client) {
		c.Get("/%zz") // here
	})
	ends(func(t *testing.T, c *microroutetest.Client) {
		c.Get("/broken") // here
	})
	ends(func(t *testing.T, c *microroutetest.Client) {
		c.Post("/%zz", "", "") // here
	})
	ends(func(t *testing.T, c *microroutetest.Client) {
		c.PostForm("/%zz", nil) // here
	})
	ends(func(t *testing.T, c *microroutetest.Client) {
		c.Do("GET", "/x", "", "", "name") // here
	})
	ends(func(t *testing.T, c *microroutetest.Client) {
		c.With("name") // here
	})
	ends(func(t *testing.T, c *microroutetest.Client) {
		c.From("") // here
	})
	ends(func(t *testing.T, c *microroutetest.Client) {
		c.At("") // here
	})
	ends(func(t *testing.T, c *microroutetest.Client) {
		c.Get("/x").WantJSON(200, "{") // here
	})
	ends(func(t *testing.T, c *microroutetest.Client) {
		c.Open("GET", "/%zz") // here
	})
	ends(func(t *testing.T, c *microroutetest.Client) {
		c.Open("GET", "/x").Send("tea") // here
	})
	ends(func(t *testing.T, c *microroutetest.Client) {
		c.Open("GET", "/x").End("A", "1") // here
	})
	ends(func(t *testing.T, c *microroutetest.Client) {
		request := c.Open("GET", "/never")
		request.Close()
		request.Answer() // here
	})
	ends(func(t *testing.T, c *microroutetest.Client) {
		c.Stream("GET", "/%zz") // here
	})
	ends(func(t *testing.T, c *microroutetest.Client) {
		stream := c.Stream("GET", "/x")
		stream.Close()
		stream.Line() // here
	})
	ends(func(t *testing.T, c *microroutetest.Client) {
		stream := c.Stream("GET", "/x")
		stream.Close()
		stream.Rest() // here
	})
	ends(func(t *testing.T, c *microroutetest.Client) {
		c.Events("/x") // here
	})
	ends(func(t *testing.T, c *microroutetest.Client) {
		events := answering(t, 200, "text/event-stream", "data: a\n").Events("/x")
		events.Next() // here
	})
	ends(func(t *testing.T, c *microroutetest.Client) {
		events := answering(t, 200, "text/event-stream", "\xff\n").Events("/x")
		for range events.All() { // here
		}
	})
	ends(func(t *testing.T, c *microroutetest.Client) {
		events := c.Events("/once")
		events.Next()
		events.Reconnect() // here
	})
	ends(func(t *testing.T, c *microroutetest.Client) {
		c.WebSocket("/x") // here
	})
	for _, use := range []func(*microroutetest.WebSocket){
		func(w *microroutetest.WebSocket) { w.Send("tea") },               // here
		func(w *microroutetest.WebSocket) { w.SendBinary([]byte("tea")) }, // here
		func(w *microroutetest.WebSocket) { w.Receive() },                 // here
		func(w *microroutetest.WebSocket) { w.ReceiveBinary() },           // here
		func(w *microroutetest.WebSocket) { w.WantNext("tea") },           // here
		func(w *microroutetest.WebSocket) { w.Ping("") },                  // here
		func(w *microroutetest.WebSocket) { w.Close(1000, "") },           // here
		func(w *microroutetest.WebSocket) { w.WantClose(1000) },           // here
	} {
		ends(func(t *testing.T, c *microroutetest.Client) {
			w := c.WebSocket("/echo")
			w.Leave()
			use(w)
		})
	}
}
