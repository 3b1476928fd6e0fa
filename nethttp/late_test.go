package nethttp_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute"
)

// What a handler leaves behind has nothing any more, and does not disturb the next exchange.
func TestTooLate(t *testing.T) {
	eachWay(t, func(t *testing.T, app *microroute.App, serve func() origin) {
		type kept struct {
			w http.ResponseWriter
			r *http.Request
		}
		exchanges := make(chan kept, 1)
		app.Post("/", handle(func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, "answer")
			exchanges <- kept{w, r}
		}))
		ended := make(chan struct{})
		app.Use(func(next microroute.Handler) microroute.Handler {
			return func(c *microroute.Context) error {
				c.OnEnd(func() { close(ended) })
				return next(c)
			}
		})
		o := serve()
		request, err := http.NewRequest("POST", o.url, strings.NewReader("content"))
		if err != nil {
			t.Fatal(err)
		}
		if _, body := o.do(t, request); body != "answer" {
			t.Fatalf("got %q", body)
		}
		<-ended
		late := <-exchanges
		control := http.NewResponseController(late.w)
		_, write := io.WriteString(late.w, "late")
		_, copied := io.Copy(late.w, strings.NewReader("late"))
		_, _, hijack := control.Hijack()
		_, read := late.r.Body.Read(make([]byte, 1))
		for what, err := range map[string]error{
			"Write": write, "ReadFrom": copied, "Flush": control.Flush(), "Hijack": hijack, "SetReadDeadline": control.SetReadDeadline(noTime),
			"SetWriteDeadline": control.SetWriteDeadline(noTime), "EnableFullDuplex": control.EnableFullDuplex(), "Body.Read": read,
			"Context": late.r.Context().Err(),
		} {
			if err == nil {
				t.Errorf("%s: got no error, want one", what)
			}
		}
		late.w.WriteHeader(500)
		if err := late.r.Body.Close(); err != nil {
			t.Errorf("Body.Close: got %v", err)
		}
		if got := late.r.Context().Value(http.LocalAddrContextKey); got != nil && app.Config().Engine == microroute.EnginePortable {
			t.Errorf("the local address: got %v, want none", got)
		}
	})
}

var noTime time.Time
