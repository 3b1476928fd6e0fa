package microroute_test

import (
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"

	"github.com/microroute/microroute"
)

// common is what requests are served with in benchmarks and when allocations are counted. None of the handlers allocates.
var common = []struct {
	name    string
	rule    string
	handler any
	request []string
	strings bool // the handler takes some of the request's
}{
	{"plain", "/", func(*Context) string { return "Hello World!" }, []string{"GET / HTTP/1.1", "Host: a.test"}, false},
	{"octets", "/", func(*Context) []byte { return hello }, []string{"GET / HTTP/1.1", "Host: a.test"}, false},
	{"nothing", "/", func(*Context) {}, []string{"GET / HTTP/1.1", "Host: a.test"}, false},
	{"sent", "/", func(c *Context) error { return c.Response.Send(hello) }, []string{"GET / HTTP/1.1", "Host: a.test"}, false},
	{"ints", "/<int:a>/<int:b>", func(_ *Context, a, b int) string { return teas[(a+b)%len(teas)] },
		[]string{"GET /17/4 HTTP/1.1", "Host: a.test"}, false},
	{"float and int", "/<float:a>/<int:b>", func(_ *Context, a float64, b int) (string, error) { return teas[(int(a)+b)%len(teas)], nil },
		[]string{"GET /2.5/4 HTTP/1.1", "Host: a.test"}, false},
	{"string, float, int", "/goods/<string:name>/<float:price>/<int:n>",
		func(_ *Context, name string, price float64, n int) string { return name },
		[]string{"GET /goods/tea/2.5/4 HTTP/1.1", "Host: a.test", "User-Agent: kettle/2.0"}, true},
	{"three strings", "/<a>/<b>/<c>", func(_ *Context, a, b, c string) (string, error) { return c, nil },
		[]string{"GET /one/two/three HTTP/1.1", "Host: a.test"}, true},
	{"header field", "/", func(c *Context) string { return c.Request.Header.Get("User-Agent") },
		[]string{"GET / HTTP/1.1", "Host: a.test", "User-Agent: kettle/2.0", "Accept: */*"}, true},
	{"path, host, argument", "/", func(c *Context) string {
		_, _, name := c.Request.Path(), c.Request.Host(), c.Request.Args.Get("name")
		return name
	}, []string{"GET /?name=tea HTTP/1.1", "Host: a.test"}, true},
}

var (
	hello = []byte("Hello World!")
	teas  = []string{"Assam", "Ceylon", "Darjeeling"}
)

// BenchmarkServe measures the App alone: routing, binding and the response, without an engine; parsing the head is in it.
func BenchmarkServe(b *testing.B) {
	for _, test := range common {
		b.Run(test.name, func(b *testing.B) { benchmarkServe(b, test.rule, test.handler, test.request...) })
	}
	b.Run("by reflection", func(b *testing.B) {
		benchmarkServe(b, "/<a>/<b>/<int:c>/<int:d>", func(_ *Context, a, _ string, _, _ int) string { return a }, "GET /a/b/1/2 HTTP/1.1", "Host: a.test")
	})
	b.Run("JSON", func(b *testing.B) {
		benchmarkServe(b, "/", func(*Context) any { return document{"tea"} }, "GET / HTTP/1.1", "Host: a.test")
	})
	b.Run("not found", func(b *testing.B) {
		benchmarkServe(b, "/", func(*Context) {}, "GET /nowhere HTTP/1.1", "Host: a.test")
	})
}

func benchmarkServe(b *testing.B, rule string, handler any, request ...string) {
	app := microroute.New()
	app.Get(rule, handler)
	if err := app.Prepare(); err != nil {
		b.Fatal(err)
	}
	x := hold(b, request...)
	b.ReportAllocs()
	for b.Loop() {
		x.rewind()
		app.Serve(x)
	}
	if !x.ended {
		b.Fatal("the response was not complete")
	}
}

// Binding allocates nothing; all that a request costs is the one copy of its head that its strings are cut from, and
// nothing if its handler takes none (the App alone).
func TestServeAllocates(t *testing.T) {
	skipIfCounting(t)
	for _, test := range common {
		t.Run(test.name, func(t *testing.T) {
			app := microroute.New()
			app.Get(test.rule, test.handler)
			if err := app.Prepare(); err != nil {
				t.Fatal(err)
			}
			x := hold(t, test.request...)
			got := testing.AllocsPerRun(1000, func() {
				x.rewind()
				app.Serve(x)
			})
			if !x.ended || x.status != 200 {
				t.Fatalf("got status %d, complete: %t", x.status, x.ended)
			}
			if want := allowed(test.strings); got > want {
				t.Errorf("got %v allocations per request, want at most %v", got, want)
			}
		})
	}
}

func allowed(takesStrings bool) float64 {
	if takesStrings {
		return 1
	}
	return 0
}

// skipIfCounting skips a test that counts allocations where nobody can: the race detector makes more of them.
func skipIfCounting(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector allocates")
	}
}

// The same on a connection, with all that the engine does.
func TestConnectionAllocates(t *testing.T) {
	skipIfCounting(t)
	for _, test := range common {
		t.Run(test.name, func(t *testing.T) {
			onEachEngine(t, func(t *testing.T, app *microroute.App) {
				app.Get(test.rule, test.handler)
				client := newPounder(t, app, lines(test.request...))
				client.pound(t, 1000) // until everything has its size
				const count = 5000
				got := mallocs(func() { client.pound(t, count) }) / count
				// The runtime allocates now and then, too: timers, its garbage collector.
				if want := allowed(test.strings) + 0.1; got > want {
					t.Errorf("got %.2f allocations per request, want at most %v", got, allowed(test.strings))
				}
			})
		})
	}
}

// mallocs returns how often memory is allocated while f runs, in the whole program.
func mallocs(f func()) float64 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs - before.Mallocs)
}

// pounder is a client that sends the same request again and again, and allocates nothing for it.
type pounder struct {
	conn    net.Conn
	request []byte
	answer  []byte // room for one
}

func newPounder(t testing.TB, app *microroute.App, request string) *pounder {
	t.Helper()
	p := &pounder{conn: dial(t, serve(t, app)), request: []byte(request)}
	fmt.Fprint(p.conn, request)
	head := readUntil(t, p.conn, "\r\n\r\n")
	body := 0
	if _, length, ok := strings.Cut(head, "Content-Length: "); ok {
		fmt.Sscan(length, &body)
		io.CopyN(io.Discard, p.conn, int64(body))
	} else {
		body = len(readUntil(t, p.conn, "0\r\n\r\n"))
	}
	p.answer = make([]byte, len(head)+body)
	return p
}

// pound sends count requests, each when the one before has been answered.
func (p *pounder) pound(t testing.TB, count int) {
	t.Helper()
	for range count {
		if _, err := p.conn.Write(p.request); err != nil {
			t.Fatal(err)
		}
		if n, err := io.ReadFull(p.conn, p.answer); err != nil {
			t.Fatalf("%v after %q", err, p.answer[:n])
		}
	}
}
