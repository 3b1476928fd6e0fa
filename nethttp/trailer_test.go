package nethttp_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/nethttp"
)

// dial connects to s until the end of the test.
func dial(t *testing.T, s *httptest.Server) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	t.Cleanup(func() { conn.Close() })
	return conn
}

func TestTrailers(t *testing.T) {
	each(t, func(t *testing.T, h2 bool) {
		s := serve(t, h2, func(app *microroute.App) {
			app.Post("/<path:how>", func(c *microroute.Context, how string) (string, error) {
				early := c.Request.Trailer().Len()
				data, err := c.Request.Data()
				back := func() {
					c.Response.Trailer.Set("X-Back", fmt.Sprint(early, c.Request.Trailer().Get("X-Sum"), c.Request.Trailer().Has("Cookie")))
				}
				c.Response.Header.Set("X-Back", "header") // of the same name
				c.Response.Trailer.Set("Content-Type", "text/none")
				switch how {
				case "returned":
					back()
					return string(data), err
				case "late":
					c.Response.Trailer.Clear()
					defer back()
				case "announced":
					c.Response.Trailer.Set("X-Back", "")
					c.Response.Trailer.Set("X-None", "")
					defer back()
				case "closed":
					back()
					return "", errors.Join(err, c.Response.Send(data), c.Response.Close())
				}
				return "", errors.Join(err, c.Response.Send(data))
			})
		})
		for _, how := range []string{"returned", "late", "announced", "closed"} {
			request, err := http.NewRequest("POST", s.URL+"/"+how, io.MultiReader(strings.NewReader("body")))
			if err != nil {
				t.Fatal(err)
			}
			request.Trailer = http.Header{"X-Sum": {"7"}, "Cookie": {"a=b"}}
			response, err := s.Client().Do(request)
			if err != nil {
				t.Fatal(err)
			}
			_, announced := response.Trailer["X-Back"]
			body, err := io.ReadAll(response.Body)
			response.Body.Close()
			if string(body) != "body" || err != nil || response.Header.Get("X-Back") != "header" {
				t.Errorf("%s: got %q, %v with %v", how, body, err, response.Header)
			}
			if got := response.Trailer; !slices.Equal(got["X-Back"], []string{"07false"}) || got.Get("Content-Type")+got.Get("X-None") != "" || announced != (how != "late") {
				t.Errorf("%s: got %v behind the body, announced: %t, want X-Back: 07false", how, got, announced)
			}
		}
	})
}

// Trailer fields change nothing where none can follow.
func TestNoTrailers(t *testing.T) {
	s := serve(t, false, func(app *microroute.App) {
		app.Get("/", func(c *microroute.Context) string {
			c.Response.Trailer.Set("X-Sum", "7")
			return "body"
		})
	})
	for request, want := range map[string]string{
		"GET / HTTP/1.0\r\n\r\n": "\r\n\r\nbody",
		"HEAD / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n": "\r\n\r\n",
	} {
		conn := dial(t, s)
		io.WriteString(conn, request)
		got, err := io.ReadAll(conn)
		if !strings.HasSuffix(string(got), want) || strings.Contains(string(got), "Trailer") || !strings.Contains(string(got), "Content-Length: 4") || err != nil {
			t.Errorf("%q: got %q, %v, want %q at the end and a length", request, got, err, want)
		}
	}
}

// A length that trailer fields keep off the wire is held to.
func TestTrailersAndLength(t *testing.T) {
	each(t, func(t *testing.T, h2 bool) {
		failed := make(chan error, 1)
		s := serve(t, h2, func(app *microroute.App) {
			app.Get("/<path:body>", func(c *microroute.Context, body string) error {
				c.Response.Header.Set("Content-Length", "4")
				c.Response.Trailer.Set("X-Sum", "7")
				err := errors.Join(c.Response.SendHeader(), c.Response.SendString(body))
				failed <- err
				return err
			})
		})
		for body, tooMuch := range map[string]bool{"bod": false, "bodys": true} {
			response, err := s.Client().Get(s.URL + "/" + body)
			if err == nil {
				_, err = io.ReadAll(response.Body)
				response.Body.Close()
			}
			sent := <-failed
			if err == nil || (sent != nil) != tooMuch || tooMuch && !h2 && !errors.Is(sent, microroute.ErrContentLength) {
				t.Errorf("%q of 4 octets: the client has %v, the handler %v", body, err, sent)
			}
		}
	})
}

func TestEarlyHints(t *testing.T) {
	const style = "</style.css>; rel=preload; as=style"
	each(t, func(t *testing.T, h2 bool) {
		s := serve(t, h2, func(app *microroute.App) {
			app.Get("/", func(c *microroute.Context) (string, error) {
				c.Response.Header.Set("X-Later", "1")
				if err := c.Response.EarlyHints(style); err != nil {
					return "", err
				}
				if err := c.Response.EarlyHints("</a>"); err != nil {
					return "", err
				}
				c.Response.SendHeader()
				return fmt.Sprint(errors.Is(c.Response.EarlyHints("</b>"), microroute.ErrHeaderSent)), nil
			})
		})
		var got []string
		trace := &httptrace.ClientTrace{Got1xxResponse: func(code int, header textproto.MIMEHeader) error {
			got = append(append(got, strconv.Itoa(code)), header["Link"]...)
			if header.Get("X-Later") != "" {
				got = append(got, "X-Later")
			}
			return nil
		}}
		request, err := http.NewRequestWithContext(httptrace.WithClientTrace(t.Context(), trace), "GET", s.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := s.Client().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if want := []string{"103", style, "103", "</a>"}; !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
		if links := response.Header["Link"]; !slices.Equal(links, []string{style, "</a>"}) || string(body) != "true" || err != nil {
			t.Errorf("got Link %q and %q, %v, want both links and ErrHeaderSent", links, body, err)
		}
	})
}

// Where no http.Server is behind the writer, hints are not taken for the response.
func TestEarlyHintsRecorded(t *testing.T) {
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) (string, error) { return "page", c.Response.EarlyHints("</a>") })
	w := httptest.NewRecorder()
	nethttp.Handler(app).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != 200 || w.Body.String() != "page" || w.Header().Get("Link") != "</a>" {
		t.Errorf("got %d with %v and %q, want the page with its Link", w.Code, w.Header(), w.Body)
	}
}

func shout(c *microroute.Context) error {
	c.Response.Header.Set("X-Voice", "loud")
	conn, err := c.Response.Upgrade("shout")
	if err != nil {
		return err
	}
	defer conn.Close()
	line, err := bufio.NewReader(conn).ReadString('\n')
	fmt.Fprint(conn, strings.ToUpper(line))
	return err
}

func TestUpgrade(t *testing.T) {
	s := serve(t, false, func(app *microroute.App) { app.Get("/", shout) })
	conn := dial(t, s)
	in := bufio.NewReader(conn)
	io.WriteString(conn, "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n")
	response, err := http.ReadResponse(in, nil)
	if err != nil {
		t.Fatal(err)
	}
	io.Copy(io.Discard, response.Body)
	if response.StatusCode != 426 || response.Header.Get("Upgrade") != "shout" {
		t.Errorf("without an offer: got %s with %v, want 426 with Upgrade: shout", response.Status, response.Header)
	}
	io.WriteString(conn, "GET / HTTP/1.1\r\nHost: a.test\r\nConnection: upgrade\r\nUpgrade: Shout\r\n\r\ntea, ")
	response, err = http.ReadResponse(in, nil)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != 101 || response.Header.Get("Upgrade") != "Shout" || response.Header.Get("Connection") != "upgrade" || response.Header.Get("X-Voice") != "loud" {
		t.Errorf("got %s with %v, want 101", response.Status, response.Header)
	}
	io.WriteString(conn, "please\n")
	if got, err := io.ReadAll(in); string(got) != "TEA, PLEASE\n" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}

// HTTP/2 has no Upgrade, and a writer without a connection cannot give one away: both are known before it is too late.
func TestUpgradeFails(t *testing.T) {
	add := func(app *microroute.App) {
		app.Get("/", func(c *microroute.Context) string {
			_, err := c.Response.Upgrade("shout")
			return fmt.Sprint(errors.Is(err, microroute.ErrNoClient))
		})
	}
	s := serve(t, true, add)
	response, err := s.Client().Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if body, err := io.ReadAll(response.Body); response.StatusCode != 200 || string(body) != "true" || err != nil {
		t.Errorf("HTTP/2: got %s with %q, %v, want ErrNoClient", response.Status, body, err)
	}
	app := microroute.New()
	add(app)
	w, r := httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil)
	r.Header = http.Header{"Connection": {"upgrade"}, "Upgrade": {"shout"}}
	nethttp.Handler(app).ServeHTTP(w, r)
	if w.Code != 200 || w.Body.String() != "true" {
		t.Errorf("recorder: got %d with %q, want ErrNoClient", w.Code, w.Body)
	}
}
