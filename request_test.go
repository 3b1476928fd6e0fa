package microroute_test

import (
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/microroutetest"
)

func TestRequest(t *testing.T) {
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		app.Handle("*", "/<path:p>", func(c *Context, _ string) string {
			r := c.Request
			return fmt.Sprintf("%s|%s|%s|%s|%s|%s|%v", r.Method, r.Path(), r.Target(), r.Proto, r.Host(), r.Scheme(), r.TLS())
		})
		server := serve(t, app)
		for _, test := range []struct{ request, want string }{
			{"GET /a HTTP/1.1\r\nHost: a.test", "GET|/a|/a|HTTP/1.1|a.test|http|<nil>"},
			{"GET /a HTTP/1.1\r\nhOsT: a.test:81", "GET|/a|/a|HTTP/1.1|a.test:81|http|<nil>"},
			{"GET /a HTTP/1.0", "GET|/a|/a|HTTP/1.0||http|<nil>"},
			{"GET /%67r%C3%BCn%20/%2Fx?a=%20b HTTP/1.1\r\nHost: a", "GET|/grün //x|/%67r%C3%BCn%20/%2Fx?a=%20b|HTTP/1.1|a|http|<nil>"},
			{"PROPFIND /a?? HTTP/1.1\r\nHost: a", "PROPFIND|/a|/a??|HTTP/1.1|a|http|<nil>"},
			{"GET http://b.test:82/x?y HTTP/1.1\r\nHost: b.test:82", "GET|/x|http://b.test:82/x?y|HTTP/1.1|b.test:82|http|<nil>"},
		} {
			got := parse(t, talk(t, server, lines(test.request, "Connection: close")))
			if got.body != test.want {
				t.Errorf("%q: got %q, want %q", test.request, got.body, test.want)
			}
		}
	})
}

func TestRequestHeader(t *testing.T) {
	app := microroute.New()
	app.Get("/", func(c *Context) string {
		h := c.Request.Header
		var all []string
		for name, value := range h.All() {
			all = append(all, name+"="+value)
		}
		return fmt.Sprintf("%s|%q|%q|%q|%t|%t|%d", strings.Join(all, ","), h.Get("X-TWICE"), h.Values("x-twice"), h.Get("none"),
			h.Has("x-empty"), h.Has("none"), h.Len())
	})
	got := parse(t, talk(t, serve(t, app), lines("GET / HTTP/1.1", "Host: a", "x-Twice:  1 ", "X-Empty:", "X-tWiCe: 2", "Connection: close")))
	if want := `Host=a,x-Twice=1,X-Empty=,X-tWiCe=2,Connection=close|"1"|["1" "2"]|""|true|false|5`; got.body != want {
		t.Errorf("got  %s\nwant %s", got.body, want)
	}
}

func TestArgs(t *testing.T) {
	app := microroute.New()
	app.Get("/", func(c *Context) string {
		var all []string
		for name, value := range c.Request.Args.All() {
			all = append(all, name+"="+value)
		}
		return strings.Join(all, ",") + fmt.Sprintf("|%q|%d", c.Request.Args.Values("a"), c.Request.Args.Len())
	})
	client := microroutetest.New(t, app)
	for query, want := range map[string]string{
		"":               "|[]|0",
		"?":              "|[]|0",
		"?a=1&b=2&a=3":   `a=1,b=2,a=3|["1" "3"]|3`,
		"?a":             `a=|[""]|1`,
		"?a=":            `a=|[""]|1`,
		"?a=b=c":         `a=b=c|["b=c"]|1`,
		"?a+b=c+d%2B%26": "a b=c d+&|[]|1",
		"?%61=%C3%BC":    `a=ü|["ü"]|1`,
		"?a=%zz&&b=%":    `a=%zz,b=%|["%zz"]|2`,
		"?a=1;b=2":       `a=1;b=2|["1;b=2"]|1`,
		"?A=1":           "A=1|[]|1",
	} {
		if got := client.Get("/" + query).Body; got != want {
			t.Errorf("%s: got %s, want %s", query, got, want)
		}
	}
}

func TestCookie(t *testing.T) {
	app := microroute.New()
	app.Get("/", func(c *Context) string {
		value, ok := c.Request.Cookie("tea")
		return fmt.Sprintf("%q %t", value, ok)
	})
	server := serve(t, app)
	for fields, want := range map[string]string{
		"X: 1":                              `"" false`,
		"Cookie: tea=Assam":                 `"Assam" true`,
		"Cookie: a=1; tea=Assam; tea=Other": `"Assam" true`,
		"Cookie: Tea=1":                     `"" false`,
		"Cookie: a=1\r\nCookie: tea=Assam":  `"Assam" true`,
		"Cookie: tea=":                      `"" true`,
		"Cookie: xtea=1; teax=2":            `"" false`,
	} {
		got := parse(t, talk(t, server, lines("GET / HTTP/1.1", "Host: a", "Connection: close", fields)))
		if got.body != want {
			t.Errorf("%q: got %s, want %s", fields, got.body, want)
		}
	}
}

// On a dual-stack socket IPv4 addresses are in their own form, too; on a unix socket there is none.
func TestRemoteAddr(t *testing.T) {
	for _, test := range []struct{ network, addr string }{
		{"tcp4", "127.0.0.1:0"}, {"tcp", ":0"}, {"unix", filepath.Join(t.TempDir(), "socket")},
	} {
		t.Run(test.network, func(t *testing.T) {
			app := microroute.New(microroute.Config{Network: test.network, Addr: test.addr})
			app.Get("/", func(c *Context) string { return c.Request.RemoteAddr.String() })
			server, err := app.Start()
			if err != nil {
				t.Fatal(err)
			}
			defer server.Close()
			network, addr := "tcp4", test.addr
			if tcp, ok := server.Addr().(*net.TCPAddr); ok {
				addr = fmt.Sprint("127.0.0.1:", tcp.Port)
			} else {
				network = "unix"
			}
			client, err := net.Dial(network, addr)
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			fmt.Fprint(client, lines("GET / HTTP/1.1", "Host: a"))
			want := client.LocalAddr().String()
			if network == "unix" {
				want = "invalid AddrPort"
			}
			readUntil(t, client, "\r\n\r\n")
			if got := readUntil(t, client, want[len(want)-1:]); !strings.HasPrefix(want, got) {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

// Strings of a request may be kept: its memory serves many requests, they do not change.
func TestStringsMayBeKept(t *testing.T) {
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		type kept struct{ got, want string }
		var all []kept
		app.Post("/<string:a>/<path:b>", func(c *Context, a, b string) error {
			r := c.Request
			n := r.Args.Get("n")
			data, err := r.Data()
			cookie, _ := r.Cookie("tea")
			all = append(all, kept{n + a + b + c.Var("a") + r.Path() + r.Target() + r.Host() + r.Header.Get("X-N") + r.Method + r.Proto + cookie,
				strings.Clone(n + a + b + c.Var("a") + r.Path() + r.Target() + r.Host() + r.Header.Get("X-N") + r.Method + r.Proto + cookie)})
			for name, value := range r.Header.All() {
				all = append(all, kept{name, strings.Clone(name)}, kept{value, strings.Clone(value)})
			}
			for _, s := range []string{n, a, b, c.Var("b"), r.Path(), r.Target(), r.Host(), r.Header.Get("X-N"), r.Method, r.Proto, cookie} {
				all = append(all, kept{s, strings.Clone(s)})
			}
			all = append(all, kept{string(data), strings.Clone(string(data))})
			return err
		})
		server := serve(t, app)
		var requests strings.Builder
		const count = 500
		for n := range count {
			text := strings.Repeat(fmt.Sprint(n, "."), n%40+1)
			connection := "keep-alive"
			if n == count-1 {
				connection = "close"
			}
			requests.WriteString(lines(fmt.Sprintf("POST /%s/%%41%s/x?n=%d HTTP/1.1", text, text, n), "Host: host"+text, "X-N: "+text,
				"Cookie: tea="+text, "Connection: "+connection, fmt.Sprint("Content-Length: ", len(text))) + text)
		}
		talk(t, server, requests.String())
		if len(all) < count*20 {
			t.Fatalf("kept %d strings, want more", len(all))
		}
		for _, s := range all {
			if s.got != s.want {
				t.Fatalf("a string has changed from %q to %q", s.want, s.got)
			}
		}
	})
}
