package https_test

import (
	"bufio"
	"crypto/tls"
	"io"
	"log"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute"
)

// benchServers are servers of the same answers: ours, and net/http's for comparison. Each returns its address.
var benchServers = []struct {
	name  string
	start func(b *testing.B, certificate tls.Certificate) (addr string)
}{
	{"microroute", func(b *testing.B, certificate tls.Certificate) string {
		return serve(b, given(certificate), microroute.Limits{}, benchApp).addr
	}},
	{"net/http", func(b *testing.B, certificate tls.Certificate) string {
		l := listen(b)
		mux := http.NewServeMux()
		for path, content := range benchContents {
			mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/html; charset=utf-8")
				io.WriteString(w, content)
			})
		}
		server := &http.Server{
			Handler:   mux,
			TLSConfig: &tls.Config{Certificates: []tls.Certificate{certificate}},
			ErrorLog:  log.New(io.Discard, "", 0),
		}
		go server.ServeTLS(l, "", "")
		b.Cleanup(func() { server.Close() })
		return l.Addr().String()
	}},
}

var benchContents = map[string]string{"/small": "hello", "/large": strings.Repeat("x", 64<<10)}

func benchApp(app *microroute.App) {
	for path, content := range benchContents {
		app.Get(path, func(*Context) string { return content })
	}
}

func onEachServer(b *testing.B, run func(b *testing.B, addr string)) {
	certificate := test.issue(b, nil, "tea.test")
	for _, s := range benchServers {
		b.Run(s.name, func(b *testing.B) { run(b, s.start(b, certificate)) })
	}
}

// The allocations are those of both ends.
func BenchmarkHandshake(b *testing.B) {
	for _, resumed := range []bool{false, true} {
		b.Run(map[bool]string{false: "full", true: "resumed"}[resumed], func(b *testing.B) {
			onEachServer(b, func(b *testing.B, addr string) {
				config := trusting("tea.test")
				if resumed {
					config.ClientSessionCache = tls.NewLRUClientSessionCache(1)
				}
				b.ReportAllocs()
				for b.Loop() {
					conn, err := dial(addr, config)
					if err != nil {
						b.Fatal(err)
					}
					if ask(b, conn, "GET /small HTTP/1.1\r\nHost: tea.test\r\nConnection: close\r\n\r\n") != 200 {
						b.Fatal("no answer")
					}
					conn.Close()
				}
			})
		})
	}
}

func BenchmarkHTTP1(b *testing.B) {
	for path := range benchContents {
		b.Run(path[1:], func(b *testing.B) {
			onEachServer(b, func(b *testing.B, addr string) {
				conn := mustDial(b, addr, trusting("tea.test"))
				conn.SetDeadline(time.Time{})
				in := bufio.NewReaderSize(conn, 64<<10)
				b.ReportAllocs()
				for b.Loop() {
					io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: tea.test\r\n\r\n")
					response, err := http.ReadResponse(in, nil)
					if err != nil {
						b.Fatal(err)
					}
					if _, err := io.Copy(io.Discard, response.Body); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}

func BenchmarkHTTP2(b *testing.B) {
	for path := range benchContents {
		b.Run(path[1:], func(b *testing.B) {
			onEachServer(b, func(b *testing.B, addr string) {
				client := newClient(b, addr, trusting(""), true)
				client.Timeout = 0
				b.ReportAllocs()
				for b.Loop() {
					response, err := client.Get("https://tea.test" + path)
					if err != nil {
						b.Fatal(err)
					}
					if _, err := io.Copy(io.Discard, response.Body); err != nil {
						b.Fatal(err)
					}
					response.Body.Close()
				}
			})
		})
	}
}
