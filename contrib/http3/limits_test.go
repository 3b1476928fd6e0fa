package http3_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/contrib/http3"
	"github.com/quic-go/quic-go"
	quichttp3 "github.com/quic-go/quic-go/http3"
)

// What a client may cost over HTTP/1, it may cost over HTTP/3.
func TestLimits(t *testing.T) {
	limits := microroute.Limits{Target: 100, Fields: 20, Head: 4 << 10, Body: 1000, BodyTimeout: 200 * time.Millisecond}
	s := start(t, microroute.Config{Limits: limits}, func(app *microroute.App) {
		app.Post("/", func(c *microroute.Context) (string, error) {
			data, err := c.Request.Data()
			return string(data), err
		})
	})
	silent, speak := io.Pipe() // the client closes it
	go io.WriteString(speak, "b")
	for _, tt := range []struct {
		name, path string
		fields     int
		length     int // of each field
		body       io.Reader
		status     int
	}{
		{"within", "/", 10, 1, strings.NewReader("body"), 200},
		{"target", "/" + strings.Repeat("a", 100), 0, 0, http.NoBody, 414},
		{"fields", "/", 30, 1, http.NoBody, 431},
		{"head", "/", 10, 500, http.NoBody, 431},
		{"body", "/", 0, 0, strings.NewReader(strings.Repeat("a", 1001)), 413},
		{"body of unknown length", "/", 0, 0, io.MultiReader(strings.NewReader(strings.Repeat("a", 1001))), 413},
		{"silence", "/", 0, 0, silent, 408},
	} {
		r := s.request(t, "POST", tt.path, tt.body)
		for i := range tt.fields {
			r.Header.Set(fmt.Sprint("X-", i), strings.Repeat("1", tt.length))
		}
		response, err := s.client.Do(r)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		response.Body.Close()
		if response.StatusCode != tt.status {
			t.Errorf("%s: got %s, want %d", tt.name, response.Status, tt.status)
		}
	}
}

// A client that takes nothing does not hold its handler for ever.
func TestWriteTimeout(t *testing.T) {
	failed := make(chan error, 1)
	s := start(t, microroute.Config{Limits: microroute.Limits{WriteTimeout: 200 * time.Millisecond}}, func(app *microroute.App) {
		app.Get("/", func(c *microroute.Context) error {
			for {
				if err := c.Response.Send(make([]byte, 64<<10)); err != nil {
					failed <- err
					return err
				}
			}
		})
	})
	response := s.do(t, s.request(t, "GET", "/", nil))
	defer response.Body.Close()
	err := <-failed
	if timeout := new(microroute.TimeoutError); !errors.As(err, &timeout) {
		t.Errorf("got %v, want a TimeoutError", err)
	}
}

func TestConnectionsPerClient(t *testing.T) {
	s := start(t, microroute.Config{Limits: microroute.Limits{ConnectionsPerClient: 2}}, func(app *microroute.App) {
		app.Get("/", func(*microroute.Context) string { return "in" })
	})
	first, second, third := s.client, s.visitor(t), s.visitor(t)
	for _, client := range []*http.Client{first, second} {
		s.client = client
		if got := s.get(t, "/"); got != "200 HTTP/3.0 in" {
			t.Errorf("got %q", got)
		}
	}
	_, err := third.Do(s.request(t, "GET", "/", nil))
	if refused := new(quichttp3.Error); !errors.As(err, &refused) || refused.ErrorCode != quichttp3.ErrCodeExcessiveLoad {
		t.Errorf("third connection: got %v, want H3_EXCESSIVE_LOAD", err)
	}
	first.Transport.(io.Closer).Close()
	s.client = s.visitor(t)
	for ctx := soon(t); ; {
		response, err := s.client.Do(s.request(t, "GET", "/", nil))
		if err == nil {
			response.Body.Close()
			return
		}
		if ctx.Err() != nil {
			t.Fatalf("after one has gone: %v", err)
		}
	}
}

// As many connections as there may be are served; others wait.
func TestConnections(t *testing.T) {
	s := start(t, microroute.Config{Limits: microroute.Limits{Connections: 1}}, func(app *microroute.App) {
		app.Get("/", func(*microroute.Context) string { return "in" })
	})
	s.get(t, "/")
	first := s.client
	s.client = s.visitor(t)
	answered := make(chan string)
	go func() { answered <- s.get(t, "/") }()
	select {
	case got := <-answered:
		t.Errorf("second connection: got %q before the first has ended", got)
	case <-time.After(100 * time.Millisecond):
	}
	first.Transport.(io.Closer).Close()
	if got := <-answered; got != "200 HTTP/3.0 in" {
		t.Errorf("second connection: got %q", got)
	}
}

// A client that has nothing to ask is told to go.
func TestIdleTimeout(t *testing.T) {
	limits := microroute.Limits{IdleTimeout: 100 * time.Millisecond, DrainTimeout: 50 * time.Millisecond}
	s := start(t, microroute.Config{Limits: limits}, func(app *microroute.App) {
		app.Get("/", func(*microroute.Context) string { return "here" })
		app.Get("/slow", func(*microroute.Context) string {
			time.Sleep(300 * time.Millisecond)
			return "finished"
		})
	})
	conn := s.dial(t)
	client := new(quichttp3.Transport).NewClientConn(conn)
	for _, path := range []string{"/", "/slow", "/"} {
		response, err := client.RoundTrip(s.request(t, "GET", path, nil))
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		response.Body.Close()
	}
	select {
	case <-conn.Context().Done():
	case <-soon(t).Done():
		t.Error("the connection stays open")
	}
}

// dial opens a connection without HTTP/3.
func (s *served) dial(t *testing.T) *quic.Conn {
	t.Helper()
	trust := s.trust.Clone()
	trust.NextProtos = []string{quichttp3.NextProtoH3}
	conn, err := quic.DialAddr(soon(t), strings.TrimPrefix(s.url, "https://"), trust, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.CloseWithError(0, "") })
	return conn
}

// A client that begins with heads and does not end them is idle, too, and so is one that says nothing at all.
func TestIncompleteHeads(t *testing.T) {
	limits := microroute.Limits{IdleTimeout: 100 * time.Millisecond, DrainTimeout: 50 * time.Millisecond}
	s := start(t, microroute.Config{Limits: limits}, func(*microroute.App) {})
	for _, begin := range [][]byte{nil, {1}, {1, 60, 0}} {
		conn := s.dial(t)
		if begin != nil {
			for range 10 {
				stream, err := conn.OpenStream()
				if err != nil {
					t.Fatal(err)
				}
				stream.Write(begin)
			}
		}
		select {
		case <-conn.Context().Done():
		case <-soon(t).Done():
			t.Errorf("streams that begin with % x: the connection stays open", begin)
		}
	}
}

// No more requests are under way at a time than there may be.
func TestStreams(t *testing.T) {
	began, proceed := make(chan struct{}), make(chan struct{})
	s := start(t, microroute.Config{}, func(app *microroute.App) {
		app.Get("/", func(*microroute.Context) string {
			began <- struct{}{}
			<-proceed
			return "done"
		})
	}, func(config *http3.Config) { config.QUIC = &quic.Config{MaxIncomingStreams: 2} })
	got := make(chan string)
	for range 3 {
		go func() { got <- s.get(t, "/") }()
	}
	<-began
	<-began
	select {
	case <-began:
		t.Error("a third request has begun")
	case <-time.After(100 * time.Millisecond):
	}
	close(proceed)
	<-began
	for range 3 {
		if got := <-got; got != "200 HTTP/3.0 done" {
			t.Errorf("got %q", got)
		}
	}
}

// What is large goes through in both directions.
func TestLarge(t *testing.T) {
	const size = 8 << 20
	s := start(t, microroute.Config{}, func(app *microroute.App) {
		app.Post("/", microroute.MaxBody(size)(func(c *microroute.Context) error {
			c.Response.MIMEType = "application/octet-stream"
			_, err := io.Copy(responseWriter{c}, c.Request.Body())
			return err
		}))
	})
	sent := bytes.Repeat([]byte("0123456789abcdef"), size/16)
	response := s.do(t, s.request(t, "POST", "/", bytes.NewReader(sent)))
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	if err != nil || !bytes.Equal(got, sent) {
		t.Errorf("got %d octets, %v, want the %d that were sent", len(got), err, size)
	}
}

type responseWriter struct{ c *microroute.Context }

func (w responseWriter) Write(p []byte) (int, error) { return len(p), w.c.Response.Send(p) }
