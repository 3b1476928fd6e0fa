//go:build linux

package verify_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/microroute/microroute/bench/internal/site"
	"github.com/microroute/microroute/bench/internal/standard"
	"github.com/microroute/microroute/bench/internal/verify"
)

// newMux returns a handler that does everything right.
func newMux(t *testing.T) http.Handler {
	files, err := site.MakeFiles("")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { files.Remove() })
	mux := http.NewServeMux()
	standard.Register(files, (*http.Request).PathValue, func(method, pattern string, h http.HandlerFunc) {
		mux.HandleFunc(method+" "+pattern, h)
	})
	return mux
}

func TestServer(t *testing.T) {
	server := httptest.NewServer(newMux(t))
	defer server.Close()
	answers, err := verify.Server(server.Listener.Addr().String())
	if err != nil {
		t.Error(err)
	}
	// The head of net/http with the fields that are verified, and no others.
	const head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n" +
		"Date: Mon, 02 Jan 2006 15:04:05 GMT\r\nContent-Length: 13\r\n\r\n"
	if answers.Head != len(head) {
		t.Errorf("got a head of %d bytes, want %d", answers.Head, len(head))
	}
	// Each piece is flushed, but TCP may have a reason to wait.
	if least := float64(len(site.Pieces)) / 2; answers.Segments < least {
		t.Errorf("got %v segments for a stream, want %v or more", answers.Segments, least)
	}
}

// TestServerFinds has a server do one thing in another way.
func TestServerFinds(t *testing.T) {
	right := newMux(t)
	for _, test := range []struct {
		name, path, want string
		handler          http.HandlerFunc
	}{
		{"another status", "/json", "GET /json: got status line HTTP/1.1 404", http.NotFound},
		{"other content", "/plaintext", `GET /plaintext: got content "Hello"`, func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, "Hello")
		}},
		{"another type", "/block", "GET /block: got Content-Type", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			io.WriteString(w, site.Hello)
		}},
		{"no date", "/plaintext", "GET /plaintext: got Date", func(w http.ResponseWriter, r *http.Request) {
			w.Header()["Date"] = nil
			right.ServeHTTP(w, r)
		}},
		{"chunked", "/plaintext", "GET /plaintext: got Transfer-Encoding", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Transfer-Encoding", "chunked")
			right.ServeHTTP(w, r)
		}},
		{"not chunked", "/stream", "GET /stream: got Transfer-Encoding", func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, strings.Join(site.Pieces[:], ""))
		}},
		{"pieces together", "/drip", "GET /drip: got 1 segments", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			w.Header().Set("Transfer-Encoding", "chunked")
			io.WriteString(w, strings.Join(site.Pieces[:], ""))
		}},
		{"no time of the file", "/file/1k", "GET /file/1k: got a file without", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.Write(site.Content(site.Sizes["1k"]))
		}},
		{"closed", "/goods/tea/2.50/4", "GET /goods/tea/2.50/4: the server closes", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Connection", "close")
			right.ServeHTTP(w, r)
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch r.URL.Path {
				case test.path:
					test.handler(w, r)
				case "/file/100k":
					panic(http.ErrAbortHandler) // what comes now takes long, and is right
				default:
					right.ServeHTTP(w, r)
				}
			}))
			defer server.Close()
			_, err := verify.Server(server.Listener.Addr().String())
			if err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("got error %v, want one that begins %q", err, test.want)
			}
		})
	}
}
