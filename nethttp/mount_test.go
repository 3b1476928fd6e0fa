package nethttp_test

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/nethttp"
)

func ExampleMount() {
	files := fstest.MapFS{"a/b.txt": {Data: []byte("content")}}
	app := microroute.New()
	nethttp.Mount(app.Routes, "/files", http.StripPrefix("/files", http.FileServerFS(files)))

	w := httptest.NewRecorder()
	nethttp.Handler(app).ServeHTTP(w, httptest.NewRequest("GET", "/files/a/b.txt", nil))
	fmt.Println(w.Code, w.Body)
	// Output: 200 content
}

func TestMount(t *testing.T) {
	eachWay(t, func(t *testing.T, app *microroute.App, serve func() origin) {
		show := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Method, " ", r.URL) })
		app.Get("/a/own", func(*microroute.Context) string { return "own" })
		nethttp.Mount(app.Routes, "/a", show)
		nethttp.Mount(app.Group("/g/<id>"), "/sub/", http.StripPrefix("/g", show))
		nethttp.Mount(app.Group("/all"), "/", show)
		o := serve()
		for _, test := range []struct{ method, target, want string }{
			{"GET", "/a/", "200 GET /a/"},
			{"GET", "/a/b/c?d=e", "200 GET /a/b/c?d=e"},
			{"GET", "/a/b//c/", "200 GET /a/b//c/"},
			{"PUT", "/a/b", "200 PUT /a/b"},
			{"BREW", "/a/b%2Fc", "200 BREW /a/b%2Fc"},
			{"GET", "/a/own", "200 own"},
			{"GET", "/a", "307 /a/"},
			{"GET", "/a?b=c&d", "307 /a/?b=c&d"},
			{"GET", "/ab", "404"},
			{"GET", "/g/7/sub/x", "200 GET /7/sub/x"},
			{"GET", "/g/x%20y/sub", "307 /g/x%20y/sub/"},
			{"POST", "/all/x", "200 POST /all/x"},
		} {
			request, err := http.NewRequest(test.method, o.url+test.target, nil)
			if err != nil {
				t.Fatal(err)
			}
			response, body := o.do(t, request)
			got := fmt.Sprint(response.StatusCode, " ", body)
			switch response.StatusCode {
			case 307:
				got = "307 " + response.Header.Get("Location")
			case 404:
				got = "404"
			}
			if got != test.want {
				t.Errorf("%s %s: got %q, want %q", test.method, test.target, got, test.want)
			}
		}
	})
}

// A redirect to a mounted prefix stays on this host, whatever the target looks like.
func TestMountRedirectsHome(t *testing.T) {
	app := newApp("event", slog.DiscardHandler)
	nethttp.Mount(app.Group("/<string:any>"), "/files", http.NotFoundHandler())
	o := started(t, app)
	for _, target := range []string{"//evil.test/files", "/%2Fevil.test/files", "/%5Cevil.test/files", "/x/files"} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(o.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n", target)
		answer, err := io.ReadAll(conn)
		conn.Close()
		_, location, found := strings.Cut(string(answer), "Location: ")
		if err != nil || found && (strings.HasPrefix(location, "//") || strings.HasPrefix(location, `/\`)) {
			t.Errorf("%s: got %q, %v, want nothing that leads away", target, answer, err)
		}
	}
}

// A mistake is where Mount was called, not within it.
func TestMountMistake(t *testing.T) {
	app := microroute.New()
	nethttp.Mount(app.Routes, "/a", http.NotFoundHandler())
	nethttp.Mount(app.Routes, "/a", http.NotFoundHandler())
	if err := app.Prepare(); err == nil || !strings.Contains(err.Error(), "mount_test.go:") || strings.Contains(err.Error(), "serve.go:") {
		t.Errorf("got %v, want it to name this file", err)
	}
}
