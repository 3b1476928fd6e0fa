package nethttp_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/nethttp"
)

func ExamplePriorKnowledge() {
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) string { return c.Request.Proto })
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	server, err := app.StartOn(nethttp.PriorKnowledge(l))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()

	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	client := http.Client{Transport: &http.Transport{Protocols: protocols}}
	response, err := client.Get("http://" + l.Addr().String())
	if err != nil {
		fmt.Println(err)
		return
	}
	io.Copy(logWriter{}, response.Body)
	// Output: HTTP/2.0
}

type logWriter struct{}

func (logWriter) Write(p []byte) (int, error) { return fmt.Printf("%s\n", p) }

// engines are the Configs under which connections with prior knowledge are served.
var engines = map[string]microroute.Engine{"auto": microroute.EngineAuto, "portable": microroute.EnginePortable}

// startH2C serves app until the end of the test, and returns its server and a client that speaks HTTP/2 from the start.
func startH2C(t *testing.T, config microroute.Config, add func(app *microroute.App)) (*microroute.Server, *http.Client, string) {
	t.Helper()
	config.Logger = slog.New(slog.DiscardHandler)
	app := microroute.New(config)
	add(app)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server, err := app.StartOn(nethttp.PriorKnowledge(l))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	transport := &http.Transport{Protocols: protocols}
	t.Cleanup(transport.CloseIdleConnections)
	return server, &http.Client{Transport: transport}, "http://" + l.Addr().String()
}

func eachEngine(t *testing.T, test func(t *testing.T, engine microroute.Engine)) {
	for name, engine := range engines {
		t.Run(name, func(t *testing.T) { test(t, engine) })
	}
}

// fetch returns the status, the protocol and the content of an answer.
func fetch(t *testing.T, client *http.Client, url string) string {
	t.Helper()
	response, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%d %s %s", response.StatusCode, response.Proto, content)
}

// One port speaks both, whatever the client begins with.
func TestPriorKnowledge(t *testing.T) {
	eachEngine(t, func(t *testing.T, engine microroute.Engine) {
		_, client, url := startH2C(t, microroute.Config{Engine: engine}, func(app *microroute.App) {
			app.Get("/", func(c *microroute.Context) string { return c.Request.RemoteAddr.Addr().String() })
		})
		for range 3 {
			if got := fetch(t, client, url); got != "200 HTTP/2.0 127.0.0.1" {
				t.Errorf("with prior knowledge: got %q", got)
			}
		}
		plain := &http.Client{Transport: &http.Transport{}}
		if got := fetch(t, plain, url); got != "200 HTTP/1.1 127.0.0.1" {
			t.Errorf("without: got %q", got)
		}
		plain.CloseIdleConnections()
	})
}

// Who has not said so does not speak HTTP/2, and on no connection after HTTP/1.
func TestPrefaceOutOfPlace(t *testing.T) {
	const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
	eachEngine(t, func(t *testing.T, engine microroute.Engine) {
		hello := func(app *microroute.App) { app.Get("/", func(*microroute.Context) string { return "hello" }) }
		_, _, knowing := startH2C(t, microroute.Config{Engine: engine}, hello)
		app := microroute.New(microroute.Config{Engine: engine, Logger: slog.New(slog.DiscardHandler)})
		hello(app)
		server, err := app.Start("127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer server.Close()
		for _, tt := range []struct{ addr, send string }{
			{server.Addr().String(), preface},
			{strings.TrimPrefix(knowing, "http://"), "GET / HTTP/1.1\r\nHost: a\r\n\r\n" + preface},
		} {
			conn, err := net.Dial("tcp", tt.addr)
			if err != nil {
				t.Fatal(err)
			}
			io.WriteString(conn, tt.send)
			answer, err := io.ReadAll(conn)
			conn.Close()
			if err != nil || !strings.Contains(string(answer), "HTTP/1.1 505 ") {
				t.Errorf("%q: got %q, %v, want status 505", tt.send, answer, err)
			}
		}
	})
}

// Shutdown lets streams finish, tells their handlers, and takes no connection along.
func TestHTTP2Shutdown(t *testing.T) {
	eachEngine(t, func(t *testing.T, engine microroute.Engine) {
		began := make(chan struct{})
		server, client, url := startH2C(t, microroute.Config{Engine: engine}, func(app *microroute.App) {
			app.Get("/", func(*microroute.Context) string { return "" })
			app.Get("/slow", func(c *microroute.Context) string {
				close(began)
				<-c.Draining()
				if err := c.Context().Err(); err != nil {
					t.Errorf("the context has ended: %v", err)
				}
				return "finished"
			})
		})
		fetch(t, client, url)
		got := make(chan string)
		go func() { got <- fetch(t, client, url+"/slow") }()
		<-began
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := server.Shutdown(ctx); err != nil {
			t.Errorf("Shutdown = %v", err)
		}
		if got := <-got; got != "200 HTTP/2.0 finished" {
			t.Errorf("got %q", got)
		}
	})
}

// Close ends connections at once, and with them the contexts of what they carry.
func TestHTTP2Close(t *testing.T) {
	eachEngine(t, func(t *testing.T, engine microroute.Engine) {
		began, ended := make(chan struct{}), make(chan struct{})
		server, client, url := startH2C(t, microroute.Config{Engine: engine}, func(app *microroute.App) {
			app.Get("/", func(c *microroute.Context) {
				close(began)
				<-c.Context().Done()
				close(ended)
			})
		})
		go client.Get(url)
		<-began
		server.Close()
		<-ended
	})
}

// What a client may cost over HTTP/1, it may cost over HTTP/2.
func TestHTTP2Limits(t *testing.T) {
	limits := microroute.Limits{Target: 100, Fields: 20, Head: 4 << 10, Body: 1000, BodyTimeout: 200 * time.Millisecond}
	eachEngine(t, func(t *testing.T, engine microroute.Engine) {
		_, client, url := startH2C(t, microroute.Config{Engine: engine, Limits: limits}, func(app *microroute.App) {
			app.Post("/", func(c *microroute.Context) (string, error) {
				data, err := c.Request.Data()
				return string(data), err
			})
		})
		silent, speak := io.Pipe() // the client closes it
		go io.WriteString(speak, "b")
		for _, tt := range []struct {
			name, path string
			fields     int
			body       io.Reader
			status     int
		}{
			{"within", "/", 10, strings.NewReader("body"), 200},
			{"target", "/" + strings.Repeat("a", 100), 0, http.NoBody, 414},
			{"fields", "/", 30, http.NoBody, 431},
			{"body", "/", 0, strings.NewReader(strings.Repeat("a", 1001)), 413},
			{"silence", "/", 0, silent, 408},
		} {
			request, err := http.NewRequest("POST", url+tt.path, tt.body)
			if err != nil {
				t.Fatal(err)
			}
			for i := range tt.fields {
				request.Header.Set(fmt.Sprint("X-", i), "1")
			}
			response, err := client.Do(request)
			if err != nil {
				t.Errorf("%s: %v", tt.name, err)
				continue
			}
			response.Body.Close()
			if response.StatusCode != tt.status {
				t.Errorf("%s: got %s, want %d", tt.name, response.Status, tt.status)
			}
		}
	})
}

// raw is a ResponseWriter that takes what it is given, unlike net/http's.
type raw struct{ header http.Header }

func (r *raw) Header() http.Header             { return r.header }
func (r *raw) WriteHeader(int)                 {}
func (r *raw) Write(p []byte) (int, error)     { return len(p), nil }
func (r *raw) SetReadDeadline(time.Time) error { return nil }

// What must not be sent is not left to the server to find: not every one looks.
func TestFieldsThatCannotBeSent(t *testing.T) {
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) string {
		c.Response.MIMEType = "text/plain\r\nX: 1"
		c.Response.Header.Set("X-Injected", "a\r\nSet-Cookie: b=c\x00")
		c.Response.Header.Set("bad name", "x")
		c.Response.Header.Set("keep-alive", "timeout=5")
		c.Response.Header.Set("Proxy-Connection", "close")
		c.Response.Header.Set("Upgrade", "websocket")
		c.Response.Header.Set("Connection", "close")
		return ""
	})
	for _, major := range []int{1, 2, 3} {
		w := &raw{header: http.Header{}}
		r := httptest.NewRequest("GET", "/", nil)
		r.ProtoMajor, r.ProtoMinor = major, 1
		nethttp.Handler(app).ServeHTTP(w, r)
		for name, values := range w.header {
			if strings.ContainsAny(name+strings.Join(values, ""), " \r\n\x00") && name != "X-Injected" && name != "Content-Type" ||
				strings.ContainsAny(strings.Join(values, ""), "\r\n\x00") {
				t.Errorf("HTTP/%d: %q: %q", major, name, values)
			}
		}
		for _, name := range []string{"Keep-Alive", "Proxy-Connection", "Upgrade", "Connection"} {
			if has := w.header.Get(name) != ""; has != (major == 1) {
				t.Errorf("HTTP/%d: %s sent: %t", major, name, has)
			}
		}
	}
}

// The time a handler takes between two pieces is its own affair, and a steady client may take long for many.
func TestHTTP2Pauses(t *testing.T) {
	const short = 200 * time.Millisecond
	limits := microroute.Limits{WriteTimeout: short, BodyTimeout: short}
	eachEngine(t, func(t *testing.T, engine microroute.Engine) {
		_, client, url := startH2C(t, microroute.Config{Engine: engine, Limits: limits}, func(app *microroute.App) {
			app.Post("/", func(c *microroute.Context) error {
				first := make([]byte, 1)
				if _, err := io.ReadFull(c.Request.Body(), first); err != nil {
					return err
				}
				time.Sleep(3 * short / 2)
				rest, err := io.ReadAll(c.Request.Body())
				if err != nil {
					return err
				}
				if err := c.Response.Send(first); err != nil {
					return err
				}
				time.Sleep(3 * short / 2)
				return c.Response.Send(rest)
			})
		})
		response, err := client.Post(url, "text/plain", strings.NewReader("some text"))
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		content, err := io.ReadAll(response.Body)
		if string(content) != "some text" || err != nil {
			t.Errorf("got %q, %v", content, err)
		}
	})
}
