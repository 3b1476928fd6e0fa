package microroutetest_test

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/microroutetest"
)

// Interim responses are seen when they come, not with the answer.
func TestInterim(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		request := microroutetest.New(t, brewery()).Open("GET", "/hints")
		request.Interim().Want(103).WantHeader("Link", "</a.css>")
		if took := time.Since(start); took != 0 {
			t.Errorf("the first hint came after %v", took)
		}
		request.Interim().WantHeader("Link", "</b.css>")
		if took := time.Since(start); took != time.Minute {
			t.Errorf("the second hint came after %v", took)
		}
		if got := request.Interim(); got != nil {
			t.Errorf("got %v, want nothing before the answer", got)
		}
		stream := request.Answer()
		stream.WantHeader("Link", "</a.css>", "Link", "</b.css>")
		stream.WantNext("late")
	})
}

// With Expect: 100-continue nothing of the content is sent before the App asks for it (RFC 9110 section 10.1.1).
func TestExpectContinue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		app := microroute.New()
		app.Post("/", func(c *microroute.Context) (string, error) {
			time.Sleep(time.Minute)
			data, err := c.Request.Data()
			return string(data), err
		})
		app.Post("/refuse", func(*microroute.Context) error { return &microroute.Error{Status: 403} })
		client := microroutetest.New(t, app)
		start := time.Now()
		request := client.Open("POST", "/", "Expect", "100-continue", "Content-Length", "3")
		if err := request.Send("tea"); err != nil || time.Since(start) != time.Minute {
			t.Errorf("the content was sent after %v, %v, want it after a minute", time.Since(start), err)
		}
		request.End()
		request.Interim().Want(100)
		request.Answer().WantNext("tea")

		refused := client.Open("POST", "/refuse", "Expect", "100-continue")
		if err := refused.Send("tea"); err == nil {
			t.Error("the content was sent to a handler that had no use for it")
		}
		refused.Answer().Want(403)
	})
}

func TestFraming(t *testing.T) {
	app := microroute.New()
	app.Handle("get,post,put", "/", func(c *microroute.Context) (string, error) {
		data, err := c.Request.Data()
		header := c.Request.Header
		return fmt.Sprint(header.Get("Transfer-Encoding"), " ", header.Get("Content-Length"), " ", header.Get("Trailer"), " ", c.Request.Trailer().Get("X-Sum"), " ", string(data)), err
	})
	client := microroutetest.New(t, app)
	for name, test := range map[string]struct {
		request *microroutetest.Request
		pieces  []string
		trailer []string
		want    string
	}{
		"chunks":         {client.Open("POST", "/"), []string{"tea", ", please"}, nil, "chunked    tea, please"},
		"nothing":        {client.Open("PUT", "/"), nil, nil, "chunked    "},
		"GET":            {client.Open("GET", "/"), nil, nil, "    "},
		"a known length": {client.Open("POST", "/", "Content-Length", "3"), []string{"te", "a"}, nil, " 3   tea"},
		"a trailer":      {client.Open("POST", "/", "Trailer", "x-sum, X-Other"), []string{"tea"}, []string{"X-Sum", "7"}, "chunked  X-Other,X-Sum 7 tea"},
	} {
		for _, piece := range test.pieces {
			if err := test.request.Send(piece); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		test.request.End(test.trailer...)
		if got := test.request.Answer().Rest(); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
	client.Stream("POST", "/").WantNext("chunked    ") // it ends the content
}

// An App that has had enough says so at once.
func TestEarlyAnswerToPieces(t *testing.T) {
	app := microroute.New()
	app.Post("/", func(c *microroute.Context) (string, error) {
		data, err := c.Request.Data()
		return string(data), err
	})
	request := microroutetest.New(t, app).Open("POST", "/")
	piece := strings.Repeat("x", 1<<20)
	sent := 0
	for request.Send(piece) == nil {
		sent++
	}
	request.Answer().Want(413)
	if sent < 4 {
		t.Errorf("the App took %d MiB, want its limit of 4", sent)
	}
}

// The handler's context ends with the client, whether the answer has begun or not.
func TestClose(t *testing.T) {
	for name, bubble := range map[string]func(*testing.T, func(*testing.T)){
		"in a bubble": synctest.Test,
		"outside":     func(t *testing.T, f func(*testing.T)) { f(t) },
	} {
		t.Run(name, func(t *testing.T) { bubble(t, testClose) })
	}
}

func testClose(t *testing.T) {
	app := microroute.New()
	begun, left := make(chan bool), make(chan string)
	app.Get("/before", func(c *microroute.Context) {
		begun <- true
		<-c.Context().Done()
		left <- "/before"
	})
	app.Get("/behind", func(c *microroute.Context) error {
		if err := c.Response.SendString("Boil water."); err != nil {
			return err
		}
		<-c.Context().Done()
		left <- "/behind"
		return nil
	})
	app.Get("/whole", func(*microroute.Context) string { return "tea" })
	client := microroutetest.New(t, app)

	request := client.Open("GET", "/before")
	<-begun
	request.Close()
	request.Close()
	if got := <-left; got != "/before" {
		t.Errorf("the client of /before has left, but %s noticed", got)
	}

	stream := client.Stream("GET", "/behind")
	stream.WantNext("Boil water.")
	stream.Close()
	stream.Close()
	if got := <-left; got != "/behind" {
		t.Errorf("the client of /behind has left, but %s noticed", got)
	}

	whole := client.Stream("GET", "/whole")
	whole.Rest()
	whole.Close()
	whole.Want(200, "tea")
}

// Whatever a test leaves open ends with it, in a bubble too, which would complain of goroutines that stay.
func TestLeftOpen(t *testing.T) {
	for name, leave := range map[string]func(*microroutetest.Client){
		"an answer":          func(c *microroutetest.Client) { c.Stream("GET", "/for-ever") },
		"a part":             func(c *microroutetest.Client) { c.Stream("GET", "/for-ever").WantNext("te") },
		"a request":          func(c *microroutetest.Client) { c.Open("POST", "/for-ever") },
		"a piece":            func(c *microroutetest.Client) { c.Open("POST", "/for-ever").Send("tea") },
		"a whole request":    func(c *microroutetest.Client) { c.Open("POST", "/for-ever").End() },
		"both":               func(c *microroutetest.Client) { c.Open("POST", "/echo").Answer() },
		"an unread answer":   func(c *microroutetest.Client) { c.Open("POST", "/echo").Send("tea") },
		"another address":    func(c *microroutetest.Client) { c.From("192.0.2.7:1").Stream("GET", "/for-ever") },
		"a bare connection":  func(c *microroutetest.Client) { c.Dial() },
		"a read to the end":  func(c *microroutetest.Client) { c.Open("POST", "/full").Answer().Rest() },
		"a secure one":       func(c *microroutetest.Client) { c.At("https://tea.example").Stream("GET", "/for-ever") },
		"an idle connection": func(c *microroutetest.Client) { c.Get("/nowhere") },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				app := microroute.New()
				app.Handle("get,post", "/for-ever", func(c *microroute.Context) {
					for c.Response.SendString("tea") == nil {
						time.Sleep(time.Second)
					}
				})
				app.Post("/echo", func(c *microroute.Context) error {
					c.Response.SendHeader()
					_, err := io.Copy(c.Response, c.Request.Body())
					return err
				})
				app.Post("/full", func(c *microroute.Context) string { return "without a look at the content" })
				leave(microroutetest.New(t, app))
			})
		})
	}
}
