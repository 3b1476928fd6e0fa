package microroutetest_test

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/microroutetest"
)

// mirror returns an App that shows who asks: visitor, address, scheme, host and language.
func mirror() *microroute.App {
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) string {
		name, _ := c.Request.Cookie("name")
		return fmt.Sprintf("%s %v %s %s %s", name, c.Request.RemoteAddr, c.Request.Scheme(), c.Request.Host(), c.Request.Header.Get("Accept-Language"))
	})
	app.Get("/in/<string:name>", func(c *microroute.Context, name string) error {
		secure := c.Request.Scheme() == "https"
		return errors.Join(c.Response.SetCookie(microroute.Cookie{Name: "name", Value: name, Path: "/", Secure: secure}), c.Response.Redirect("/"))
	})
	app.Get("/away", func(c *microroute.Context) error { return c.Response.Redirect("https://elsewhere.test/") })
	app.Get("/round", func(c *microroute.Context) error { return c.Response.Redirect("/round") })
	return app
}

func TestVisitors(t *testing.T) {
	anna := microroutetest.New(t, mirror())
	anna.Get("/in/anna").Want(302, "")
	anna.Get("/").Want(200, "anna invalid AddrPort http app.test ")
	bert := anna.Another()
	bert.Get("/").Want(200, " invalid AddrPort http app.test ")
	bert.Get("/in/bert")
	bert.Get("/").Want(200, "bert invalid AddrPort http app.test ")
	anna.Get("/").Want(200, "anna invalid AddrPort http app.test ")

	far := anna.From("192.0.2.7:1234")
	far.Get("/").Want(200, "anna 192.0.2.7:1234 http app.test ")
	anna.From("[2001:db8::7]:80").Get("/").Want(200, "anna [2001:db8::7]:80 http app.test ")
	anna.Get("/").Want(200, "anna invalid AddrPort http app.test ")
	far.With("Accept-Language", "de").Get("/").Want(200, "anna 192.0.2.7:1234 http app.test de")
}

func TestWith(t *testing.T) {
	client := microroutetest.New(t, mirror()).With("accept-language", "de", "Accept-Language", "fr", "Host", "shop.test")
	client.Get("/").Want(200, " invalid AddrPort http shop.test de")
	client.Do("GET", "/", "", "", "Accept-Language", "en").Want(200, " invalid AddrPort http shop.test en")
	client.Do("GET", "/", "", "", "Host", "other.test").Want(200, " invalid AddrPort http other.test de")
	client.With("Accept-Language", "sv").Get("/").Want(200, " invalid AddrPort http shop.test sv")
	client.Get("/").Want(200, " invalid AddrPort http shop.test de")
}

func TestAt(t *testing.T) {
	plain := microroutetest.New(t, mirror())
	secure := plain.At("https://tea.example:8443")
	secure.Get("/").Want(200, " invalid AddrPort https tea.example:8443 ")
	secure.Get("/in/anna")
	secure.Get("/").Want(200, "anna invalid AddrPort https tea.example:8443 ")
	plain.At("http://tea.example").Get("/").Want(200, " invalid AddrPort http tea.example ") // the cookie is Secure
	plain.Get("/").Want(200, " invalid AddrPort http app.test ")
}

// Handlers may look at the TLS state as they would at a true one.
func TestSecure(t *testing.T) {
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) string {
		state, secure := c.Request.TLS().(*tls.ConnectionState)
		if !secure {
			return "plain"
		}
		return fmt.Sprint(tls.VersionName(state.Version), " ", state.ServerName, " ", state.HandshakeComplete)
	})
	client := microroutetest.New(t, app)
	client.Get("/").Want(200, "plain")
	client.At("https://tea.example").Get("/").Want(200, "TLS 1.3 tea.example true")
}

func TestFollow(t *testing.T) {
	client := microroutetest.New(t, mirror())
	follower := client.Follow()
	follower.Get("/in/anna").Want(200, "anna invalid AddrPort http app.test ")
	follower.Get("/away").Want(200, " invalid AddrPort https elsewhere.test ")
	client.Get("/away").Want(302).WantHeader("Location", "https://elsewhere.test/")
	got := failures(t, follower, func(client *microroutetest.Client) { client.Get("/round") })
	if want := "GET /round: stopped after 10 redirects\nthe test ends"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWrongOptions(t *testing.T) {
	client := microroutetest.New(t, mirror())
	for want, use := range map[string]func(*microroutetest.Client){
		`From: invalid port "x" parsing "192.0.2.7:x"`:                   func(c *microroutetest.Client) { c.From("192.0.2.7:x") },
		`From: not an ip:port`:                                           func(c *microroutetest.Client) { c.From("192.0.2.7") },
		`At: got "tea.example", want http:// or https:// and a host`:     func(c *microroutetest.Client) { c.At("tea.example") },
		`At: got "http://a.test/b", want http:// or https:// and a host`: func(c *microroutetest.Client) { c.At("http://a.test/b") },
		`At: got "ws://a.test", want http:// or https:// and a host`:     func(c *microroutetest.Client) { c.At("ws://a.test") },
		`At: got "http://", want http:// or https:// and a host`:         func(c *microroutetest.Client) { c.At("http://") },
		`fields are names and values by turns, but "B" has no value`:     func(c *microroutetest.Client) { c.With("A", "1", "B") },
		`Content-Length: strconv.ParseInt: parsing "x": invalid syntax`:  func(c *microroutetest.Client) { c.Do("GET", "/", "", "", "Content-Length", "x") },
		`parse "http://app.test/%zz": invalid URL escape "%zz"`:          func(c *microroutetest.Client) { c.Get("/%zz") },
	} {
		if got := failures(t, client, use); got != want+"\nthe test ends" {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// What goes wrong in a subtest is the subtest's.
func TestIn(t *testing.T) {
	client := microroutetest.New(t, mirror())
	client.Get("/in/anna")
	first, second := &recorder{TB: t}, &recorder{TB: t}
	client.In(first).Get("/").Want(500)
	client.In(second).Get("/").Want(200, "anna invalid AddrPort http app.test ")
	if len(first.reports) != 1 || len(second.reports) != 0 {
		t.Errorf("got %q and %q, want one report in the first", first.reports, second.reports)
	}
}

func TestDial(t *testing.T) {
	client := microroutetest.New(t, mirror()).From("192.0.2.7:1234")
	for origin, scheme := range map[string]string{"http://app.test": "http", "https://app.test": "https"} {
		conn := client.At(origin).Dial()
		io.WriteString(conn, "GET / HTTP/1.1\r\nHost: by-hand.test\r\n\r\n")
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		if want := " 192.0.2.7:1234 " + scheme + " by-hand.test "; string(body) != want {
			t.Errorf("%s: got %q, %v, want %q", origin, body, err, want)
		}
	}
}
