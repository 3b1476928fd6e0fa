package microroutetest_test

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/microroutetest"
)

func TestClient(t *testing.T) {
	app := microroute.New()
	app.Handle("get,post,put", "/echo", func(c *microroute.Context) (string, error) {
		data, err := c.Request.Data()
		return fmt.Sprint(c.Request.Method, " ", c.Request.Header.Get("Content-Type"), " ", c.Request.Header.Get("X-A"), " ", string(data)), err
	})
	app.Get("/in", func(c *microroute.Context) error {
		return errors.Join(c.Response.SetCookie(microroute.Cookie{Name: "who", Value: "me"}), c.Response.Redirect("/who"))
	})
	app.Get("/who", func(c *microroute.Context) string {
		who, _ := c.Request.Cookie("who")
		return who
	})
	client := microroutetest.New(t, app)
	for want, got := range map[string]*microroutetest.Response{
		"200 GET   ":                client.Get("/echo"),
		"200 POST text/plain  body": client.Post("/echo", "text/plain", "body"),
		"200 POST application/x-www-form-urlencoded  a=b": client.PostForm("/echo", url.Values{"a": {"b"}}),
		"200 PUT a/b c d": client.Do("PUT", "/echo", "a/b", "d", "X-A", "c"),
		"404 <!doctype html>\n<title>404 Not Found</title>\n<h1>404 Not Found</h1>\n": client.Get("/nowhere"),
	} {
		if text := fmt.Sprint(got.Status, " ", got.Body); text != want {
			t.Errorf("got %q, want %q", text, want)
		}
	}
	if got := client.Get("/in"); got.Status != 302 || got.Header.Get("Location") != "/who" {
		t.Errorf("got %d to %q: a redirect is not to be followed", got.Status, got.Header.Get("Location"))
	}
	if got := client.Get("/who"); got.Body != "me" {
		t.Errorf("got %q, want the cookie that was set before", got.Body)
	}
}

// An answer that ends HTTP is an answer; what comes behind is for WebSocket or Dial.
func TestSwitchingProtocols(t *testing.T) {
	app := microroute.New()
	left := make(chan error, 1)
	app.Get("/", func(c *microroute.Context) error {
		conn, err := c.Response.Upgrade("shout")
		if err != nil {
			return err
		}
		defer conn.Close()
		_, err = io.Copy(io.Discard, conn)
		left <- err
		return nil
	})
	client := microroutetest.New(t, app)
	client.Do("GET", "/", "", "", "Connection", "upgrade", "Upgrade", "shout").Want(101, "").WantHeader("Upgrade", "shout")
	if err := <-left; err != nil {
		t.Errorf("got %v, want the client to leave", err)
	}
	client.Get("/").Want(426)
}

func TestTrailer(t *testing.T) {
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) string {
		c.Response.Trailer.Set("X-Sum", "7")
		return "body"
	})
	if got := microroutetest.New(t, app).Get("/"); got.Body != "body" || got.Trailer.Get("X-Sum") != "7" {
		t.Errorf("got %q and %v behind it, want X-Sum: 7", got.Body, got.Trailer)
	}
}

// An answer that comes before the request has been read is not lost.
func TestEarlyAnswer(t *testing.T) {
	app := microroute.New()
	app.Post("/", func(c *microroute.Context) (string, error) {
		data, err := c.Request.Data()
		return string(data), err
	})
	client := microroutetest.New(t, app)
	for range 50 {
		if got := client.Post("/", "text/plain", strings.Repeat("x", 8<<20)); got.Status != 413 {
			t.Fatalf("got %d, want 413", got.Status)
		}
	}
}

// Time that a handler waits for passes at once in a bubble of testing/synctest.
func TestInABubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		app := microroute.New()
		app.Get("/", func(*microroute.Context) string {
			time.Sleep(time.Hour)
			return "late"
		})
		start := time.Now()
		if got := microroutetest.New(t, app).Get("/"); got.Body != "late" {
			t.Errorf("got %q", got.Body)
		}
		if took := time.Since(start); took != time.Hour {
			t.Errorf("it took %v", took)
		}
	})
}
