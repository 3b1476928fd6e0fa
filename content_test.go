package microroute_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/microroutetest"
)

type (
	text     string
	octets   []byte
	pieces   func(yield func(string) bool)
	document struct{ Title string }
	banner   struct{ text string }
)

func (b banner) Render(_ context.Context, w io.Writer) error {
	if b.text == "" {
		return errors.New("no text")
	}
	_, err := io.WriteString(w, b.text)
	return err
}

func TestContent(t *testing.T) {
	const html, plainJSON = "text/html; charset=utf-8", "application/json"
	for name, test := range map[string]struct {
		handler        any
		mimeType, want string
		length         bool // is known beforehand
	}{
		"string":           {func(*Context) string { return "é" }, html, "é", true},
		"named string":     {func(*Context) text { return "é" }, html, "é", true},
		"octets":           {func(*Context) []byte { return []byte{0, 1, 254, 255} }, html, "\x00\x01\xfe\xff", true},
		"named octets":     {func(*Context) octets { return octets("abc") }, html, "abc", true},
		"string as any":    {func(*Context) any { return "abc" }, html, "abc", true},
		"octets as any":    {func(*Context) any { return []byte("abc") }, html, "abc", true},
		"int":              {func(*Context) int { return 42 }, plainJSON, "42", true},
		"int64":            {func(*Context) int64 { return 42 }, plainJSON, "42", true},
		"float":            {func(*Context) float64 { return 2.5 }, plainJSON, "2.5", true},
		"bool":             {func(*Context) bool { return true }, plainJSON, "true", true},
		"struct":           {func(*Context) document { return document{"T"} }, plainJSON, `{"Title":"T"}`, true},
		"pointer":          {func(*Context) *document { return &document{"T"} }, plainJSON, `{"Title":"T"}`, true},
		"nil pointer":      {func(*Context) *document { return nil }, plainJSON, "null", true},
		"map":              {func(*Context) map[string]int { return map[string]int{"a": 1} }, plainJSON, `{"a":1}`, true},
		"list":             {func(*Context) []string { return []string{"a", "b"} }, plainJSON, `["a","b"]`, true},
		"raw JSON":         {func(*Context) json.RawMessage { return json.RawMessage("[1]") }, plainJSON, "[1]", true},
		"value and error":  {func(*Context) (document, error) { return document{"T"}, nil }, plainJSON, `{"Title":"T"}`, true},
		"component":        {func(*Context) banner { return banner{"<b>"} }, html, "<b>", true},
		"component as any": {func(*Context) any { return banner{"<b>"} }, html, "<b>", true},
		"as Component":     {func(*Context) microroute.Component { return banner{"<b>"} }, html, "<b>", true},
		"buffer":           {func(*Context) *bytes.Buffer { return bytes.NewBufferString("abc") }, html, "abc", true},
		"reader":           {func(*Context) io.Reader { return strings.NewReader("abc") }, html, "abc", true},
		"reader of unknown length": {func(*Context) io.Reader { return io.MultiReader(strings.NewReader("abc")) },
			html, "abc", false},
		"sequence of strings": {func(*Context) iter.Seq[string] { return slices.Values([]string{"a", "", "bc"}) }, html, "abc", false},
		"sequence of octets":  {func(*Context) iter.Seq[[]byte] { return slices.Values([][]byte{{'a'}, {'b'}}) }, html, "ab", false},
		"function":            {func(*Context) func(func(string) bool) { return func(y func(string) bool) { y("a") } }, html, "a", false},
		"named function":      {func(*Context) pieces { return func(y func(string) bool) { y("a") } }, html, "a", false},
		"sequence, error":     {func(*Context) (iter.Seq[string], error) { return slices.Values([]string{"a"}), nil }, html, "a", false},
		"nil sequence":        {func(*Context) iter.Seq[string] { return nil }, html, "", true},
		"handler with a type": {microroute.Handler(func(c *Context) error { return c.Response.SendJSON([]int{1}) }), plainJSON, "[1]", true},
	} {
		t.Run(name, func(t *testing.T) {
			app := microroute.New()
			app.Get("/", test.handler)
			got := microroutetest.New(t, app).Get("/")
			if got.Status != 200 || got.Header.Get("Content-Type") != test.mimeType || got.Body != test.want {
				t.Errorf("got %d %s %q, want 200 %s %q", got.Status, got.Header.Get("Content-Type"), got.Body, test.mimeType, test.want)
			}
			length := fmt.Sprint(len(test.want))
			if !test.length {
				length = ""
			}
			if got.Header.Get("Content-Length") != length {
				t.Errorf("got Content-Length %q, want %q", got.Header.Get("Content-Length"), length)
			}
		})
	}
}

// A result with an error is no body: the error is answered.
func TestErrorBeatsValue(t *testing.T) {
	app := microroute.New()
	failed := &microroute.Error{Status: 409, Detail: "failed"}
	app.Get("/string", func(*Context) (string, error) { return "body", failed })
	app.Get("/octets", func(*Context) ([]byte, error) { return []byte("body"), failed })
	app.Get("/reader", func(*Context) (io.Reader, error) { return strings.NewReader("body"), failed })
	app.Get("/struct", func(*Context) (document, error) { return document{"body"}, failed })
	app.Get("/<a>/<b>/<c>/<d>", func(*Context, string, string, string, string) (string, error) { return "body", failed })
	client := microroutetest.New(t, app)
	for _, target := range []string{"/string", "/octets", "/reader", "/struct", "/1/2/3/4"} {
		got := client.Get(target)
		if got.Status != 409 || strings.Contains(got.Body, "body") || !strings.Contains(got.Body, "failed") {
			t.Errorf("%s: got %d %q, want the page of the error", target, got.Status, got.Body)
		}
	}
}

func TestContentThatCannotBeMade(t *testing.T) {
	app := microroute.New()
	app.Get("/json", func(*Context) any { return map[string]any{"a": make(chan int)} })
	app.Get("/component", func(*Context) any { return banner{} })
	app.Get("/send-json", func(c *Context) error { return c.Response.SendJSON(func() {}) })
	app.Get("/render", func(c *Context) error { return c.Response.Render("page", nil) })
	client := microroutetest.New(t, app)
	for _, target := range []string{"/json", "/component", "/send-json", "/render"} {
		if got := client.Get(target); got.Status != 500 || !strings.Contains(got.Body, "<h1>500 Internal Server Error</h1>") {
			t.Errorf("%s: got %d %q, want the page of a 500", target, got.Status, got.Body)
		}
	}
}

// What is decided by Render, SendJSON or SendFile after data has gone out cannot be sent any more, and the handler learns it.
func TestTooLateForContent(t *testing.T) {
	app := microroute.New(microroute.Config{Renderer: pages{}})
	errs := make(chan error, 1)
	late := func(send func(r *microroute.Response) error) func(c *Context) error {
		return func(c *Context) error {
			err := c.Response.SendString("sent")
			errs <- send(c.Response)
			return err
		}
	}
	app.Get("/json", late(func(r *microroute.Response) error { return r.SendJSON("late") }))
	app.Get("/render", late(func(r *microroute.Response) error { return r.Render("late", nil) }))
	app.Get("/file", late(func(r *microroute.Response) error { return r.SendFile("go.mod") }))
	client := microroutetest.New(t, app)
	for _, target := range []string{"/json", "/render", "/file"} {
		if got := client.Get(target); got.Body != "sent" {
			t.Errorf("%s: got %q, want what was sent first", target, got.Body)
		}
		if err := <-errs; !errors.Is(err, microroute.ErrHeaderSent) && !errors.Is(err, microroute.ErrDecided) {
			t.Errorf("%s: got error %v, want one that says it is too late", target, err)
		}
	}
}

// drawn is a reader that remembers whether it was read and closed.
type drawn struct {
	io.Reader
	read, closed atomic.Bool
}

func (d *drawn) Read(p []byte) (int, error) { d.read.Store(true); return d.Reader.Read(p) }
func (d *drawn) Close() error               { d.closed.Store(true); return nil }

func TestReadersAreClosed(t *testing.T) {
	nothing := func(*Context) error { return nil }
	for name, test := range map[string]struct {
		method string
		before func(c *Context) error
		read   bool
	}{
		"sent":              {"GET", nothing, true},
		"HEAD":              {"HEAD", nothing, false},
		"204":               {"GET", func(c *Context) error { c.Response.Status = 204; return nil }, false},
		"304":               {"GET", func(c *Context) error { c.Response.Status = 304; return nil }, false},
		"header sent":       {"GET", func(c *Context) error { return c.Response.SendHeader() }, true},
		"data sent":         {"GET", func(c *Context) error { return c.Response.SendString("sent") }, false},
		"redirected":        {"GET", func(c *Context) error { return c.Response.Redirect("/") }, false},
		"aborted":           {"GET", func(c *Context) error { c.Response.Abort(403); return nil }, false},
		"closed":            {"GET", func(c *Context) error { return c.Response.Close() }, false},
		"raw data":          {"GET", func(c *Context) error { return writeRaw(c, "HTTP/1.1 299 Raw\r\n\r\n") }, false},
		"After fails":       {"GET", func(c *Context) error { c.Response.Header.Set("X-Fail", "1"); return nil }, false},
		"OnSend panics":     {"GET", func(c *Context) error { c.Response.OnSend(func() { panic("failed") }); return nil }, false},
		"a hook redirected": {"GET", func(c *Context) error { c.Response.Header.Set("X-Away", "1"); return nil }, false},
	} {
		t.Run(name, func(t *testing.T) {
			app := microroute.New()
			reader := &drawn{Reader: strings.NewReader(strings.Repeat("body", 1<<20))}
			app.Get("/", func(c *Context) (io.Reader, error) { return reader, test.before(c) })
			app.After(func(c *Context) error {
				if c.Response.Header.Has("X-Fail") {
					return errors.New("failed")
				}
				if c.Response.Header.Has("X-Away") {
					return c.Response.Redirect("/away")
				}
				return nil
			})
			server, err := app.Start("127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			talk(t, server, lines(test.method+" / HTTP/1.1", "Host: a.test", "Connection: close"))
			if err := server.Shutdown(context.Background()); err != nil { // when the handler has returned
				t.Fatal(err)
			}
			if !reader.closed.Load() {
				t.Error("the reader was not closed")
			}
			if reader.read.Load() != test.read {
				t.Errorf("the reader was read: %t, want %t", reader.read.Load(), test.read)
			}
		})
	}
}

func TestReaderIsClosedWhenTheClientGoes(t *testing.T) {
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		reader := &drawn{Reader: strings.NewReader(strings.Repeat("body", 4<<20))}
		began := make(chan bool)
		app.Get("/", func(c *Context) io.Reader {
			gone := c.Context().Done()
			began <- true
			<-gone
			return reader
		})
		server, err := app.Start("127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		client := dial(t, server)
		io.WriteString(client, lines("GET / HTTP/1.1", "Host: a.test"))
		<-began
		client.SetLinger(0)
		client.Close()
		if err := server.Shutdown(context.Background()); err != nil {
			t.Fatal(err)
		}
		if !reader.closed.Load() {
			t.Error("the reader was not closed")
		}
	})
}

// A stream that fails midway must look broken, and whoever makes it learns when nobody listens any more.
func TestStreamThatFails(t *testing.T) {
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		app.Get("/reader", func(*Context) io.Reader {
			return io.MultiReader(strings.NewReader("abc"), iotest.ErrReader(errors.New("failed")))
		})
		app.Get("/sequence", func(*Context) iter.Seq[string] {
			return func(yield func(string) bool) { yield("abc"); panic("failed") }
		})
		server := serve(t, app)
		for _, target := range []string{"/reader", "/sequence"} {
			got := talk(t, server, lines("GET "+target+" HTTP/1.1", "Host: a.test", "Connection: close"))
			if !strings.Contains(got, "abc") || !isBroken(got) || strings.Count(got, "HTTP/1.1") != 1 {
				t.Errorf("%s: got %q, want the start of a response that has no end", target, got)
			}
		}
	})
}

func TestSequenceEndsWithItsClient(t *testing.T) {
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		ended := make(chan bool)
		app.Get("/", func(*Context) iter.Seq[string] {
			return func(yield func(string) bool) {
				for yield(strings.Repeat("x", 1<<16)) {
				}
				ended <- true
			}
		})
		client := dial(t, serve(t, app))
		if _, err := io.WriteString(client, lines("GET / HTTP/1.1", "Host: a.test")); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(client, make([]byte, 100)); err != nil {
			t.Fatal(err)
		}
		client.Close()
		<-ended
	})
}
