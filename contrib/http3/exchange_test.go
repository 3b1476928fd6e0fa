package http3_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/textproto"
	"strings"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/https"
	"github.com/quic-go/qpack"
)

// What a handler sees of a request is what it sees over the other versions.
func TestRequest(t *testing.T) {
	s := start(t, microroute.Config{}, func(app *microroute.App) {
		app.Post("/a/<int:n>", func(c *microroute.Context, n int) (string, error) {
			data, err := c.Request.Data()
			return fmt.Sprintf("%s %s %s %d q=%s host=%s/%d body=%s trailer=%s from=%s/%t tls=%x %s", c.Request.Proto, c.Request.Scheme(),
				c.Request.Path(), n, c.Request.Args.Get("q"), c.Request.Host(), len(c.Request.Header.Values("Host")), data,
				c.Request.Trailer().Get("X-Sum"), c.Request.RemoteAddr.Addr(), c.Request.RemoteAddr.Port() > 0,
				https.State(c).Version, https.State(c).NegotiatedProtocol), err
		})
	})
	r := s.request(t, "POST", "/a/7?q=1", io.NopCloser(strings.NewReader("some")))
	r.Trailer = http.Header{"X-Sum": {"42"}}
	got := show(t, s.do(t, r))
	want := "200 HTTP/3.0 HTTP/3.0 https /a/7 7 q=1 host=" + strings.TrimPrefix(s.url, "https://") +
		"/1 body=some trailer=42 from=127.0.0.1/true tls=304 h3"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// A client may say the host twice (RFC 9114 section 4.3.1).
func TestHostField(t *testing.T) {
	got := make(chan []string, 1)
	s := start(t, microroute.Config{}, func(app *microroute.App) {
		app.Get("/", func(c *microroute.Context) { got <- c.Request.Header.Values("Host") })
	})
	stream := ask(t, s.dial(t), requestHead(t, "tea.example", qpack.HeaderField{Name: "host", Value: "tea.example"}))
	if _, err := io.ReadAll(stream); err != nil {
		t.Fatal(err)
	}
	if hosts := <-got; len(hosts) != 1 || hosts[0] != "tea.example" {
		t.Errorf("got Host fields %q, want one", hosts)
	}
}

func TestResponse(t *testing.T) {
	s := start(t, microroute.Config{}, func(app *microroute.App) {
		app.Get("/plain", func(c *microroute.Context) string {
			c.Response.Header.Set("X-Test", "1")
			return "hello"
		})
		app.Get("/stream", func(c *microroute.Context) error {
			for range 3 {
				if err := c.Response.SendString("piece "); err != nil {
					return err
				}
			}
			return nil
		})
		app.Get("/reader", func(c *microroute.Context) io.Reader { return io.MultiReader(strings.NewReader("read")) })
		app.Get("/nothing", func(c *microroute.Context) { c.Response.Status = 204 })
		app.Get("/same", func(c *microroute.Context) { c.Response.Status = 304 })
		app.Get("/there", func(c *microroute.Context) error { return c.Response.Redirect("/plain") })
		app.Get("/bad", func(c *microroute.Context) error { return errors.New("no") })
		app.Get("/crash", func(c *microroute.Context) { panic("no") })
	})
	s.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for _, tt := range []struct {
		method, path, want, length string
	}{
		{"GET", "/plain", "200 HTTP/3.0 hello", "5"},
		{"HEAD", "/plain", "200 HTTP/3.0", "5"},
		{"GET", "/stream", "200 HTTP/3.0 piece piece piece", ""},
		{"HEAD", "/stream", "200 HTTP/3.0", ""},
		{"GET", "/reader", "200 HTTP/3.0 read", ""},
		{"HEAD", "/reader", "200 HTTP/3.0", ""},
		{"GET", "/nothing", "204 HTTP/3.0", ""},
		{"GET", "/same", "304 HTTP/3.0", ""},
		{"GET", "/there", "302 HTTP/3.0", "0"},
		{"GET", "/none", "404 HTTP/3.0", "*"},
		{"POST", "/plain", "405 HTTP/3.0", "*"},
		{"GET", "/bad", "500 HTTP/3.0", "*"},
		{"GET", "/crash", "500 HTTP/3.0", "*"},
	} {
		response := s.do(t, s.request(t, tt.method, tt.path, nil))
		length, got := response.Header.Get("Content-Length"), show(t, response)
		if got != tt.want && (tt.length != "*" || !strings.HasPrefix(got, tt.want)) {
			t.Errorf("%s %s: got %q, want %q", tt.method, tt.path, got, tt.want)
		}
		if tt.length != "*" && length != tt.length {
			t.Errorf("%s %s: Content-Length %q, want %q", tt.method, tt.path, length, tt.length)
		}
		if len(response.Header.Values("Date")) != 1 || response.Header.Get("Server") != "microroute" {
			t.Errorf("%s %s: fields %v, want one Date and Server: microroute", tt.method, tt.path, response.Header)
		}
	}
}

func TestTrailers(t *testing.T) {
	s := start(t, microroute.Config{}, func(app *microroute.App) {
		app.Get("/", func(c *microroute.Context) error {
			c.Response.Trailer.Set("X-Sum", "")
			if err := c.Response.SendString("content"); err != nil {
				return err
			}
			c.Response.Trailer.Set("X-Sum", "42")
			return nil
		})
	})
	response := s.do(t, s.request(t, "GET", "/", nil))
	announced := len(response.Trailer)
	if got := show(t, response); got != "200 HTTP/3.0 content" || announced != 1 || response.Trailer.Get("X-Sum") != "42" {
		t.Errorf("got %q, %d fields announced, trailer %v, want content and X-Sum: 42", got, announced, response.Trailer)
	}
}

func TestEarlyHints(t *testing.T) {
	s := start(t, microroute.Config{}, func(app *microroute.App) {
		app.Get("/", func(c *microroute.Context) (string, error) {
			return "page", c.Response.EarlyHints("</style.css>; rel=preload; as=style")
		})
	})
	var hints []string
	r := s.request(t, "GET", "/", nil)
	r = r.WithContext(httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{
		Got1xxResponse: func(code int, header textproto.MIMEHeader) error {
			hints = append(hints, fmt.Sprint(code, header["Link"]))
			return nil
		},
	}))
	response := s.do(t, r)
	if got := show(t, response); got != "200 HTTP/3.0 page" || len(response.Header.Values("Link")) != 1 {
		t.Errorf("got %q with Link %q, want the page with one", got, response.Header.Values("Link"))
	}
	if fmt.Sprint(hints) != "[103 [</style.css>; rel=preload; as=style]]" {
		t.Errorf("got interim responses %q", hints)
	}
}

func TestExpectContinue(t *testing.T) {
	s := start(t, microroute.Config{}, func(app *microroute.App) {
		app.Post("/", func(c *microroute.Context) (string, error) {
			data, err := c.Request.Data()
			return string(data), err
		})
	})
	told := make(chan struct{})
	body, send := io.Pipe()
	go func() {
		<-told
		io.WriteString(send, "content")
		send.Close()
	}()
	r := s.request(t, "POST", "/", body)
	r.Header.Set("Expect", "100-continue")
	r = r.WithContext(httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{Got100Continue: func() { close(told) }}))
	if got := show(t, s.do(t, r)); got != "200 HTTP/3.0 content" {
		t.Errorf("got %q", got)
	}
}

// Each piece reaches the client when it is sent, not when the next one or the end comes.
func TestStreaming(t *testing.T) {
	next := make(chan struct{})
	s := start(t, microroute.Config{}, func(app *microroute.App) {
		app.Get("/", func(c *microroute.Context) error {
			for i := range 3 {
				if err := c.Response.SendString(fmt.Sprintln(i)); err != nil {
					return err
				}
				<-next
			}
			return nil
		})
	})
	response := s.do(t, s.request(t, "GET", "/", nil))
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	for i := range 3 {
		if !lines.Scan() || lines.Text() != fmt.Sprint(i) {
			t.Fatalf("piece %d: got %q, %v", i, lines.Text(), lines.Err())
		}
		next <- struct{}{}
	}
	if lines.Scan() {
		t.Errorf("got %q after the last piece", lines.Text())
	}
}

// A response that cannot be completed looks broken to the client.
func TestBrokenResponse(t *testing.T) {
	s := start(t, microroute.Config{}, func(app *microroute.App) {
		app.Get("/error", func(c *microroute.Context) error {
			c.Response.SendString("some")
			return errors.New("no more")
		})
		app.Get("/panic", func(c *microroute.Context) {
			c.Response.SendString("some")
			panic("no more")
		})
		app.Get("/short", func(c *microroute.Context) {
			c.Response.Header.Set("Content-Length", "10")
			c.Response.SendString("some")
		})
		app.Get("/long", func(c *microroute.Context) error {
			c.Response.Header.Set("Content-Length", "3")
			c.Response.SendString("so")
			return c.Response.SendString("me")
		})
	})
	for _, path := range []string{"/error", "/panic", "/short", "/long"} {
		response, err := s.client.Do(s.request(t, "GET", path, nil))
		if err != nil {
			continue // the end has overtaken the beginning
		}
		if content, err := io.ReadAll(response.Body); err == nil {
			t.Errorf("%s: got %q, which looks complete", path, content)
		}
	}
	if got := s.get(t, "/none"); !strings.HasPrefix(got, "404 ") {
		t.Errorf("afterwards got %q, want 404", got)
	}
}

// A client that goes ends the context of its request, and of no other.
func TestClientGone(t *testing.T) {
	began, ended := make(chan struct{}), make(chan error)
	s := start(t, microroute.Config{}, func(app *microroute.App) {
		app.Get("/wait", func(c *microroute.Context) {
			began <- struct{}{}
			<-c.Context().Done()
			ended <- c.Response.SendString("too late")
		})
		app.Get("/", func(c *microroute.Context) string { return "here" })
	})
	ctx, cancel := context.WithCancel(soon(t))
	go s.client.Do(s.request(t, "GET", "/wait", nil).WithContext(ctx))
	<-began
	cancel()
	if err := <-ended; err == nil {
		t.Error("sending to a client that is gone succeeded")
	}
	if got := s.get(t, "/"); got != "200 HTTP/3.0 here" {
		t.Errorf("another request on the connection: got %q", got)
	}
	other := s.visitor(t)
	go other.Get(s.url + "/wait")
	<-began
	other.CloseIdleConnections()
	other.Transport.(io.Closer).Close()
	<-ended
}

// The connection carries other requests, too: it is nobody's own.
func TestNoClient(t *testing.T) {
	s := start(t, microroute.Config{}, func(app *microroute.App) {
		app.Get("/client", func(c *microroute.Context) string {
			_, err := c.Response.Client()
			return fmt.Sprint(errors.Is(err, microroute.ErrNoClient))
		})
		app.Get("/hijack", func(c *microroute.Context) string {
			_, err := c.Response.Hijack()
			return fmt.Sprint(errors.Is(err, microroute.ErrNoClient))
		})
		app.Get("/upgrade", func(c *microroute.Context) string {
			_, err := c.Response.Upgrade("shout")
			return fmt.Sprint(errors.Is(err, microroute.ErrNoClient))
		})
	})
	for _, path := range []string{"/client", "/hijack", "/upgrade"} {
		if got := s.get(t, path); got != "200 HTTP/3.0 true" {
			t.Errorf("%s: got %q, want ErrNoClient", path, got)
		}
	}
}

// A protocol that nobody knows is refused as such (RFC 9220 section 3).
func TestExtendedConnect(t *testing.T) {
	s := start(t, microroute.Config{}, func(app *microroute.App) {
		app.Handle("CONNECT", "/", func(*microroute.Context) string { return "tunnel" })
	})
	r := s.request(t, "CONNECT", "/", nil)
	r.Proto = "websocket"
	response, err := s.client.Transport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	if response.Body.Close(); response.StatusCode != 501 {
		t.Errorf("got %s, want 501", response.Status)
	}
}

func TestRemoteAddr(t *testing.T) {
	got := make(chan netip.AddrPort, 1)
	s := start(t, microroute.Config{}, func(app *microroute.App) {
		app.Get("/", func(c *microroute.Context) { got <- c.Request.RemoteAddr })
	})
	s.get(t, "/")
	if a := <-got; a.Addr() != netip.MustParseAddr("127.0.0.1") || a.Port() == 0 {
		t.Errorf("RemoteAddr = %v, want 127.0.0.1 with a port", a)
	}
}
