package microroute_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/microroute/microroute"
)

const style, script = "</style.css>; rel=preload; as=style", "</app.js>; rel=preload; as=script"

// Hints go out while the handler is at work, and their links stay in the header (RFC 8297 section 2).
func TestEarlyHints(t *testing.T) {
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		hinted := make(chan bool)
		app.Get("/", func(c *Context) (string, error) {
			err := c.Response.EarlyHints(style)
			<-hinted
			return "page", errors.Join(err, c.Response.EarlyHints(), c.Response.EarlyHints(script, "</a\r\nX: 1>"))
		})
		conn := dial(t, serve(t, app))
		io.WriteString(conn, lines("GET / HTTP/1.1", "Host: a.test", "Connection: close"))
		if got, want := readUntil(t, conn, "\r\n\r\n"), lines("HTTP/1.1 103 Early Hints", "Link: "+style); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		close(hinted)
		if got, want := readUntil(t, conn, "\r\n\r\n"), lines("HTTP/1.1 103 Early Hints", "Link: "+script, "Link: </a  X: 1>"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		rest, err := io.ReadAll(conn)
		got := parse(t, string(rest))
		if want := []string{style, script, "</a  X: 1>"}; !slices.Equal(got.header["Link"], want) || got.body != "page" || err != nil {
			t.Errorf("got %s with Link %q and %q, %v, want %q and the page", got.line, got.header["Link"], got.body, err, want)
		}
	})
}

// HTTP/1.0 knows no interim responses.
func TestEarlyHintsInHTTP10(t *testing.T) {
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		app.Get("/", func(c *Context) (string, error) { return "page", c.Response.EarlyHints(style) })
		got := talk(t, serve(t, app), lines("GET / HTTP/1.0"))
		if answer := parse(t, got); answer.line != "HTTP/1.1 200 OK" || answer.header.Get("Link") != style || answer.body != "page" {
			t.Errorf("got %q, want the page with its Link at once", got)
		}
	})
}

func TestEarlyHintsTooLate(t *testing.T) {
	app := microroute.New()
	late := map[string]func(c *Context) error{
		"/sent":    func(c *Context) error { return c.Response.SendString("page") },
		"/decided": func(c *Context) error { return c.Response.Redirect("/") },
		"/closed":  func(c *Context) error { return c.Response.Close() },
	}
	failed := make(chan error, 1)
	for rule, first := range late {
		app.Get(rule, func(c *Context) {
			first(c)
			failed <- c.Response.EarlyHints(style)
		})
	}
	server := serve(t, app)
	for rule, want := range map[string]error{"/sent": microroute.ErrHeaderSent, "/decided": microroute.ErrDecided, "/closed": nil} {
		got := talk(t, server, lines("GET "+rule+" HTTP/1.1", "Host: a.test", "Connection: close"))
		err := <-failed
		if timeout := (*microroute.TimeoutError)(nil); want != nil && !errors.Is(err, want) || want == nil && !errors.As(err, &timeout) {
			t.Errorf("%s: got %v, want %v", rule, err, want)
		}
		if strings.Contains(got, " 103 ") || strings.Contains(got, "Link") {
			t.Errorf("%s: got %q, want no hints", rule, got)
		}
	}
}

// net/http's client tells of hints.
func TestEarlyHintsWithNetHTTP(t *testing.T) {
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		app.Get("/", func(c *Context) (string, error) { return "page", c.Response.EarlyHints(style, script) })
		var got []string
		trace := &httptrace.ClientTrace{Got1xxResponse: func(code int, header textproto.MIMEHeader) error {
			got = append(append(got, strconv.Itoa(code)), header["Link"]...)
			return nil
		}}
		request, err := http.NewRequestWithContext(httptrace.WithClientTrace(t.Context(), trace), "GET", "http://"+serve(t, app).Addr().String(), nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Close = true
		response, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if want := []string{"103", style, script}; !slices.Equal(got, want) || response.StatusCode != 200 {
			t.Errorf("got %q, then %s, want %q and 200", got, response.Status, want)
		}
	})
}
