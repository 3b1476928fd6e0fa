package microroute_test

import (
	"crypto/tls"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/nethttp"
)

func ExampleRequest() {
	app := microroute.New()
	app.Get("/teas", func(c *microroute.Context) string {
		r := c.Request
		return fmt.Sprintf("%s %s for %s, via %s from %v", r.Method, r.Path(), r.Header.Get("User-Agent"), r.Proto, r.RemoteAddr.Addr())
	})

	r := request("GET", "/teas", "")
	r.Header.Set("User-Agent", "kettle/2.0")
	send(app, r)
	// Output:
	// 200 OK
	// GET /teas for kettle/2.0, via HTTP/1.1 from 127.0.0.1
}

func ExampleHeader() {
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) string {
		c.Response.Header.Add("Link", "</tea.css>; rel=preload; as=style")
		c.Response.Header.Add("Link", "</tea.js>; rel=preload; as=script")
		return strings.Join(c.Request.Header.Values("accept-language"), " and ")
	})

	r := request("GET", "/", "")
	r.Header["Accept-Language"] = []string{"de", "en"}
	send(app, r, "Link")
	// Output:
	// 200 OK
	// Link: </tea.css>; rel=preload; as=style, </tea.js>; rel=preload; as=script
	// de and en
}

func ExampleArgs() {
	app := microroute.New()
	app.Get("/teas", func(c *microroute.Context) string {
		args := c.Request.Args
		return fmt.Sprintf("%s, from %q, cheap: %t", args.Get("kind"), args.Values("from"), args.Has("cheap"))
	})

	get(app, "/teas?kind=first+flush&from=Assam&from=%C3%87ay&cheap")
	// Output:
	// 200 OK
	// first flush, from ["Assam" "Çay"], cheap: true
}

func ExampleRequest_Path() {
	app := microroute.New()
	app.Get("/<path:p>", func(c *microroute.Context, p string) string { return c.Request.Path() })

	get(app, "/gr%C3%BCner%20tee?for=two")
	// Output:
	// 200 OK
	// /grüner tee
}

func ExampleRequest_Target() {
	app := microroute.New()
	app.Get("/<path:p>", func(c *microroute.Context, p string) string { return c.Request.Target() })

	get(app, "/gr%C3%BCner%20tee?for=two")
	// Output:
	// 200 OK
	// /gr%C3%BCner%20tee?for=two
}

func ExampleRequest_Host() {
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) string { return "Welcome to " + c.Request.Host() })

	get(app, "/")
	// Output:
	// 200 OK
	// Welcome to shop.example
}

func ExampleRequest_LocalAddr() {
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) string {
		return "listening with " + c.Request.LocalAddr().Network()
	})

	get(app, "/")
	// Output:
	// 200 OK
	// listening with tcp
}

func ExampleRequest_Scheme() {
	app := microroute.New()
	app.Before(func(c *microroute.Context) error {
		if c.Request.Scheme() == "http" {
			return c.Response.Redirect("https://"+c.Request.Host()+c.Request.Target(), http.StatusPermanentRedirect)
		}
		return nil
	})

	get(app, "/teas?from=Assam", "Location")
	// Output:
	// 308 Permanent Redirect
	// Location: https://shop.example/teas?from=Assam
}

func ExampleRequest_TLS() {
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) string {
		if state, ok := c.Request.TLS().(*tls.ConnectionState); ok {
			return "secured by " + tls.VersionName(state.Version)
		}
		return "not secure"
	})

	server := httptest.NewTLSServer(nethttp.Handler(app))
	defer server.Close()
	answer, err := server.Client().Get(server.URL)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	fmt.Printf("%s %v\n", text, err)
	// Output:
	// secured by TLS 1.3 <nil>
}

func ExampleRequest_Cookie() {
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) string {
		if theme, ok := c.Request.Cookie("theme"); ok {
			return "in " + theme
		}
		return "as you like it"
	})

	r := request("GET", "/", "")
	r.Header.Set("Cookie", "lang=en; theme=dark")
	send(app, r)
	// Output:
	// 200 OK
	// in dark
}

func ExampleRequest_Client() {
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) (string, error) {
		conn, err := c.Request.Client()
		if err != nil {
			return "", err
		}
		return "you came by " + conn.LocalAddr().Network(), nil
	})

	get(app, "/")
	// Output:
	// 200 OK
	// you came by tcp
}

func ExampleRequest_Body() {
	app := microroute.New()
	app.With(microroute.MaxBody(-1)).Put("/films/<name>", func(c *microroute.Context, name string) (string, error) {
		n, err := io.Copy(io.Discard, c.Request.Body())
		return fmt.Sprintf("%s has %d bytes", name, n), err
	})

	send(app, request("PUT", "/films/tea", strings.Repeat("frame ", 100_000)))
	// Output:
	// 200 OK
	// tea has 600000 bytes
}

func ExampleRequest_Data() {
	app := microroute.New()
	app.Post("/shout", func(c *microroute.Context) (string, error) {
		data, err := c.Request.Data()
		return strings.ToUpper(string(data)), err
	})

	post(app, "/shout", "text/plain", "tea is ready")
	// Output:
	// 200 OK
	// TEA IS READY
}

func ExampleRequest_BorrowData() {
	app := microroute.New()
	app.Post("/reverse", func(c *microroute.Context) ([]byte, error) {
		data, err := c.Request.BorrowData()
		slices.Reverse(data)
		return data, err
	})

	post(app, "/reverse", "text/plain", "tea is ready")
	// Output:
	// 200 OK
	// ydaer si aet
}

func ExampleRequest_Trailer() {
	app := microroute.New()
	app.Put("/films/<name>", func(c *microroute.Context, name string) (string, error) {
		hash := crc32.NewIEEE()
		if _, err := io.Copy(hash, c.Request.Body()); err != nil {
			return "", err
		}
		if sum := fmt.Sprintf("%08x", hash.Sum32()); sum != c.Request.Trailer().Get("Checksum") {
			return "", &microroute.Error{Status: 400, Detail: "damaged on the way"}
		}
		return name + " has arrived", nil
	})

	r := request("PUT", "/films/tea", "frame frame")
	r.ContentLength = -1 // so that the body goes in chunks, with fields behind it
	r.Trailer = http.Header{"Checksum": {"8c54351b"}}
	send(app, r)
	// Output:
	// 200 OK
	// tea has arrived
}

func ExampleRequest_JSON() {
	app := microroute.New()
	app.Post("/orders", func(c *microroute.Context) (string, error) {
		var order struct {
			Tea  string
			Cups int
		}
		if err := c.Request.JSON(&order); err != nil {
			return "", err
		}
		return fmt.Sprintf("%d cups of %s", order.Cups, order.Tea), nil
	})

	post(app, "/orders", "application/json", `{"tea": "Assam", "cups": 2}`)
	post(app, "/orders", "application/json", `{"tea": "Assam", "cups": `)
	// Output:
	// 200 OK
	// 2 cups of Assam
	// 400 Bad Request
	// <!doctype html>
	// <title>400 Bad Request</title>
	// <h1>400 Bad Request</h1>
	// <p>malformed JSON: unexpected end of JSON input</p>
}

func ExampleRequest_Form() {
	app := microroute.New()
	app.Post("/orders", func(c *microroute.Context) (string, error) {
		form, err := c.Request.Form()
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("%s with %q", form.Get("tea"), form.Values("extra")), nil
	})

	post(app, "/orders", "application/x-www-form-urlencoded", "tea=Earl+Grey&extra=milk&extra=sugar")
	post(app, "/orders", "application/json", `{"tea": "Earl Grey", "extra": ["milk", "sugar"]}`)
	// Output:
	// 200 OK
	// Earl Grey with ["milk" "sugar"]
	// 200 OK
	// Earl Grey with ["milk" "sugar"]
}

func ExampleRequest_Parts() {
	app := microroute.New()
	app.With(microroute.MaxBody(-1)).Post("/upload", func(c *microroute.Context) (string, error) {
		report := ""
		for part, err := range c.Request.Parts() {
			if err != nil {
				return "", err
			}
			n, err := io.Copy(io.Discard, part)
			if err != nil {
				return "", err
			}
			report += fmt.Sprintf("%s %q: %d bytes\n", part.Field, part.Name, n)
		}
		return report, nil
	})

	contentType, body := upload("title", "Leaves", "leaves.png", "\x89PNG...")
	post(app, "/upload", contentType, body)
	// Output:
	// 200 OK
	// title "": 6 bytes
	// picture "leaves.png": 7 bytes
}

// A body that has been read as a stream is gone; Data says so.
func ExampleRequest_Data_afterBody() {
	app := microroute.New()
	app.Post("/", func(c *microroute.Context) string {
		io.CopyN(io.Discard, c.Request.Body(), 3)
		_, err := c.Request.Data()
		return fmt.Sprint(errors.Is(err, microroute.ErrBodyRead))
	})

	post(app, "/", "text/plain", "tea is ready")
	// Output:
	// 200 OK
	// true
}
