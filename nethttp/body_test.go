package nethttp_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/nethttp"
)

// A goroutine that reads the body when its handler returns is woken, and the client has its answer.
func TestReaderLeftBehind(t *testing.T) {
	eachWay(t, func(t *testing.T, app *microroute.App, serve func() origin) {
		ended := make(chan error, 1)
		app.Post("/", handle(func(w http.ResponseWriter, r *http.Request) {
			begun := make(chan struct{})
			go func() {
				first := make([]byte, 5)
				_, err := io.ReadFull(r.Body, first)
				close(begun)
				if err == nil {
					_, err = r.Body.Read(first) // what never comes
				}
				ended <- err
			}()
			<-begun
			io.WriteString(w, "answer")
		}))
		o := serve()
		in, out := io.Pipe()
		go io.WriteString(out, "begin")
		request, err := http.NewRequest("POST", o.url, in)
		if err != nil {
			t.Fatal(err)
		}
		if response, body := o.do(t, request); response.StatusCode != 200 || body != "answer" {
			t.Errorf("got %s with %q, want the answer", response.Status, body)
		}
		if err := <-ended; err == nil {
			t.Error("the reader got no error, want one")
		}
		out.Close()
	})
}

// The limit is the route's, and its error net/http's.
func TestBodyLimit(t *testing.T) {
	eachWay(t, func(t *testing.T, app *microroute.App, serve func() origin) {
		read := handle(func(w http.ResponseWriter, r *http.Request) {
			_, err := io.ReadAll(r.Body)
			var tooLarge *http.MaxBytesError
			if errors.As(err, &tooLarge) {
				fmt.Fprint(w, "at most ", tooLarge.Limit)
			}
		})
		app.Post("/", read)
		app.With(microroute.MaxBody(4)).Post("/four", read)
		app.With(nethttp.Middleware(sameAgain), microroute.MaxBody(6)).Post("/six", read)
		app.With(microroute.MaxBody(4), nethttp.Middleware(sameAgain), microroute.MaxBody(6)).Post("/raised", read)
		app.With(microroute.MaxBody(6), nethttp.Middleware(sameAgain), microroute.MaxBody(4)).Post("/lowered", read)
		o := serve()
		for _, test := range []struct{ target, body, want string }{
			{"/", "12345", ""}, {"/four", "1234", ""}, {"/four", "12345", "at most 4"},
			{"/six", "123456", ""}, {"/six", "1234567", "at most 6"}, {"/raised", "123456", ""}, {"/lowered", "12345", "at most 4"},
		} {
			for _, known := range []bool{true, false} {
				request, err := http.NewRequest("POST", o.url+test.target, strings.NewReader(test.body))
				if err != nil {
					t.Fatal(err)
				}
				if !known {
					request.ContentLength = -1
				}
				if _, body := o.do(t, request); body != test.want {
					t.Errorf("%s, %d octets, length known %t: got %q, want %q", test.target, len(test.body), known, body, test.want)
				}
			}
		}
	})
}
