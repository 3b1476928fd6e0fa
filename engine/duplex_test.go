package engine_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute/engine"
)

// Content may be read by one goroutine while another sends the response: what comes in goes out at once.
func TestDuplex(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
			pieces := make(chan string)
			go func() {
				defer close(pieces)
				for in := bufio.NewScanner(x); in.Scan(); {
					pieces <- in.Text()
				}
			}()
			respond(x, 200, -1, "", false)
			x.Flush()
			for piece := range pieces {
				fmt.Fprintf(x, "%s %v\n", strings.ToUpper(piece), x.Context().Err())
			}
			x.End()
		})
		for name, head := range map[string]string{
			"chunked":         "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
			"with length":     "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 60\r\n\r\n",
			"with permission": "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 60\r\nExpect: 100-continue\r\n\r\n",
		} {
			c := s.dial()
			c.send(head)
			var r *http.Response
			for i := range 10 {
				line := fmt.Sprintf("line%d\n", i)
				if name == "chunked" {
					line = fmt.Sprintf("6\r\n%s\r\n", line)
				}
				c.send(line)
				for r == nil || r.StatusCode == http.StatusContinue {
					r = c.response("POST")
				}
				if r.StatusCode != 200 {
					t.Fatalf("%s: %s", name, r.Status)
				}
				want := fmt.Sprintf("LINE%d <nil>\n", i)
				got := make([]byte, len(want))
				if _, err := io.ReadFull(r.Body, got); err != nil || string(got) != want {
					t.Fatalf("%s: got %q, %v, want %q", name, got, err, want)
				}
			}
			if name == "chunked" {
				c.send("0\r\n\r\n")
			}
			if rest, err := io.ReadAll(r.Body); len(rest) > 0 && name == "chunked" || err != nil {
				t.Errorf("%s: then %q, %v", name, rest, err)
			}
			c.Close()
		}
	})
}

// A deadline wakes the goroutine that reads, so that the handler can wait for it.
func TestReadDeadlineWakesReader(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		s := start(t, m, engine.Limits{BodyTimeout: -1}, func(x *engine.Exchange) {
			ended := make(chan error)
			go func() {
				_, err := io.ReadAll(x)
				ended <- err
			}()
			time.Sleep(short / 10) // let it begin to wait
			x.SetReadDeadline(time.Unix(1, 0))
			if err := <-ended; !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("Read = %v, want a deadline exceeded", err)
			}
			reply(x, "answered")
		})
		c := s.dial()
		c.send(post("/", 10) + "some")
		if r := c.want(200, "answered"); !r.Close {
			t.Error("the connection goes on behind content that nobody has read")
		}
	})
}
