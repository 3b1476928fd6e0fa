package nethttp_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/pprof"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/nethttp"
)

// The handlers of net/http/pprof find their profiles under the path that they know.
func TestPprof(t *testing.T) {
	eachWay(t, func(t *testing.T, app *microroute.App, serve func() origin) {
		nethttp.Mount(app.Routes, "/debug/pprof", http.DefaultServeMux)
		app.Post("/debug/pprof/symbol", nethttp.Serve(http.HandlerFunc(pprof.Symbol))) // the mux has it for GET only
		o := serve()
		if response, body := o.get(t, "/debug/pprof/"); response.StatusCode != 200 || !strings.Contains(body, "goroutine?debug=1") {
			t.Errorf("index: got %s with %.200q, want a list of the profiles", response.Status, body)
		}
		if response, _ := o.get(t, "/debug/pprof"); response.StatusCode != 307 || response.Header.Get("Location") != "/debug/pprof/" {
			t.Errorf("without the slash: got %s to %q, want 307 to /debug/pprof/", response.Status, response.Header.Get("Location"))
		}
		if _, body := o.get(t, "/debug/pprof/cmdline"); body != strings.Join(os.Args, "\x00") {
			t.Errorf("cmdline: got %q, want %q", body, os.Args)
		}
		if _, body := o.get(t, "/debug/pprof/goroutine?debug=2"); !strings.Contains(body, "TestPprof") {
			t.Errorf("goroutine: this test is not among %.300q", body)
		}
		for _, profile := range []string{"heap", "profile?seconds=1", "trace?seconds=0.1"} {
			response, body := o.get(t, "/debug/pprof/"+profile)
			if !isProfile(body) || response.Header.Get("Content-Type") != "application/octet-stream" {
				t.Errorf("%s: got %s, %v and %d octets, want a profile", profile, response.Status, response.Header, len(body))
			}
		}
		symbol := fmt.Sprintf("%#x", symbolAddress())
		if _, body := o.do(t, "POST", "/debug/pprof/symbol", strings.NewReader(symbol)); !strings.Contains(body, symbol+" ") || !strings.Contains(body, "pprof.Index") {
			t.Errorf("symbol: got %q, want the name of %s", body, symbol)
		}
		if response, _ := o.get(t, "/debug/pprof/none"); response.StatusCode != 404 {
			t.Errorf("an unknown profile: got %s, want 404", response.Status)
		}
	})
}

// isProfile reports whether text is what "go tool pprof" or "go tool trace" reads.
func isProfile(text string) bool {
	if strings.HasPrefix(text, "go 1.") {
		return true
	}
	z, err := gzip.NewReader(bytes.NewReader([]byte(text)))
	if err != nil {
		return false
	}
	n, err := io.Copy(io.Discard, z)
	return n > 0 && err == nil
}

// symbolAddress returns an address within pprof.Index.
func symbolAddress() uintptr { return reflect.ValueOf(pprof.Index).Pointer() }
