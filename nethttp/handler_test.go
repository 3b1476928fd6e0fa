package nethttp_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/nethttp"
)

func ExampleHandler() {
	app := microroute.New()
	app.Get("/hello/<name>", func(c *microroute.Context, name string) string { return "Hello " + name + "!" })

	w := httptest.NewRecorder()
	nethttp.Handler(app).ServeHTTP(w, httptest.NewRequest("GET", "/hello/world", nil))
	fmt.Println(w.Code, w.Body)
	// Output: 200 Hello world!
}

// serve serves app by net/http, over TLS and HTTP/2 if h2 is true.
func serve(t *testing.T, h2 bool, add func(app *microroute.App)) *httptest.Server {
	t.Helper()
	app := microroute.New(microroute.Config{Logger: slog.New(slog.DiscardHandler)})
	add(app)
	s := httptest.NewUnstartedServer(nethttp.Handler(app))
	if h2 {
		s.EnableHTTP2 = true
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(s.Close)
	return s
}

func each(t *testing.T, test func(t *testing.T, h2 bool)) {
	t.Run("HTTP/1", func(t *testing.T) { test(t, false) })
	t.Run("HTTP/2", func(t *testing.T) { test(t, true) })
}

// A response that fails midway must not look complete.
func TestBrokenBodiesAreSeen(t *testing.T) {
	failing := func() io.Reader {
		return io.MultiReader(strings.NewReader("some"), iotest.ErrReader(errors.New("disk")))
	}
	each(t, func(t *testing.T, h2 bool) {
		s := serve(t, h2, func(app *microroute.App) {
			app.Get("/reader", func(*microroute.Context) io.Reader { return failing() })
			app.Get("/header", func(c *microroute.Context) (io.Reader, error) { return failing(), c.Response.SendHeader() })
			app.Get("/panic", func(c *microroute.Context) { c.Response.SendString("some"); panic("failed") })
			app.Get("/abort", func(c *microroute.Context) error { c.Response.SendString("some"); return c.Response.Abort(500) })
			app.Get("/short", func(c *microroute.Context) error {
				c.Response.Header.Set("Content-Length", "9")
				return c.Response.SendString("some")
			})
		})
		for _, path := range []string{"/reader", "/header", "/panic", "/abort", "/short"} {
			response, err := s.Client().Get(s.URL + path)
			if err != nil {
				continue // broken before the header could be read: seen, too
			}
			body, err := io.ReadAll(response.Body)
			response.Body.Close()
			if err == nil {
				t.Errorf("%s: got %q as if it were complete", path, body)
			}
		}
	})
}

func TestRequestsArrive(t *testing.T) {
	each(t, func(t *testing.T, h2 bool) {
		s := serve(t, h2, func(app *microroute.App) {
			app.Post("/<a>/<int:n>", func(c *microroute.Context, a string, n int) (string, error) {
				data, err := c.Request.Data()
				return fmt.Sprint(a, n, c.Request.Path(), c.Request.Args.Values("q"), c.Request.Host() == c.Request.Header.Get("Host"),
					c.Request.Scheme(), c.Request.RemoteAddr.Addr().IsLoopback(), c.Request.LocalAddr() != nil, string(data)), err
			})
		})
		response, err := s.Client().Post(s.URL+"/gr%C3%BCn%2Fer/7?q=a+b&q=c", "text/plain", strings.NewReader("body"))
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		scheme := map[bool]string{true: "https", false: "http"}[h2]
		want := "grün/er7/grün/er/7[a b c] true" + scheme + "true truebody"
		if string(body) != want || err != nil {
			t.Errorf("got %q, %v, want %q", body, err, want)
		}
		if h2 != (response.ProtoMajor == 2) {
			t.Errorf("got %s", response.Proto)
		}
	})
}

func TestLimit(t *testing.T) {
	each(t, func(t *testing.T, h2 bool) {
		s := serve(t, h2, func(app *microroute.App) {
			app.With(microroute.MaxBody(4)).Post("/", func(c *microroute.Context) (string, error) {
				data, err := c.Request.Data()
				return string(data), err
			})
		})
		for body, want := range map[string]int{"four": 200, "fives": 413} {
			for name, reader := range map[string]io.Reader{"length": strings.NewReader(body), "stream": io.MultiReader(strings.NewReader(body))} {
				response, err := s.Client().Post(s.URL, "text/plain", reader)
				if err != nil {
					t.Fatal(err)
				}
				response.Body.Close()
				if response.StatusCode != want {
					t.Errorf("%q with known %s: got %d, want %d", body, name, response.StatusCode, want)
				}
			}
		}
	})
}

func TestClientIsTakenOver(t *testing.T) {
	s := serve(t, false, func(app *microroute.App) {
		app.Post("/", func(c *microroute.Context) error {
			client, err := c.Response.Client()
			if err != nil {
				return err
			}
			line, err := bufio.NewReader(client).ReadString('\n')
			fmt.Fprintf(client, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\ngot %s", line)
			return err
		})
	})
	response, err := s.Client().Post(s.URL, "text/plain", strings.NewReader("hello\n"))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if body, err := io.ReadAll(response.Body); string(body) != "got hello\n" || err != nil {
		t.Errorf("got %q, %v", body, err)
	}
}

func TestNoClientOverHTTP2(t *testing.T) {
	s := serve(t, true, func(app *microroute.App) {
		app.Get("/", func(c *microroute.Context) string {
			_, err := c.Response.Client()
			_, hijack := c.Response.Hijack()
			return fmt.Sprint(errors.Is(err, microroute.ErrNoClient), errors.Is(hijack, microroute.ErrNoClient))
		})
	})
	response, err := s.Client().Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if body, err := io.ReadAll(response.Body); string(body) != "true true" || err != nil {
		t.Errorf("got %q, %v, want ErrNoClient twice", body, err)
	}
}

func TestMistakesPanic(t *testing.T) {
	app := microroute.New()
	app.Get("/<x>", func(*microroute.Context) {})
	defer func() {
		if cause := recover(); cause == nil || !strings.Contains(fmt.Sprint(cause), "handler_test.go") {
			t.Errorf("got panic %v, want one with the place of the mistake", cause)
		}
	}()
	nethttp.Handler(app)
}

func TestCloseWithoutAnswer(t *testing.T) {
	s := serve(t, false, func(app *microroute.App) {
		app.Get("/", func(c *microroute.Context) error { return c.Response.Close() })
	})
	if response, err := s.Client().Get(s.URL); err == nil {
		response.Body.Close()
		t.Errorf("got %s, want none", response.Status)
	}
}
