package microroute_test

import (
	"context"
	"fmt"
	"hash/crc32"
	"html/template"
	"io"
	"iter"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"os"
	"path/filepath"

	"github.com/microroute/microroute"
)

func ExampleResponse_SendHeader() {
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) (string, error) {
		if err := c.Response.SendHeader(); err != nil {
			return "", err
		}
		c.Response.Status = http.StatusTeapot // too late
		return "the body", nil
	})
	app.Get("/page", func(c *microroute.Context) error { return c.Response.SendHeader("<h1>Tea</h1>") })

	get(app, "/")
	get(app, "/page")
	// Output:
	// 200 OK
	// the body
	// 200 OK
	// <h1>Tea</h1>
}

func ExampleResponse_Send() {
	app := microroute.New()
	app.Get("/film", func(c *microroute.Context) error {
		c.Response.MIMEType = "text/plain"
		for _, frame := range [][]byte{[]byte("frame 1\n"), []byte("frame 2\n")} {
			if err := c.Response.Send(frame); err != nil {
				return err // the client is gone
			}
		}
		return nil
	})

	get(app, "/film")
	// Output:
	// 200 OK
	// frame 1
	// frame 2
}

func ExampleResponse_SendString() {
	app := microroute.New()
	app.Get("/count", func(c *microroute.Context) error {
		for n := range 3 {
			if err := c.Response.SendString(fmt.Sprintln(n)); err != nil {
				return err
			}
		}
		return nil
	})

	get(app, "/count")
	// Output:
	// 200 OK
	// 0
	// 1
	// 2
}

func ExampleResponse_trailer() {
	app := microroute.New()
	app.Get("/film", func(c *microroute.Context) error {
		c.Response.MIMEType = "text/plain"
		c.Response.Trailer.Set("Checksum", "") // comes when it is known
		hash := crc32.NewIEEE()
		film := io.MultiWriter(c.Response, hash)
		for n := range 2 {
			if _, err := fmt.Fprintln(film, "frame", n); err != nil {
				return err
			}
		}
		c.Response.Trailer.Set("Checksum", fmt.Sprintf("%08x", hash.Sum32()))
		return nil
	})

	get(app, "/film")
	// Output:
	// 200 OK
	// frame 0
	// frame 1
	// then Checksum: 6648245d
}

func ExampleResponse_EarlyHints() {
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) (string, error) {
		if err := c.Response.EarlyHints("</tea.css>; rel=preload; as=style"); err != nil {
			return "", err
		}
		// While the client fetches the style sheet, the page is made.
		return `<link rel="stylesheet" href="/tea.css"><h1>Tea</h1>`, nil
	})

	trace := &httptrace.ClientTrace{Got1xxResponse: func(code int, header textproto.MIMEHeader) error {
		fmt.Println(code, header.Get("Link"))
		return nil
	}}
	r := request("GET", "/", "")
	send(app, r.WithContext(httptrace.WithClientTrace(r.Context(), trace)), "Link")
	// Output:
	// 103 </tea.css>; rel=preload; as=style
	// 200 OK
	// Link: </tea.css>; rel=preload; as=style
	// <link rel="stylesheet" href="/tea.css"><h1>Tea</h1>
}

func ExampleResponse_Write() {
	app := microroute.New()
	app.Get("/table", func(c *microroute.Context) error {
		for n := 1; n <= 2; n++ {
			if _, err := fmt.Fprintf(c.Response, "%d cups: %d g\n", n, 3*n); err != nil {
				return err
			}
		}
		return nil
	})

	get(app, "/table")
	// Output:
	// 200 OK
	// 1 cups: 3 g
	// 2 cups: 6 g
}

func ExampleResponse_SendJSON() {
	app := microroute.New()
	app.Get("/teas", func(c *microroute.Context) error {
		return c.Response.SendJSON(map[string]int{"Assam": 3})
	})

	get(app, "/teas", "Content-Type")
	// Output:
	// 200 OK
	// Content-Type: application/json
	// {"Assam":3}
}

func ExampleResponse_SendFile() {
	name := filepath.Join(os.TempDir(), "assam.txt")
	if err := os.WriteFile(name, []byte("Malty and strong."), 0o600); err != nil {
		fmt.Println(err)
		return
	}
	defer os.Remove(name)
	app := microroute.New()
	app.Get("/assam", func(c *microroute.Context) error { return c.Response.SendFile(name) })

	get(app, "/assam", "Content-Type")
	part := request("GET", "/assam", "")
	part.Header.Set("Range", "bytes=0-4")
	send(app, part, "Content-Range")
	// Output:
	// 200 OK
	// Content-Type: text/plain; charset=utf-8
	// Malty and strong.
	// 206 Partial Content
	// Content-Range: bytes 0-4/17
	// Malty
}

// pages is a Renderer; package views has a better one.
type pages struct{ *template.Template }

func (p pages) Render(w io.Writer, name string, data any) error {
	return p.ExecuteTemplate(w, name, data)
}

func ExampleRenderer() {
	app := microroute.New(microroute.Config{
		Renderer: pages{template.Must(template.New("tea").Parse("<h1>{{.}}</h1>"))},
	})
	app.Get("/teas/<name>", func(c *microroute.Context, name string) error { return c.Response.Render("tea", name) })

	get(app, "/teas/Earl%20Grey%20%26%20Co")
	// Output:
	// 200 OK
	// <h1>Earl Grey &amp; Co</h1>
}

func ExampleResponse_Render() {
	app := microroute.New(microroute.Config{
		Renderer: pages{template.Must(template.New("teas").Parse("<ul>{{range .}}<li>{{.}}{{end}}</ul>"))},
	})
	app.Get("/teas", func(c *microroute.Context) error {
		return c.Response.Render("teas", []string{"Assam", "Ceylon"})
	})

	get(app, "/teas")
	// Output:
	// 200 OK
	// <ul><li>Assam<li>Ceylon</ul>
}

// greeting is a Component.
type greeting struct{ name string }

func (g greeting) Render(_ context.Context, w io.Writer) error {
	_, err := fmt.Fprintf(w, "<p>Hello %s!</p>", template.HTMLEscapeString(g.name))
	return err
}

func ExampleComponent() {
	app := microroute.New()
	app.Get("/hello/<name>", func(c *microroute.Context, name string) greeting { return greeting{name} })

	get(app, "/hello/Ann", "Content-Type")
	// Output:
	// 200 OK
	// Content-Type: text/html; charset=utf-8
	// <p>Hello Ann!</p>
}

// A handler may return its body piece by piece; the client gets each as it comes.
func ExampleHandler_stream() {
	app := microroute.New()
	app.Get("/count/<int:n>", func(c *microroute.Context, n int) iter.Seq[string] {
		return func(yield func(string) bool) {
			for i := range n {
				if !yield(fmt.Sprintln(i)) {
					return // the client is gone
				}
			}
		}
	})

	get(app, "/count/3")
	// Output:
	// 200 OK
	// 0
	// 1
	// 2
}
