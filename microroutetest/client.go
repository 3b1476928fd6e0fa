// Package microroutetest calls an App from tests without a network: requests go through the real engine over a
// connection in memory.
//
//	client := microroutetest.New(t, app)
//	if got := client.Get("/hello").Body; got != "Hello World!" {
//		t.Error(got)
//	}
package microroutetest

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute"
)

// Client sends requests to an App. Redirects are not followed; cookies are kept.
type Client struct {
	t    testing.TB
	http http.Client
}

// Response is what the App has answered.
type Response struct {
	Status  int
	Header  http.Header
	Body    string
	Trailer http.Header // the fields behind the body
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
	transport := &http.Transport{DialContext: l.dial, DisableCompression: true}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		ctx, cancel := context.WithTimeout(context.Background(), shutdownTime)
		defer cancel()
		if err := server.Shutdown(ctx); err != nil {
			t.Errorf("shutting down: %v", err)
		}
	})
	return &Client{t, http.Client{
		Transport:     transport,
		Jar:           jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
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

// Do sends a request with any method. Without contentType it has no Content-Type. The fields are pairs of a name and a
// value. The test ends if there is no answer.
func (c *Client) Do(method, target, contentType, body string, fields ...string) *Response {
	c.t.Helper()
	request, err := http.NewRequest(method, "http://app.test"+target, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	for i := 0; i+1 < len(fields); i += 2 {
		request.Header.Add(fields[i], fields[i+1])
	}
	response, err := c.http.Do(request)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, target, err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatalf("%s %s: body: %v", method, target, err)
	}
	return &Response{response.StatusCode, response.Header, string(text), response.Trailer}
}
