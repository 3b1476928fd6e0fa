package microroute_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/microroutetest"
)

// withContent returns a request with this content, in one piece or in chunks of up to n octets, the last on its connection.
func withContent(target, text string, n int, fields ...string) string {
	fields = append([]string{"POST " + target + " HTTP/1.1", "Host: a.test", "Connection: close"}, fields...)
	if n == 0 {
		return lines(append(fields, fmt.Sprint("Content-Length: ", len(text)))...) + text
	}
	octets := lines(append(fields, "Transfer-Encoding: chunked")...)
	for ; text != ""; text = text[min(n, len(text)):] {
		octets += fmt.Sprintf("%x\r\n%s\r\n", min(n, len(text)), text[:min(n, len(text))])
	}
	return octets + "0\r\n\r\n"
}

func TestBodyLimit(t *testing.T) {
	readers := map[string]func(c *Context) (int, error){
		"/data": func(c *Context) (int, error) { data, err := c.Request.Data(); return len(data), err },
		"/body": func(c *Context) (int, error) { n, err := io.Copy(io.Discard, c.Request.Body()); return int(n), err },
		"/json": func(c *Context) (int, error) { return 0, c.Request.JSON(&[]int{}) },
		"/form": func(c *Context) (int, error) { _, err := c.Request.Form(); return 0, err },
	}
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		const limit = 1000
		config := app.Config()
		config.Limits.Body = limit
		app = microroute.New(config)
		small, unlimited := app.Group("/small", microroute.MaxBody(20)), app.Group("/any", microroute.MaxBody(-1))
		for rule, read := range readers {
			for _, routes := range []*microroute.Routes{app.Routes, small, unlimited} {
				routes.Post(rule, func(c *Context) (string, error) { n, err := read(c); return fmt.Sprint("read ", n), err })
			}
		}
		server := serve(t, app)
		for _, test := range []struct {
			group  string
			length int
			want   string
		}{
			{"/small", 20, "200"}, {"/small", 21, "413"}, {"/small", 0, "200"},
			{"", 21, "200"}, {"", limit, "200"}, {"", limit + 1, "413"},
			{"/any", limit + 1, "200"},
		} {
			for rule := range readers {
				text := "[" + strings.Repeat(" ", max(test.length-2, 0)) + "]"
				contentType := "text/plain"
				if rule == "/form" {
					contentType, text = "application/x-www-form-urlencoded", strings.Repeat("&", test.length)
				}
				text = text[:min(len(text), test.length)]
				if rule == "/json" && text == "" {
					continue
				}
				for name, n := range map[string]int{"in one piece": 0, "in chunks": 300} {
					got := parse(t, talk(t, server, withContent(test.group+rule, text, n, "Content-Type: "+contentType)))
					if !strings.HasPrefix(got.line, "HTTP/1.1 "+test.want+" ") {
						t.Errorf("%s%s with %d octets %s: got %q, want %s", test.group, rule, test.length, name, got.line, test.want)
					}
				}
			}
		}
	})
}

// Content that is declared too long is refused before any of it is sent.
func TestBodyLimitBeforeReading(t *testing.T) {
	app := microroute.New()
	app.Post("/", func(c *Context) (int, error) { return c.Request.Body().Read(make([]byte, 10)) })
	client := dial(t, serve(t, app))
	fmt.Fprint(client, lines("POST / HTTP/1.1", "Host: a.test", "Content-Length: 5000000", "Expect: 100-continue"))
	if got := readUntil(t, client, "\r\n"); got != "HTTP/1.1 413 Content Too Large\r\n" {
		t.Errorf("got %q, want 413 at once", got)
	}
}

// Nobody has to read the body: then its length does not matter.
func TestBodyThatIsNotRead(t *testing.T) {
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		app.With(microroute.MaxBody(3)).Post("/", func(*Context) string { return "not read" })
		server := serve(t, app)
		for _, n := range []int{0, 4} {
			request := strings.Replace(withContent("/", "too long", n), "Connection: close\r\n", "", 1)
			got := talk(t, server, request+lines("POST / HTTP/1.1", "Host: a.test", "Connection: close"))
			if strings.Count(got, "HTTP/1.1 200 OK") != 2 {
				t.Errorf("got %q, want two answers: the content that was left is skipped", got)
			}
		}
	})
}

func TestData(t *testing.T) {
	for name, test := range map[string]struct {
		handler func(c *Context) (string, error)
		want    string
	}{
		"twice": {func(c *Context) (string, error) {
			one, err := c.Request.Data()
			other, err2 := c.Request.Data()
			return string(one) + string(other), errors.Join(err, err2)
		}, "teatea"},
		"BorrowData twice": {func(c *Context) (string, error) {
			one, err := c.Request.BorrowData()
			other, err2 := c.Request.BorrowData()
			return string(one) + string(other), errors.Join(err, err2)
		}, "teatea"},
		"BorrowData, then Data and Body": {func(c *Context) (string, error) {
			lent, err := c.Request.BorrowData()
			data, err2 := c.Request.Data()
			body, err3 := io.ReadAll(c.Request.Body())
			clear(data)
			return string(lent) + string(body), errors.Join(err, err2, err3)
		}, "teatea"},
		"BorrowData after Body": {func(c *Context) (string, error) {
			_, err := io.ReadAll(c.Request.Body())
			_, err2 := c.Request.BorrowData()
			return fmt.Sprint(err2 == microroute.ErrBodyRead), err
		}, "true"},
		"then Body": {func(c *Context) (string, error) {
			_, err := c.Request.Data()
			body, err2 := io.ReadAll(c.Request.Body())
			return string(body), errors.Join(err, err2)
		}, "tea"},
		"then JSON and Form": {func(c *Context) (string, error) {
			_, err := c.Request.Data()
			var v any
			form, err2 := c.Request.Form()
			return fmt.Sprint(c.Request.JSON(&v) != nil, form.Has("tea")), errors.Join(err, err2)
		}, "true false"},
		"after Body": {func(c *Context) (string, error) {
			start := make([]byte, 1)
			_, err := io.ReadFull(c.Request.Body(), start)
			_, err2 := c.Request.Data()
			_, err3 := c.Request.Data()
			return fmt.Sprint(err2 == microroute.ErrBodyRead, err3 == microroute.ErrBodyRead), err
		}, "true true"},
		"Body goes on": {func(c *Context) (string, error) {
			start := make([]byte, 1)
			_, err := io.ReadFull(c.Request.Body(), start)
			rest, err2 := io.ReadAll(c.Request.Body())
			return string(start) + "+" + string(rest), errors.Join(err, err2)
		}, "t+ea"},
		"end again": {func(c *Context) (string, error) {
			_, err := io.ReadAll(c.Request.Body())
			n, err2 := c.Request.Body().Read(make([]byte, 1))
			return fmt.Sprint(n, err2), err
		}, "0 EOF"},
		"JSON after Body": {func(c *Context) (string, error) {
			_, err := io.ReadAll(c.Request.Body())
			return fmt.Sprint(c.Request.JSON(new(any))), err
		}, microroute.ErrBodyRead.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			onEachEngine(t, func(t *testing.T, app *microroute.App) {
				app.Post("/", test.handler)
				server := serve(t, app)
				for _, n := range []int{0, 2} {
					if got := parse(t, talk(t, server, withContent("/", "tea", n))); got.body != test.want {
						t.Errorf("in chunks of %d: got %q, want %q", n, got.body, test.want)
					}
				}
			})
		})
	}
}

func TestNoBody(t *testing.T) {
	app := microroute.New()
	app.Get("/", func(c *Context) (string, error) {
		data, err := c.Request.Data()
		n, err2 := c.Request.Body().Read(make([]byte, 1))
		form, err3 := c.Request.Form()
		return fmt.Sprintf("%d %v %d %v %t", len(data), err, n, err2, form.Has("a")), err3
	})
	if got := microroutetest.New(t, app).Get("/").Body; got != "0 <nil> 0 EOF false" {
		t.Errorf("got %q, want an empty body", got)
	}
}

func TestBodyThatIsBad(t *testing.T) {
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		app.Post("/data", func(c *Context) ([]byte, error) { return c.Request.Data() })
		app.Post("/body", func(c *Context) ([]byte, error) { return io.ReadAll(c.Request.Body()) })
		app.Post("/form", func(c *Context) error { _, err := c.Request.Form(); return err })
		server := serve(t, app)
		for _, rule := range []string{"/data", "/body", "/form"} {
			head := []string{"POST " + rule + " HTTP/1.1", "Host: a.test", "Content-Type: application/json"}
			for name, request := range map[string]string{
				"cut off":         lines(append(head, "Content-Length: 10")...) + "short",
				"cut off chunk":   lines(append(head, "Transfer-Encoding: chunked")...) + "a\r\nshort",
				"no last chunk":   lines(append(head, "Transfer-Encoding: chunked")...) + "5\r\nshort\r\n",
				"malformed chunk": lines(append(head, "Transfer-Encoding: chunked")...) + "x\r\nshort\r\n0\r\n\r\n",
			} {
				client := dial(t, server)
				if _, err := io.WriteString(client, request); err != nil {
					t.Fatal(err)
				}
				client.CloseWrite()
				if got := readUntil(t, client, "\r\n"); got != "HTTP/1.1 400 Bad Request\r\n" {
					t.Errorf("%s, %s: got %q, want 400", rule, name, got)
				}
			}
		}
	})
}

func TestJSON(t *testing.T) {
	type order struct {
		Tea  string
		Cups int
	}
	app := microroute.New()
	app.Post("/", func(c *Context) (string, error) {
		o := order{Cups: 1}
		err := c.Request.JSON(&o)
		return fmt.Sprintf("%+v", o), err
	})
	app.Post("/program", func(c *Context) error { return c.Request.JSON(order{}) })
	client := microroutetest.New(t, app)
	for body, want := range map[string]string{
		`{"tea": "Assam", "cups": 2}`: "200 {Tea:Assam Cups:2}",
		`{"tea": "Assam"}`:            "200 {Tea:Assam Cups:1}",
		`{"other": 1}`:                "200 {Tea: Cups:1}",
		`null`:                        "200 {Tea: Cups:1}",
		``:                            "400 ",
		`{`:                           "400 ",
		`[]`:                          "400 ",
		`{"cups": "two"}`:             "400 ",
		`{} {}`:                       "400 ",
	} {
		response := client.Post("/", "application/json", body)
		if got := fmt.Sprint(response.Status, " ", response.Body); !strings.HasPrefix(got, want) {
			t.Errorf("%s: got %q, want %q", body, got, want)
		}
	}
	if got := client.Post("/program", "application/json", "{}"); got.Status != 500 {
		t.Errorf("a mistake of the program: got %d, want 500", got.Status)
	}
}

// Content that does not come is a 408, whoever waits for it.
func TestBodyThatDoesNotCome(t *testing.T) {
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		config := app.Config()
		config.Limits.BodyTimeout = 20 * time.Millisecond
		app = microroute.New(config)
		app.Post("/data", func(c *Context) ([]byte, error) { return c.Request.Data() })
		app.Post("/body", func(c *Context) ([]byte, error) { return io.ReadAll(c.Request.Body()) })
		server := serve(t, app)
		for _, target := range []string{"/data", "/body"} {
			client := dial(t, server)
			fmt.Fprint(client, lines("POST "+target+" HTTP/1.1", "Host: a", "Content-Length: 3")+"t")
			if got := readUntil(t, client, "\r\n"); got != "HTTP/1.1 408 Request Timeout\r\n" {
				t.Errorf("%s: got %q, want 408", target, got)
			}
		}
	})
}
