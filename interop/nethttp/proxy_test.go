package nethttp_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/http/httputil"
	"net/textproto"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/nethttp"
)

// backend serves h by net/http until the end of the test.
func backend(t *testing.T, h http.HandlerFunc) *url.URL {
	t.Helper()
	server := httptest.NewUnstartedServer(h)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.Start()
	t.Cleanup(server.Close)
	return parse(t, server.URL)
}

func parse(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// proxyTo returns the reverse proxy of the standard library.
func proxyTo(target *url.URL) *httputil.ReverseProxy {
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.SetXForwarded()
		},
		Transport: &http.Transport{},
		ErrorLog:  log.New(io.Discard, "", 0),
	}
}

// Requests and answers of all kinds pass an App as they are.
func TestProxy(t *testing.T) {
	long := strings.Repeat("0123456789abcdef", 1<<14)
	eachWay(t, func(t *testing.T, app *microroute.App, serve func() origin) {
		nethttp.Mount(app.Group("/", nethttp.Middleware(nothing)), "/through", http.StripPrefix("/through", proxyTo(backend(t, echo(t)))))
		nethttp.Mount(app.Routes, "/", proxyTo(backend(t, echo(t))))
		o := serve()
		for _, test := range []struct{ method, target, body, want string }{
			{"GET", "/", "", `200 GET / 0 "" []`},
			{"GET", "/a%2Fb/c?d=%20e", "", `200 GET /a%2Fb/c?d=%20e 0 "" []`},
			{"POST", "/post", "content", `200 POST /post 7 "content" []`},
			{"PUT", "/chunked", "content", `200 PUT /chunked -1 "content" ["chunked"]`},
			{"DELETE", "/through/x", "", `200 DELETE /x 0 "" []`},
			{"POST", "/through/long", long, fmt.Sprintf(`200 POST /long %d "%s" []`, len(long), long)},
			{"HEAD", "/head", "", `200 `},
			{"GET", "/status/304", "", `304 `},
			{"GET", "/status/418", "", `418 GET /status/418 0 "" []`},
		} {
			request := io.Reader(strings.NewReader(test.body))
			if test.target == "/chunked" {
				request = io.MultiReader(request)
			}
			response, body := o.do(t, test.method, test.target, request)
			if got := fmt.Sprint(response.StatusCode, " ", body); got != test.want || response.Header.Get("X-Two") != "1" || len(response.Header["X-Two"]) != 2 {
				t.Errorf("%s %s: got %.200q with %v, want %.200q", test.method, test.target, got, response.Header, test.want)
			}
		}
	})
}

func nothing(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r) })
}

// echo answers with what it has got.
func echo(t *testing.T) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		data, err := io.ReadAll(r.Body)
		if err != nil || !strings.HasPrefix(r.Header.Get("X-Forwarded-For"), "127.0.0.1") {
			t.Errorf("%s: %v, %v", r.URL, err, r.Header)
		}
		w.Header()["X-Two"] = []string{"1", "2"}
		if status := 0; r.URL.Path != "" {
			if fmt.Sscanf(r.URL.Path, "/status/%d", &status); status > 0 {
				w.WriteHeader(status)
			}
		}
		fmt.Fprintf(w, "%s %s %d %q %q", r.Method, r.RequestURI, r.ContentLength, data, r.TransferEncoding)
	}
}

// Pieces pass as they come, with interim responses before them and trailer fields behind.
func TestProxyStreams(t *testing.T) {
	eachWay(t, func(t *testing.T, app *microroute.App, serve func() origin) {
		more := make(chan struct{})
		target := backend(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Link", "</a.css>")
			w.WriteHeader(http.StatusEarlyHints)
			w.Header().Set("Trailer", "X-Sum")
			w.Header().Set("Content-Type", "text/event-stream")
			for i := range 3 {
				fmt.Fprintf(w, "data: %d\n\n", i)
				w.(http.Flusher).Flush()
				<-more
			}
			w.Header().Set("X-Sum", "7")
			w.Header().Set(http.TrailerPrefix+"X-Late", "8")
		})
		app.Get("/", nethttp.Serve(proxyTo(target)))
		o := serve()
		var interim []string
		trace := &httptrace.ClientTrace{Got1xxResponse: func(status int, header textproto.MIMEHeader) error {
			interim = append(interim, fmt.Sprint(status, header["Link"]))
			return nil
		}}
		request, err := http.NewRequestWithContext(httptrace.WithClientTrace(t.Context(), trace), "GET", o.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := o.client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		lines := bufio.NewReader(response.Body)
		for i := range 3 {
			line, err := lines.ReadString('\n')
			if blank, _ := lines.ReadString('\n'); line != fmt.Sprintf("data: %d\n", i) || blank != "\n" || err != nil {
				t.Fatalf("piece %d: got %q, %q, %v", i, line, blank, err)
			}
			more <- struct{}{}
		}
		if rest, err := io.ReadAll(lines); len(rest) > 0 || err != nil {
			t.Errorf("then got %q, %v", rest, err)
		}
		if want := []string{"103 [</a.css>]"}; !slices.Equal(interim, want) {
			t.Errorf("got the interim responses %v, want %v", interim, want)
		}
		if response.Trailer.Get("X-Sum") != "7" || response.Trailer.Get("X-Late") != "8" {
			t.Errorf("got the trailer %v", response.Trailer)
		}
	})
}

// What a client sends reaches the backend piece by piece, while the answer comes back.
func TestProxyDuplex(t *testing.T) {
	for _, w := range ways {
		if strings.HasPrefix(w.name, "httptest") && !w.http2 {
			continue // net/http reads the body first, over HTTP/1
		}
		t.Run(w.name, func(t *testing.T) {
			w.run(t, func(t *testing.T, app *microroute.App, serve func() origin) {
				target := backend(t, func(w http.ResponseWriter, r *http.Request) {
					http.NewResponseController(w).EnableFullDuplex()
					w.(http.Flusher).Flush()
					for in := bufio.NewScanner(r.Body); in.Scan(); {
						fmt.Fprintln(w, strings.ToUpper(in.Text()))
						w.(http.Flusher).Flush()
					}
				})
				proxy := proxyTo(target)
				proxy.FlushInterval = -1
				app.Post("/", nethttp.Serve(proxy))
				o := serve()
				in, out := io.Pipe()
				request, err := http.NewRequest("POST", o.url, in)
				if err != nil {
					t.Fatal(err)
				}
				go io.WriteString(out, "line 0\n")
				response, err := o.client.Do(request)
				if err != nil {
					t.Fatal(err)
				}
				defer response.Body.Close()
				lines := bufio.NewReader(response.Body)
				for i := range 20 {
					if line, err := lines.ReadString('\n'); line != fmt.Sprintf("LINE %d\n", i) {
						t.Fatalf("got %q, %v, want line %d", line, err, i)
					}
					fmt.Fprintf(out, "line %d\n", i+1)
				}
				out.Close()
				if rest, err := io.ReadAll(lines); string(rest) != "LINE 20\n" || err != nil {
					t.Errorf("then got %q, %v", rest, err)
				}
			})
		})
	}
}

// A client that goes ends the request at the backend; a backend that breaks off breaks the answer, and one that is not there is 502.
func TestProxyBreaks(t *testing.T) {
	for _, w := range ways {
		t.Run(w.name, func(t *testing.T) {
			var logs logged
			app := w.app(slog.NewTextHandler(&logs, &slog.HandlerOptions{Level: slog.LevelWarn}))
			begun, gone := make(chan struct{}), make(chan error)
			target := backend(t, func(w http.ResponseWriter, r *http.Request) {
				io.WriteString(w, "begin")
				w.(http.Flusher).Flush()
				if r.URL.Path == "/broken" {
					panic(http.ErrAbortHandler)
				}
				close(begun)
				<-r.Context().Done()
				gone <- r.Context().Err()
			})
			dead, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			dead.Close()
			app.Get("/none", nethttp.Serve(proxyTo(parse(t, "http://"+dead.Addr().String()))))
			nethttp.Mount(app.Routes, "/", proxyTo(target))
			o := w.serve(t, app)

			if response, _ := o.get(t, "/none"); response.StatusCode != 502 {
				t.Errorf("no backend: got %s, want 502", response.Status)
			}
			response, err := o.client.Get(o.url + "/broken")
			if err != nil {
				t.Fatal(err)
			}
			if body, err := io.ReadAll(response.Body); string(body) != "begin" || err == nil {
				t.Errorf("a broken answer: got %q, %v, want an error behind the beginning", body, err)
			}
			response.Body.Close()

			ctx, cancel := context.WithCancel(t.Context())
			request, err := http.NewRequestWithContext(ctx, "GET", o.url+"/long", nil)
			if err != nil {
				t.Fatal(err)
			}
			if response, err = o.client.Do(request); err != nil {
				t.Fatal(err)
			}
			<-begun
			cancel()
			response.Body.Close()
			if err := <-gone; !errors.Is(err, context.Canceled) {
				t.Errorf("the backend's context: %v", err)
			}
			if logs.String() != "" {
				t.Errorf("logged %s", &logs)
			}
		})
	}
}

// A connection that changes its protocol is the backend's and the client's.
func TestProxyUpgrade(t *testing.T) {
	eachHTTP1(t, func(t *testing.T, app *microroute.App, serve func() origin) {
		target := backend(t, func(w http.ResponseWriter, r *http.Request) {
			conn, buffered, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: shout\r\n\r\n")
			for {
				line, err := buffered.ReadString('\n')
				if err != nil {
					return
				}
				io.WriteString(conn, strings.ToUpper(line))
			}
		})
		app.Get("/", nethttp.Serve(proxyTo(target)))
		app.With(nethttp.Middleware(nothing)).Get("/through", nethttp.Serve(proxyTo(target)))
		o := serve()
		for _, path := range []string{"/", "/through"} {
			request, err := http.NewRequest("GET", o.url+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			request.Header = http.Header{"Connection": {"Upgrade"}, "Upgrade": {"shout"}}
			response, err := o.client.Transport.RoundTrip(request)
			if err != nil {
				t.Fatal(err)
			}
			conn, ok := response.Body.(io.ReadWriteCloser)
			if response.StatusCode != 101 || !ok {
				t.Fatalf("%s: got %s", path, response.Status)
			}
			lines := bufio.NewReader(conn)
			for _, said := range []string{"tea, please\n", "with milk\n"} {
				io.WriteString(conn, said)
				if got, err := lines.ReadString('\n'); got != strings.ToUpper(said) {
					t.Errorf("%s: said %q, got %q, %v", path, said, got, err)
				}
			}
			conn.Close()
		}
	})
}
