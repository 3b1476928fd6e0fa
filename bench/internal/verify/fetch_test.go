//go:build linux

package verify_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/microroute/microroute/bench/internal/site"
	"github.com/microroute/microroute/bench/internal/verify"
)

// newRoot returns a handler that serves the files in the right way.
func newRoot(t *testing.T) http.Handler {
	root := t.TempDir()
	if err := site.MakeRoot(root); err != nil {
		t.Fatal(err)
	}
	return http.FileServer(http.Dir(root))
}

func TestFileServer(t *testing.T) {
	right := newRoot(t)
	server := httptest.NewServer(right)
	defer server.Close()
	if err := verify.FileServer(server.Listener.Addr().String()); err != nil {
		t.Error(err)
	}
}

// TestFileServerFinds has a server do one thing in another way, for requests with so many ranges.
func TestFileServerFinds(t *testing.T) {
	right := newRoot(t)
	// changed serves the right answer to a request that has been changed.
	changed := func(change func(r *http.Request)) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			r = r.Clone(r.Context())
			change(r)
			right.ServeHTTP(w, r)
		}
	}
	// without serves the right answer without a field.
	without := func(name string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { right.ServeHTTP(lacking{w, name}, r) }
	}
	for _, test := range []struct {
		name    string
		ranges  int
		handler http.HandlerFunc
		want    string
	}{
		{"another status", 0, http.NotFound, "static-1k: got status line HTTP/1.1 404"},
		{"no range", 1, changed(func(r *http.Request) { r.Header.Del("Range"); r.URL.Path = "/1k.html" }), "range-1k: got status line HTTP/1.1 200"},
		{"another range", 1, changed(func(r *http.Request) { r.Header.Set("Range", "bytes=0-1023") }), "range-1k: got Content-Range"},
		{"shorter range", 1, changed(func(r *http.Request) { r.Header.Set("Range", "bytes=0-9") }), "range-1k: got Content-Length 10"},
		{"a part less", 10, changed(func(r *http.Request) {
			ranges := r.Header.Get("Range")
			r.Header.Set("Range", ranges[:strings.LastIndexByte(ranges, ',')])
		}), "ranges: {"},
		{"a part more", 10, changed(func(r *http.Request) { r.Header.Set("Range", r.Header.Get("Range")+", -5") }), "ranges: got one more part"},
		{"only one part", 10, changed(func(r *http.Request) { r.Header.Set("Range", "bytes=0-9") }), "ranges: got Content-Type"},
		{"no date", 0, without("Date"), "static-1k: got Date"},
		{"no time of the file", 0, without("Last-Modified"), "static-1k: got Last-Modified"},
		{"another type", 0, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			right.ServeHTTP(w, r)
		}, "static-1k: got Content-Type"},
		{"other content", 1, func(w http.ResponseWriter, r *http.Request) {
			var first, last int
			fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-%d", &first, &last)
			w.Header().Set("Content-Type", "text/html")
			w.Header().Set("Last-Modified", "Mon, 02 Jan 2006 15:04:05 GMT")
			w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", first, last, site.Sizes["1g"]))
			w.WriteHeader(http.StatusPartialContent)
			w.Write(make([]byte, last-first+1))
		}, "range-1k: got content"},
		{"closed", 0, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Connection", "close")
			right.ServeHTTP(w, r)
		}, "static-1k: the server closes"},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				ranges := strings.Count(r.Header.Get("Range"), "-")
				switch {
				case r.URL.Path == "/100k.html":
					panic(http.ErrAbortHandler) // what comes now takes long, and has been seen before
				case ranges == test.ranges:
					test.handler(w, r)
				default:
					right.ServeHTTP(w, r)
				}
			}))
			defer server.Close()
			err := verify.FileServer(server.Listener.Addr().String())
			if err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("got error %v, want one that begins %q", err, test.want)
			}
		})
	}
}

// lacking is a response without one field.
type lacking struct {
	http.ResponseWriter
	name string
}

func (l lacking) WriteHeader(status int) {
	l.Header()[l.name] = nil
	l.ResponseWriter.WriteHeader(status)
}

// TestFileServerLeavesOut has a server that ignores several ranges, as it may.
func TestFileServerLeavesOut(t *testing.T) {
	right := newRoot(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/100k.html" {
			panic(http.ErrAbortHandler)
		}
		if strings.Contains(r.Header.Get("Range"), ",") {
			r.Header.Del("Range")
			r.URL.Path = "/1k.html" // which is sooner read than the right file
		}
		right.ServeHTTP(w, r)
	}))
	defer server.Close()
	address := server.Listener.Addr().String()
	if err := verify.FileServer(address); err == nil || !strings.HasPrefix(err.Error(), "ranges: ") {
		t.Errorf("got error %v, want one about several ranges", err)
	}
	if err := verify.FileServer(address, "ranges"); err == nil || !strings.HasPrefix(err.Error(), "static-100k: ") {
		t.Errorf("without them: got error %v, want one about what comes after them", err)
	}
}
