package browser_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// step is a button of a demo that is pressed, after some fields have been filled in, and what the page is to show then.
type step struct {
	demo, button string
	fill         map[string]string // values by the names of fields; "encoding" is the choice of one
	want         []string          // texts in the console
	says         string            // text in what the server posts to the demo
	intended     string            // URL of which the browser may complain
}

var steps = []step{
	{demo: "hello", button: "Say hello", want: []string{"GET /hello", "200 OK", "content-length: 21", "<h1>Hello World!</h1>"}},
	{demo: "hello", button: "HEAD", want: []string{"HTTP/1.1 200 OK", "Content-Length: 21"}},
	{demo: "hello", button: "OPTIONS", want: []string{"HTTP/1.1 204", "Allow: GET, HEAD, OPTIONS"}},
	{demo: "json", button: "Get the fruit", want: []string{"application/json", `"colours":["red","green"]`}},
	{demo: "goods", button: "Add it up", want: []string{"GET /goods/Granny%20Smith/0.35/12", "12 × Granny Smith = 4.20 €"}},
	{demo: "goods", button: "Add it up", fill: map[string]string{"name": "a/b & <c>", "price": "2", "n": "3"},
		want: []string{"/goods/a%2Fb%20%26%20%3Cc%3E/2/3", "3 × a/b &amp; &lt;c&gt; = 6.00 €"}},
	{demo: "goods", button: "Add it up", fill: map[string]string{"price": "cheap"}, want: []string{"404 Not Found"},
		intended: "/goods/"},
	{demo: "status", button: "Send", want: []string{"226 IM Used", "x-tour: any field you like"}},
	{demo: "status", button: "Send", fill: map[string]string{"n": "418", "reason": "Tea Only"},
		want: []string{"418 Tea Only"}, intended: "/status/418"},
	{demo: "status", button: "See the bytes", fill: map[string]string{"n": "204"},
		want: []string{"HTTP/1.1 204 Tea Only\n"}},
	{demo: "middleware", button: "Take the time", want: []string{"server-timing: app;dur="}},

	{demo: "stream", button: "See the chunks", want: []string{"Transfer-Encoding: chunked", "e\npiece 1 of 25"}},
	{demo: "sequence", button: "Count", want: []string{"200 OK", "\n8\n13\n21\n", "\n6765"}},
	{demo: "events", button: "Say it", fill: map[string]string{"text": "Hello,  world"}, want: []string{"204 No Content"},
		says: "Hello, world"},

	{demo: "redirect", button: "Follow", want: []string{"200 OK", "(redirected to /new)", "You have arrived."}},
	{demo: "redirect", button: "See the bytes", fill: map[string]string{"n": "308"},
		want: []string{"HTTP/1.1 308 Permanent Redirect", "Location: /new"}},
	{demo: "abort", button: "Go where you may not", want: []string{"403 Members Only", "ticket"}, intended: "/secret"},
	{demo: "abort", button: "Break off half way", want: []string{"200 OK", "The answer broke off"}, intended: "/halfway"},
	{demo: "missing", button: "Miss the stop", want: []string{"404 Not Found", "/there/is/no/such/stop"}, intended: "/there"},
	{demo: "error", button: "As a page", want: []string{"503 Service", "text/html", "<p>Stocktaking"}, intended: "/stock"},
	{demo: "error", button: "As JSON", want: []string{"application/problem+json", `"detail":"Stocktaking`}, intended: "/stock"},
	{demo: "panic", button: "Panic", want: []string{"500 Internal Server Error"}, intended: "/panic"},
	{demo: "panic", button: "Still alive?", want: []string{"200 OK", "Hello World!"}},

	{demo: "request", button: "Look in the mirror", want: []string{"GET /mirror HTTP/1.1 from 127.0.0.1:",
		"? city = Köln & Bonn", "? line = 16", "User-Agent: Mozilla/5.0"}},
	{demo: "form", button: "Submit", want: []string{`{"name":"Ada","wish":"a window seat"}`}},
	{demo: "form", button: "Submit", fill: map[string]string{"encoding": "multipart/form-data", "name": "Zoë"},
		want: []string{`{"name":"Zoë","wish":"a window seat"}`}},
	{demo: "form", button: "Submit", fill: map[string]string{"encoding": "application/json"},
		want: []string{`{"name":"Zoë","wish":"a window seat"}`}},
	{demo: "order", button: "Order", want: []string{"200 OK", `3 × "pear" will come.`}},
	{demo: "order", button: "Order", fill: map[string]string{"body": `{"fruit": `}, want: []string{"400 Bad Request",
		"malformed JSON"}, intended: "/order"},
	{demo: "echo", button: "Call", want: []string{"200 OK", "Hello? Hello! Hello?"}},
	{demo: "cookies", button: "Read", want: []string{"Have we met?"}},
	{demo: "cookies", button: "Set", fill: map[string]string{"name": "Grace"}, want: []string{"I will know you"}},
	{demo: "cookies", button: "Read", want: []string{"Hello, Grace!"}},
	{demo: "cookies", button: "See the bytes", want: []string{"Set-Cookie: name=Grace; Max-Age=3600; HttpOnly; SameSite=Lax"}},
	{demo: "cookies", button: "Set", fill: map[string]string{"name": "a, b"}, want: []string{"400 Bad Request",
		"No cookie can hold that."}, intended: "/cookie"},
	{demo: "cookies", button: "Delete", want: []string{"Who are you?"}},
	{demo: "cookies", button: "Read", want: []string{"Have we met?"}},

	{demo: "file", button: "First 64 octets", want: []string{"206 Partial Content", "content-range: bytes 0-63/65536",
		"octet         0\n", "octet        48"}},
	{demo: "file", button: "64 from 4096", want: []string{"content-range: bytes 4096-4159/65536", "octet      4096"}},
	{demo: "file", button: "Last 32", want: []string{"content-range: bytes 65504-65535/65536", "octet     65520"}},
	{demo: "file", button: "Beyond the end", want: []string{"416 ", "content-range: bytes */65536"}, intended: "/lines"},
	{demo: "file", button: "If modified", want: []string{"304 Not Modified"}},
	{demo: "file", button: "All of it", want: []string{"200 OK", "content-length: 65536", "octet     65520"}},
	{demo: "upload", button: "Make up 64 MB", want: []string{`"octets":67108864`,
		"3b6a07d0d404fab4e23b6d34bc6696a6a312dd92821332385e5af7c01c421351"}, says: "MB of memory."},

	{demo: "job", button: "Start a job", want: []string{"202 Accepted", "has begun."}, says: "5 of 5 done."},
	{demo: "raw", button: "Get it", want: []string{"299 Made By Hand", "Every octet is the handler's, 127.0.0.1:"}},
	{demo: "raw", button: "See the bytes", want: []string{"HTTP/1.1 299 Made By Hand\nContent-Type: text/plain\nConnection"}},
	{demo: "wire", button: "Send it", want: []string{"HTTP/1.1 200 OK", `"name":"apple"`}},
	{demo: "wire", button: "Unknown method", want: []string{"HTTP/1.1 501 Not Implemented"}},
	{demo: "wire", button: "No host", want: []string{"HTTP/1.1 400 Bad Request"}},
	{demo: "wire", button: "Two at once", want: []string{"Hello World!", `"name":"apple"`}},
}

// The sizes of page that everything has to work on, in CSS pixels.
var sizes = []struct {
	name          string
	width, height int64
}{
	{"desk", 1280, 900},
	{"phone", 375, 812},
}

func TestDemos(t *testing.T) {
	browser := startBrowser(t)
	for _, size := range sizes {
		t.Run(size.name, func(t *testing.T) {
			tab := newTab(t, browser, "light")
			tab.open(startTour(t), size.width, size.height)
			for _, step := range steps {
				t.Run(strings.ReplaceAll(step.demo+"/"+step.button, " ", "_"), func(t *testing.T) {
					tab.t = t
					tab.take(step)
				})
			}
		})
	}
}

// take does a step and checks what it shows.
func (tab *tab) take(s step) {
	tab.t.Helper()
	tab.fill(s)
	eval[bool](tab, "delete document.querySelector('#%s .console').dataset.state", s.demo)
	tab.press(s.demo, s.button)
	tab.await(s.demo, "['done', 'broken'].includes(document.querySelector('#%s .console').dataset.state)", s.demo)
	shown := tab.shown(s.demo)
	for _, want := range s.want {
		if !strings.Contains(shown, want) {
			tab.t.Errorf("%s: %q: got\n%s\nwant %q in it", s.demo, s.button, shown, want)
		}
	}
	if s.says != "" {
		tab.await(s.demo, "document.querySelector('#%s .says').innerText.includes(%q)", s.demo, s.says)
	}
	tab.check(s.intended)
}

// fill fills in fields of a step's demo. They are set by script: what a finger can do to them is the browser's business.
func (tab *tab) fill(s step) {
	tab.t.Helper()
	for name, value := range s.fill {
		field := fmt.Sprintf("#%s [name=%s]", s.demo, name)
		if name == "encoding" {
			field = fmt.Sprintf("#%s [data-encoding]", s.demo)
		}
		tab.do(chromedp.SetValue(chromedp.CSS(field), value))
	}
}

func TestStopStream(t *testing.T) {
	tab := newTab(t, startBrowser(t), "light")
	tab.open(startTour(t), 1280, 900)
	tab.press("stream", "Start")
	tab.await("stream", "document.querySelector('#stream .body').innerText.includes('piece 2 of 25')")
	tab.await("stream", "document.querySelector('#stream .scroll').scrollTop > 0") // it is followed to its end
	tab.press("stream", "Stop")
	tab.await("stream", `/You stopped me after piece \d+\./.test(document.querySelector('#stream .says').innerText)`)
	if shown := tab.shown("stream"); !strings.Contains(shown, "Stopped.") || strings.Contains(shown, "piece 25") {
		t.Errorf("got\n%s\nwant a stream that has been stopped", shown)
	}
	tab.check("/stream")
}

func TestCamera(t *testing.T) {
	tab := newTab(t, startBrowser(t), "light")
	tab.open(startTour(t), 1280, 900)
	tab.press("camera", "Open the window")
	tab.await("camera", cameraRuns)
	first := tab.pixels()
	tab.await("camera", "(%s) !== %q", pixels, first)
	tab.press("camera", "Close the window")
	tab.await("camera", `/You left after \d+ pictures\./.test(document.querySelector('#camera .says').innerText)`)
	tab.check("/camera")
}

// cameraRuns is an expression that is true when the camera shows a picture.
const cameraRuns = "document.querySelector('#camera img').naturalWidth === 256"

// pixels is an expression for what the camera shows at the moment.
const pixels = `(() => {
	const canvas = document.createElement("canvas");
	canvas.getContext("2d").drawImage(document.querySelector("#camera img"), 0, 0, 64, 36);
	return canvas.toDataURL();
})()`

func (tab *tab) pixels() string {
	tab.t.Helper()
	return eval[string](tab, "%s", pixels)
}
