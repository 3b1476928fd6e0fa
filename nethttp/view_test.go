package nethttp_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/nethttp"
)

func ExampleExchange() {
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) string {
		w, r := nethttp.Exchange(c)
		http.SetCookie(w, &http.Cookie{Name: "seen", Value: r.Host})
		return "Hello!"
	})

	w := httptest.NewRecorder()
	nethttp.Handler(app).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	fmt.Println(w.Body, w.Header().Get("Set-Cookie"))
	// Output: Hello! seen=example.com
}

// What an upload has put on the disk goes with the exchange.
func TestUploadIsRemoved(t *testing.T) {
	eachWay(t, func(t *testing.T, app *microroute.App, serve func() origin) {
		t.Setenv("TMPDIR", t.TempDir())
		ended := make(chan struct{})
		app.Post("/", func(c *microroute.Context) error {
			c.OnEnd(func() {})
			err := handle(func(w http.ResponseWriter, r *http.Request) {
				if err := r.ParseMultipartForm(1); err != nil {
					t.Error(err)
				}
				fmt.Fprint(w, len(temporary(t)))
			})(c)
			c.OnEnd(func() { close(ended) })
			return err
		})
		o := serve()
		content := "--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\n" + strings.Repeat("a", 1<<20) + "\r\n--x--\r\n"
		request, err := http.NewRequest("POST", o.url, strings.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "multipart/form-data; boundary=x")
		if _, body := o.do(t, request); body != "1" {
			t.Errorf("while it was handled there were %s files, want 1", body)
		}
		<-ended
		if left := temporary(t); len(left) > 0 {
			t.Errorf("it has left %q", left)
		}
	})
}

func temporary(t *testing.T) []string {
	files, err := filepath.Glob(filepath.Join(os.TempDir(), "multipart-*"))
	if err != nil {
		t.Error(err)
	}
	return files
}

// By Exchange, a library may do as much as it likes, and leave the rest to the handler's result.
func TestExchange(t *testing.T) {
	eachWay(t, func(t *testing.T, app *microroute.App, serve func() origin) {
		app.Get("/cookie", func(c *microroute.Context) string {
			w, _ := nethttp.Exchange(c)
			c.Response.Header.Add("Set-Cookie", "a=1")
			http.SetCookie(w, &http.Cookie{Name: "b", Value: "2"})
			c.Response.Header.Add("Set-Cookie", "c=3")
			return "result"
		})
		app.Get("/written", func(c *microroute.Context) string {
			w, _ := nethttp.Exchange(c)
			io.WriteString(w, "written")
			return "result"
		})
		app.Get("/long", func(c *microroute.Context) string {
			w, _ := nethttp.Exchange(c)
			io.WriteString(w, strings.Repeat("written", 1000))
			io.WriteString(w, ".")
			return "result"
		})
		app.Get("/status", func(c *microroute.Context) string {
			w, _ := nethttp.Exchange(c)
			w.WriteHeader(202)
			return "result"
		})
		app.Get("/error", func(c *microroute.Context) error {
			w, _ := nethttp.Exchange(c)
			http.SetCookie(w, &http.Cookie{Name: "b", Value: "2"})
			w.Header().Set("Content-Type", "image/png")
			w.Header().Set("Content-Language", "en")
			w.Header().Set("Trailer", "X-Sum")
			return &microroute.Error{Status: 403}
		})
		app.ErrorPage(410, func(c *microroute.Context) string { return "own page" })
		app.Get("/written/error", func(c *microroute.Context) error {
			w, _ := nethttp.Exchange(c)
			io.WriteString(w, "written")
			return &microroute.Error{Status: 410}
		})
		app.Get("/same", func(c *microroute.Context) string {
			w1, r1 := nethttp.Exchange(c)
			w2, r2 := nethttp.Exchange(c)
			return fmt.Sprint(w1 == w2, r1 == r2)
		})
		o := serve()
		for target, want := range map[string]string{
			"/cookie":        `200 ["a=1" "c=3" "b=2"] text/html; charset=utf-8 result`,
			"/written":       `200 [] text/plain; charset=utf-8 written`,
			"/long":          `200 [] text/plain; charset=utf-8 ` + strings.Repeat("written", 1000) + ".",
			"/status":        `202 []  `,
			"/error":         "403 [\"b=2\"] text/html; charset=utf-8 <!doctype html>\n<title>403 Forbidden</title>\n<h1>403 Forbidden</h1>\n",
			"/written/error": `410 [] text/html; charset=utf-8 own page`,
			"/same":          `200 [] text/html; charset=utf-8 true true`,
		} {
			response, body := o.get(t, target)
			if got := fmt.Sprintf("%d %q %s %s", response.StatusCode, response.Header["Set-Cookie"], response.Header.Get("Content-Type"), body); got != want {
				t.Errorf("%s: got\n%s\nwant\n%s", target, got, want)
			}
			if response.Header.Get("Content-Language") != "" || len(response.Trailer) > 0 {
				t.Errorf("%s: an error page has the header %v and the trailer %v of what was to be the answer", target, response.Header, response.Trailer)
			}
		}
	})
}

// Files and parts of them arrive whole.
func TestServeContent(t *testing.T) {
	content := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	name := filepath.Join(t.TempDir(), "a.bin")
	write(t, name, string(content))
	eachWay(t, func(t *testing.T, app *microroute.App, serve func() origin) {
		file := handle(func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, name) })
		app.Get("/plain", file)
		app.With(nethttp.Middleware(sameAgain)).Get("/inside", file)
		o := serve()
		for _, target := range []string{"/plain", "/inside"} {
			for _, test := range []struct{ ranges, want string }{
				{"", string(content)}, {"bytes=3-9", "3456789"}, {"bytes=-1000000", string(content[len(content)-1000000:])},
			} {
				request, err := http.NewRequest("GET", o.url+target, nil)
				if err != nil {
					t.Fatal(err)
				}
				if test.ranges != "" {
					request.Header.Set("Range", test.ranges)
				}
				if response, body := o.do(t, request); body != test.want || response.ContentLength != int64(len(test.want)) {
					t.Errorf("%s, %s: got %d octets with length %d, want %d", target, test.ranges, len(body), response.ContentLength, len(test.want))
				}
			}
		}
	})
}

// A handler learns that its client has gone, and that the server drains.
func TestRequestContext(t *testing.T) {
	eachWay(t, func(t *testing.T, app *microroute.App, serve func() origin) {
		gone := make(chan error, 1)
		begun := make(chan struct{}, 1)
		app.Get("/", handle(func(w http.ResponseWriter, r *http.Request) {
			begun <- struct{}{}
			<-r.Context().Done()
			gone <- r.Context().Err()
		}))
		o := serve()
		ctx, cancel := context.WithCancel(t.Context())
		request, err := http.NewRequestWithContext(ctx, "GET", o.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			<-begun
			cancel()
		}()
		if response, err := o.client.Do(request); err == nil {
			response.Body.Close()
		}
		if err := <-gone; err != context.Canceled {
			t.Errorf("got %v, want %v", err, context.Canceled)
		}
	})
}

func write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
