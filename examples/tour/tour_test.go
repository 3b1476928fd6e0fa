package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute"
)

// client calls a tour that serves until the test ends. It keeps cookies and does not follow redirects.
type client struct {
	t    *testing.T
	url  string
	http http.Client
}

func startTour(t *testing.T) *client {
	t.Helper()
	app, err := newTour(t.TempDir(), microroute.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	server, err := app.Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{DisableCompression: true, ExpectContinueTimeout: time.Minute}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := server.Shutdown(ctx); err != nil {
			t.Errorf("shutting down, with all visitors gone: %v", err)
		}
	})
	return &client{t, "http://" + server.Addr().String(), http.Client{
		Transport:     transport,
		Jar:           jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// call sends a request with fields like "Name: value" and returns the response, whose body the test closes at its end.
func (c *client) call(method, target string, body io.Reader, fields ...string) *http.Response {
	c.t.Helper()
	request, err := http.NewRequestWithContext(c.t.Context(), method, c.url+target, body)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, field := range fields {
		name, value, _ := strings.Cut(field, ": ")
		request.Header.Set(name, value)
	}
	response, err := c.http.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { response.Body.Close() })
	return response
}

// read returns the whole body of a response.
func (c *client) read(response *http.Response) string {
	c.t.Helper()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatalf("reading the body: %v; got %q", err, body)
	}
	return string(body)
}

func TestDemosAnswer(t *testing.T) {
	const urlencoded = "Content-Type: application/x-www-form-urlencoded"
	tests := []struct {
		request string // method and target
		fields  []string
		body    string
		status  string
		want    []string // in the head, as "Name: value", or in the body
	}{
		{"GET /hello", nil, "", "200 OK", []string{"Content-Length: 21", "<h1>Hello World!</h1>"}},
		{"HEAD /hello", nil, "", "200 OK", []string{"Content-Length: 21"}},
		{"OPTIONS /hello", nil, "", "204 No Content", []string{"Allow: GET, HEAD, OPTIONS"}},
		{"GET /fruit", nil, "", "200 OK", []string{"Content-Type: application/json",
			`{"name":"apple","price":0.35,"colours":["red","green"]}`}},
		{"GET /goods/a%2Fb%3C/0.5/3", nil, "", "200 OK", []string{"3 × a/b&lt; = 1.50 €"}},
		{"GET /goods/apple/cheap/3", nil, "", "404 Not Found", []string{"No such stop."}},
		{"GET /status/226?reason=Enough+For+Today", nil, "", "226 Enough For Today", []string{"X-Tour: any field you like",
			"Content-Type: text/plain; charset=utf-8"}},
		{"GET /status/204", nil, "", "204 No Content", nil},
		{"GET /timed", nil, "", "200 OK", []string{"Server-Timing: app;dur="}},
		{"GET /fibonacci", nil, "", "200 OK", []string{"0\n1\n1\n2\n3\n", "\n6765\n"}},
		{"GET /old/308", nil, "", "308 Permanent Redirect", []string{"Location: /new"}},
		{"GET /new", nil, "", "200 OK", []string{"You have arrived."}},
		{"GET /secret", nil, "", "403 Members Only", []string{"Connection: close", "<h1>Have you got a ticket?</h1>"}},
		{"GET /no/such/%3Cstop%3E", nil, "", "404 Not Found", []string{"No such stop.", "/no/such/&lt;stop&gt;"}},
		{"GET /stock", []string{"Accept: text/html"}, "", "503 Service Unavailable", []string{"Content-Type: text/html",
			"<p>Stocktaking"}},
		{"GET /stock", []string{"Accept: application/json"}, "", "503 Service Unavailable", []string{
			"Content-Type: application/problem+json", `"detail":"Stocktaking`}},
		{"GET /panic", nil, "", "500 Internal Server Error", []string{"<h1>500"}},
		{"GET /mirror?a=1&a=%C3%BC", []string{"X-Own: yes"}, "", "200 OK", []string{"GET /mirror HTTP/1.1 from 127.0.0.1:",
			"? a = 1\n? a = ü\n", "X-Own: yes\n"}},
		{"POST /form", []string{urlencoded}, "name=Ada&wish=a+seat", "200 OK", []string{`{"name":"Ada","wish":"a seat"}`}},
		{"POST /form", []string{"Content-Type: application/json"}, `{"n":[1,2]}`, "200 OK", []string{`{"n":[1,2]}`}},
		{"POST /form", []string{"Content-Type: multipart/form-data; boundary=x"},
			"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--x--\r\n", "200 OK", []string{`{"a":"1"}`}},
		{"POST /order", nil, `{"fruit":"pear","count":3}`, "200 OK", []string{`3 × "pear" will come.`}},
		{"POST /order", nil, `{"fruit":`, "400 Bad Request", []string{"malformed JSON"}},
		{"POST /echo", nil, "Is there an echo?", "200 OK", []string{"Is there an echo?"}},
		{"POST /cookie", []string{urlencoded}, "name=a,b", "400 Bad Request", []string{"No cookie can hold that."}},
		{"GET /lines", []string{"Range: bytes=16-31"}, "", "206 Partial Content", []string{"octet        16\n",
			"Content-Range: bytes 16-31/65536"}},
		{"GET /lines", []string{"Range: bytes=-16"}, "", "206 Partial Content", []string{"octet     65520\n"}},
		{"GET /lines", []string{"Range: bytes=70000-"}, "", "416 ", []string{"Content-Range: bytes */65536"}},
		{"POST /say", []string{urlencoded}, "text=hi", "204 No Content", nil},
		{"POST /wire", nil, "GET /hello HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n", "200 OK", []string{
			"HTTP/1.1 200 OK\r\n", "\r\n\r\n<h1>Hello World!</h1>"}},
		{"POST /wire", nil, "nonsense\r\n\r\n", "200 OK", []string{"HTTP/1.1 400 Bad Request\r\n"}},
		{"GET /raw", nil, "", "299 Made By Hand", []string{"Every octet is the handler's, 127.0.0.1:"}},
		{"GET /assets/tour.css", nil, "", "200 OK", []string{"Content-Type: text/css; charset=utf-8", ":root {"}},
		{"GET /assets/tour.js", nil, "", "200 OK", []string{"Content-Type: application/javascript", "import "}},
		{"GET /assets/icon.svg", nil, "", "200 OK", []string{"Content-Type: image/svg+xml"}},
		{"GET /assets/nothing.css", nil, "", "404 Not Found", nil},
	}
	c := startTour(t)
	for _, test := range tests {
		t.Run(test.request, func(t *testing.T) {
			method, target, _ := strings.Cut(test.request, " ")
			response := c.call(method, target, strings.NewReader(test.body), test.fields...)
			var answer strings.Builder
			response.Header.Write(&answer)
			if response.Close {
				answer.WriteString("Connection: close\r\n")
			}
			answer.WriteString(c.read(response))
			if !strings.HasPrefix(response.Status, test.status) {
				t.Errorf("got status %q, want %q", response.Status, test.status)
			}
			for _, want := range test.want {
				if !strings.Contains(answer.String(), want) {
					t.Errorf("got\n%s\nwant %q in it", answer.String(), want)
				}
			}
		})
	}
}

// TestEveryDemoHasItsCode compares the demos on the page, the stops on its map, and the code that is marked for demos.
func TestEveryDemoHasItsCode(t *testing.T) {
	c := startTour(t)
	page := c.read(c.call("GET", "/", nil))
	code, err := readSnippets(files)
	if err != nil {
		t.Fatal(err)
	}
	demos := submatches(`<article class="demo" id="(\w+)">`, page)
	if len(demos) == 0 {
		t.Fatalf("the page has no demos:\n%s", page)
	}
	stops := submatches(`<li><a href="#(\w+)">`, page)
	if !slices.Equal(stops, demos) {
		t.Errorf("the map has the stops\n%q, the page the demos\n%q", stops, demos)
	}
	for _, demo := range demos {
		one, ok := code[demo]
		if shown := string(one.HTML()); !ok || strings.Count(page, shown) != 1 {
			t.Errorf("demo %s: want its code once on the page:\n%s", demo, one.Code)
		}
		delete(code, demo)
	}
	for name := range code {
		t.Errorf("the code of %s is on no page", name)
	}
}

func submatches(pattern, text string) (found []string) {
	for _, match := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		found = append(found, match[1])
	}
	return found
}

// TestNothingFromElsewhere looks for addresses of other hosts in what a browser loads.
func TestNothingFromElsewhere(t *testing.T) {
	c := startTour(t)
	elsewhere := regexp.MustCompile(`(?i)(?:src|href|action)=["']?(?:\w+:)?//|url\(["']?(?:\w+:)?//|@import|from "https?:`)
	if !elsewhere.MatchString(`<script src="https://cdn.test/x.js">`) {
		t.Fatal("the pattern does not find what it is for")
	}
	for _, target := range []string{"/", "/missing", "/assets/tour.css", "/assets/tour.js", "/assets/console.js",
		"/assets/request.js", "/assets/runs.js", "/assets/icon.svg"} {
		if found := elsewhere.FindString(c.read(c.call("GET", target, nil))); found != "" {
			t.Errorf("%s refers to another host: %s", target, found)
		}
	}
	policy := c.call("GET", "/", nil).Header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "default-src 'self'") {
		t.Errorf("got the policy %q, want the page to load from itself only", policy)
	}
}
