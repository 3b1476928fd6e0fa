package microroute_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/microroute/microroute"
)

// shout is a protocol of one line there and one back.
func shout(c *Context) error {
	conn, err := c.Response.Upgrade("shout")
	if err != nil {
		return err
	}
	defer conn.Close()
	line, err := bufio.NewReader(conn).ReadString('\n')
	fmt.Fprint(conn, strings.ToUpper(line))
	return err
}

// RFC 9110 section 7.8.
func TestUpgrade(t *testing.T) {
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		app.Handle("get,post", "/", func(c *Context) (string, error) {
			c.Request.Data()
			c.Response.Header.Set("X-Voice", "loud")
			return "what is returned is ignored", shout(c)
		})
		server := serve(t, app)
		for name, request := range map[string]string{
			"GET":                   lines("GET / HTTP/1.1", "Host: a.test", "Connection: keep-alive, Upgrade", "Upgrade: h2c, Shout/2"),
			"POST without a body":   lines("POST / HTTP/1.1", "Host: a.test", "Connection: upgrade", "Upgrade: Shout/2", "Content-Length: 0"),
			"POST, the body read":   lines("POST / HTTP/1.1", "Host: a.test", "Connection: upgrade", "Upgrade: Shout/2", "Content-Length: 4") + "body",
			"POST in chunks":        lines("POST / HTTP/1.1", "Host: a.test", "Connection: upgrade", "Upgrade: Shout/2", "Transfer-Encoding: chunked") + "4\r\nbody\r\n0\r\n\r\n",
			"the last of its kind":  lines("GET / HTTP/1.1", "Host: a.test", "Connection: upgrade, close", "Upgrade: Shout/2"),
			"behind another":        lines("GET /none HTTP/1.1", "Host: a.test") + lines("GET / HTTP/1.1", "Host: a.test", "Connection: upgrade", "Upgrade: Shout/2"),
			"the first of a client": lines("GET / HTTP/1.1", "Host: a.test", "connection: UPGRADE", "upgrade: Shout/2"),
		} {
			conn := dial(t, server)
			io.WriteString(conn, request+"tea, ") // read ahead
			if name == "behind another" {
				head := parse(t, readUntil(t, conn, "\r\n\r\n"))
				io.CopyN(io.Discard, conn, int64(len("<!doctype html>\n<title>404 Not Found</title>\n<h1>404 Not Found</h1>\n")))
				if head.line != "HTTP/1.1 404 Not Found" {
					t.Errorf("%s: got %q first", name, head.line)
				}
			}
			head := parse(t, readUntil(t, conn, "\r\n\r\n"))
			if head.line != "HTTP/1.1 101 Switching Protocols" || head.header.Get("Upgrade") != "Shout/2" ||
				head.header.Get("Connection") != "upgrade" || head.header.Get("X-Voice") != "loud" || head.header.Get("Content-Length") != "" {
				t.Errorf("%s: got %s with %v, want 101", name, head.line, head.header)
			}
			io.WriteString(conn, "please\n")
			if rest, err := io.ReadAll(conn); string(rest) != "TEA, PLEASE\n" || err != nil {
				t.Errorf("%s: got %q, %v", name, rest, err)
			}
			conn.Close()
		}
	})
}

// Who has not offered the protocol is told of it, in HTTP (RFC 9110 section 15.5.22).
func TestUpgradeRequired(t *testing.T) {
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		app.Handle("get,post", "/", shout)
		server := serve(t, app)
		for name, tt := range map[string]struct {
			request string
			status  string
			upgrade string
		}{
			"no offer":       {lines("GET / HTTP/1.1", "Host: a.test", "Connection: close"), "426 Upgrade Required", "shout"},
			"another offer":  {lines("GET / HTTP/1.1", "Host: a.test", "Connection: close, upgrade", "Upgrade: websocket"), "426 Upgrade Required", "shout"},
			"no option":      {lines("GET / HTTP/1.1", "Host: a.test", "Connection: close", "Upgrade: shout"), "426 Upgrade Required", "shout"},
			"HTTP/1.0":       {lines("GET / HTTP/1.0", "Connection: upgrade", "Upgrade: shout"), "426 Upgrade Required", "shout"},
			"a body":         {lines("POST / HTTP/1.1", "Host: a.test", "Connection: upgrade, close", "Upgrade: shout", "Content-Length: 4") + "body", "400 Bad Request", ""},
			"a body to come": {lines("POST / HTTP/1.1", "Host: a.test", "Connection: upgrade, close", "Upgrade: shout", "Transfer-Encoding: chunked"), "400 Bad Request", ""},
		} {
			octets := talk(t, server, tt.request)
			got := parse(t, octets)
			wantOption := "close"
			if tt.upgrade != "" {
				wantOption = "close, upgrade"
			}
			if got.line != "HTTP/1.1 "+tt.status || got.header.Get("Upgrade") != tt.upgrade || got.header.Get("Connection") != wantOption {
				t.Errorf("%s: got %q, want %s, Upgrade: %s and Connection: %s", name, octets, tt.status, tt.upgrade, wantOption)
			}
		}
	})
}

// A handler may go on in HTTP with a client that offers nothing.
func TestUpgradeOrNot(t *testing.T) {
	app := microroute.New()
	app.Get("/", func(c *Context) string {
		_, err := c.Response.Upgrade("shout")
		var e *microroute.Error
		return fmt.Sprint(errors.As(err, &e) && e.Status == 426)
	})
	if got := ask(t, serve(t, app), "/"); got.line != "HTTP/1.1 200 OK" || got.body != "true" || got.header.Get("Upgrade") != "shout" {
		t.Errorf("got %s with %v and %q, want 200 that tells of the protocol", got.line, got.header, got.body)
	}
}

func TestUpgradeTooLate(t *testing.T) {
	app := microroute.New()
	app.Get("/sent", func(c *Context) string {
		c.Response.SendHeader()
		_, err := c.Response.Upgrade("shout")
		return fmt.Sprint(errors.Is(err, microroute.ErrHeaderSent))
	})
	failed := make(chan error, 1)
	app.Get("/hook", func(c *Context) {
		c.Response.OnSend(func() { c.Response.Status = 403 })
		_, err := c.Response.Upgrade("shout")
		failed <- err
	})
	app.Get("/decided", func(c *Context) {
		c.Response.Redirect("/")
		_, err := c.Response.Upgrade("shout")
		failed <- err
	})
	server := serve(t, app)
	offer := func(target string) answer {
		return parse(t, talk(t, server, lines("GET "+target+" HTTP/1.1", "Host: a.test", "Connection: upgrade, close", "Upgrade: shout")))
	}
	if got := offer("/sent"); got.body != "4\r\ntrue\r\n0\r\n\r\n" {
		t.Errorf("after the header: got %q, want ErrHeaderSent", got.body)
	}
	if got, err := offer("/hook"), <-failed; got.line != "HTTP/1.1 403 Forbidden" || err == nil {
		t.Errorf("with a hook that decides otherwise: got %s, %v, want 403 and an error", got.line, err)
	}
	if got, err := offer("/decided"), <-failed; got.line != "HTTP/1.1 302 Found" || !errors.Is(err, microroute.ErrDecided) {
		t.Errorf("after a redirect: got %s, %v, want 302 and ErrDecided", got.line, err)
	}
}

// net/http's client changes the protocol with us.
func TestUpgradeWithNetHTTP(t *testing.T) {
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		app.Get("/", shout)
		request, err := http.NewRequest("GET", "http://"+serve(t, app).Addr().String(), nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Connection", "Upgrade")
		request.Header.Set("Upgrade", "shout")
		response, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		conn, ok := response.Body.(io.ReadWriter)
		if !ok || response.StatusCode != 101 {
			t.Fatalf("got %s, want 101 and a connection", response.Status)
		}
		io.WriteString(conn, "tea\n")
		if got, err := io.ReadAll(conn); string(got) != "TEA\n" || err != nil {
			t.Errorf("got %q, %v", got, err)
		}
	})
}
