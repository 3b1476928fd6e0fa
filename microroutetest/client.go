// Package microroutetest calls an App from tests without a network: requests go through the real engine over a
// connection in memory, and a wrong answer is shown beside the one that was wanted.
//
//	client := microroutetest.New(t, app)
//	client.Get("/hello").Want(200, "Hello World!")
//	client.Get("/teas").WantJSON(200, []string{"Assam", "Ceylon"})
//
// Answers can also be read while they come (Stream, Events), requests sent piece by piece (Open), and the protocol
// changed (WebSocket). All of it works in a bubble of package testing/synctest, where time that handlers wait for passes
// at once.
//
// Methods whose names begin with Want report what is wrong and let the test go on. The others end it if they cannot do
// what they are for, so they belong to the test's own goroutine, as t.FailNow does.
package microroutetest

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute"
)

// Client sends requests to an App, as one visitor. It keeps cookies and follows no redirects.
type Client struct {
	t       testing.TB
	pipes   *listener
	http    http.Client
	address net.Addr    // its own
	origin  string      // that targets are at
	fields  http.Header // of every request
}

// shutdownTime bounds the end of a test whose handlers do not return.
const shutdownTime = 5 * time.Second

// New starts app and returns a Client for it. Both end with the test, which fails if app has mistakes or does not end.
func New(t testing.TB, app *microroute.App) *Client {
	t.Helper()
	l := newListener()
	server, err := app.StartOn(l)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), shutdownTime)
		defer cancel()
		if err := server.Shutdown(ctx); err != nil {
			t.Errorf("the App has not ended after %v; at work is\n\n%s", shutdownTime, handlers())
		}
	})
	c := &Client{t: t, pipes: l, origin: "http://app.test"}
	c.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	c.connectFrom(memory{})
	c.forget()
	return c
}

// handlers returns the stacks of the handlers that run, and of the jobs of Context.Go.
func handlers() string {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	var found []string
	for stack := range strings.SplitSeq(string(stacks), "\n\n") {
		if strings.Contains(stack, "microroute.(*App).Serve(") || strings.Contains(stack, "microroute.(*Context).Go.") {
			found = append(found, stack)
		}
	}
	return strings.Join(found, "\n\n")
}

// connectFrom gives c connections of its own, from an address.
func (c *Client) connectFrom(address net.Addr) {
	pipes := c.pipes
	transport := &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return pipes.dial(ctx, address, nil)
		},
		DialTLSContext: func(ctx context.Context, _, host string) (net.Conn, error) {
			return pipes.dial(ctx, address, secureFor(host))
		},
		DisableCompression:    true,
		ExpectContinueTimeout: time.Hour, // without one, the content is sent before it is asked for
	}
	c.t.Cleanup(transport.CloseIdleConnections)
	c.address, c.http.Transport = address, transport
}

// forget gives c cookies of its own: none.
func (c *Client) forget() {
	c.http.Jar, _ = cookiejar.New(nil) // there is no error without options
}

// Get sends a GET request for target, a path with an optional query.
func (c *Client) Get(target string) *Response {
	c.t.Helper()
	return c.Do("GET", target, "", "")
}

// Post sends a POST request with a body of the media type contentType.
func (c *Client) Post(target, contentType, body string) *Response {
	c.t.Helper()
	return c.Do("POST", target, contentType, body)
}

// PostForm sends an urlencoded form.
func (c *Client) PostForm(target string, form url.Values) *Response {
	c.t.Helper()
	return c.Do("POST", target, "application/x-www-form-urlencoded", form.Encode())
}

// Do sends a request with any method. Without contentType it has no Content-Type. The fields are names and values by
// turns. The test ends if there is no answer.
func (c *Client) Do(method, target, contentType, body string, fields ...string) *Response {
	c.t.Helper()
	if contentType != "" {
		fields = append([]string{"Content-Type", contentType}, fields...)
	}
	request := c.newRequest(context.Background(), method, target, strings.NewReader(body), fields)
	answer, err := c.http.Do(request)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, target, cause(err))
	}
	return c.read(answer, method+" "+target)
}

// Dial returns a connection to the App, for octets that no client would send. It is closed at the end of the test.
func (c *Client) Dial() net.Conn {
	c.t.Helper()
	var state *tls.ConnectionState
	if host, secure := strings.CutPrefix(c.origin, "https://"); secure {
		state = secureFor(host)
	}
	conn, err := c.pipes.dial(context.Background(), c.address, state)
	if err != nil {
		c.t.Fatalf("dial: %v", err)
	}
	c.t.Cleanup(func() { conn.Close() })
	return conn
}

// read reads the answer to a request to its end. Behind 101 (Switching Protocols) HTTP has ended already.
func (c *Client) read(answer *http.Response, request string) *Response {
	c.t.Helper()
	defer answer.Body.Close()
	response := c.response(answer, request)
	if answer.StatusCode == http.StatusSwitchingProtocols {
		return response
	}
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		c.t.Fatalf("%s: body: %v", request, err)
	}
	response.Body, response.Trailer = string(text), answer.Trailer
	return response
}

// cause returns what is wrong, without the request: every error of an http.Client is a *url.Error, which names that too.
func cause(err error) error { return errors.Unwrap(err) }
