package nethttp_test

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/gorilla/handlers"
	"github.com/microroute/microroute"
	"github.com/microroute/microroute/nethttp"
)

func TestGorilla(t *testing.T) {
	eachWay(t, func(t *testing.T, app *microroute.App, serve func() origin) {
		var lines logged
		app.Use(nethttp.Middleware(
			func(next http.Handler) http.Handler { return handlers.CombinedLoggingHandler(&lines, next) },
			handlers.ProxyHeaders,
			handlers.CompressHandler,
			handlers.CORS(handlers.AllowedOrigins([]string{"https://a.test"}), handlers.ExposedHeaders([]string{"X-Seen"})),
			func(next http.Handler) http.Handler { return handlers.ContentTypeHandler(next, "text/plain") },
		))
		app.Get("/", func(c *microroute.Context) string {
			c.Response.Header.Set("X-Seen", "1")
			return fmt.Sprint(c.Request.Host(), " ", c.Request.RemoteAddr.Addr())
		})
		app.Put("/", func(c *microroute.Context) (string, error) {
			data, err := c.Request.Data()
			return string(data), err
		})
		o := serve()
		response, body := o.get(t, "/", "Origin: https://a.test", "Accept-Encoding: gzip", "X-Forwarded-For: 192.0.2.7", "X-Forwarded-Host: front.test")
		z, err := gzip.NewReader(strings.NewReader(body))
		if err != nil {
			t.Fatalf("%v: got %s with %v and %q", err, response.Status, response.Header, body)
		}
		if text, err := io.ReadAll(z); string(text) != "front.test 192.0.2.7" || err != nil {
			t.Errorf("got %q, %v, want what the proxy has said", text, err)
		}
		if h := response.Header; h.Get("Access-Control-Allow-Origin") != "https://a.test" || h.Get("Access-Control-Expose-Headers") != "X-Seen" || h.Get("X-Seen") != "1" {
			t.Errorf("got the fields %v, want those of CORS and the handler's", response.Header)
		}
		if line := lines.String(); !strings.Contains(line, `"GET / HTTP/`) || !strings.Contains(line, fmt.Sprint(` 200 `, len(body))) {
			t.Errorf("logged %q, want status 200 and %d octets", line, len(body))
		}
		for mimeType, want := range map[string]string{"text/plain": "200 tea", "image/png": "415"} {
			response, body := o.do(t, "PUT", "/", strings.NewReader("tea"), "Content-Type: "+mimeType)
			if got := fmt.Sprint(response.StatusCode, " ", body); !strings.HasPrefix(got, want) {
				t.Errorf("%s: got %q, want %q", mimeType, got, want)
			}
		}
		preflight, _ := o.do(t, "OPTIONS", "/", nil, "Origin: https://a.test", "Access-Control-Request-Method: GET")
		if preflight.StatusCode != 200 || preflight.Header.Get("Access-Control-Allow-Origin") != "https://a.test" {
			t.Errorf("a preflight: got %s with %v, want CORS' answer", preflight.Status, preflight.Header)
		}
	})
}
