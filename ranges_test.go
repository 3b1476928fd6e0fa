package microroute_test

import (
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"strings"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/microroutetest"
)

// readRanges returns the parts of a multipart/byteranges content: "type, range: octets" each.
func readRanges(t *testing.T, contentType, body string) (parts []string) {
	t.Helper()
	mediaType, parameters, err := mime.ParseMediaType(contentType)
	if err != nil || mediaType != "multipart/byteranges" {
		t.Fatalf("got Content-Type %q, want multipart/byteranges", contentType)
	}
	r := multipart.NewReader(strings.NewReader(body), parameters["boundary"])
	for {
		part, err := r.NextRawPart()
		if err == io.EOF {
			return parts
		}
		if err != nil {
			t.Fatalf("%v in %q", err, body)
		}
		text, err := io.ReadAll(part)
		if err != nil {
			t.Fatalf("%v in %q", err, body)
		}
		parts = append(parts, part.Header.Get("Content-Type")+", "+part.Header.Get("Content-Range")+": "+string(text))
	}
}

// Several ranges are one content of several parts (RFC 9110 section 14.6), wherever the file comes from.
func TestSeveralRanges(t *testing.T) {
	const digits = "0123456789"
	files := tree(map[string]string{"a.txt": digits, "a.txt.gz": "zipped", "b.txt": digits})
	root := site(t, map[string]string{"a.txt": digits, "large.bin": strings.Repeat(digits, 50_000)})
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		config := app.Config()
		config.Root, config.Development = root, true
		log := &record{}
		config.Logger = log.logger()
		app = microroute.New(config)
		app.Static("/fs", files)
		app.Static("/slow", sequential{files})
		typed := func(set func(*microroute.Response)) func(*Context) error {
			return func(c *Context) error {
				set(c.Response)
				return c.Response.SendFileFS(files, "b.txt")
			}
		}
		app.Get("/type", typed(func(r *microroute.Response) { r.MIMEType = "text/tea" }))
		app.Get("/field", typed(func(r *microroute.Response) { r.Header.Set("Content-Type", "a/b; c=d") }))
		app.Get("/hook", typed(func(r *microroute.Response) { r.OnSend(func() { r.Header.Set("X-Hook", "1") }) }))
		app.Get("/late", func(c *Context) error {
			err := c.Response.SendFileFS(files, "b.txt")
			c.Response.MIMEType = "text/late"
			return err
		})
		app.Get("/length", typed(func(r *microroute.Response) { r.Header.Set("Content-Length", "10") }))
		client := microroutetest.New(t, app)
		plain := []string{"text/plain; charset=utf-8, bytes 7-9/10: 789", "text/plain; charset=utf-8, bytes 1-2/10: 12"}
		as := func(contentType string) []string {
			return []string{contentType + ", bytes 7-9/10: 789", contentType + ", bytes 1-2/10: 12"}
		}
		for _, test := range []struct {
			target, coding, ranges string
			want                   []string
		}{
			{"/a.txt", "", "bytes=-3,1-2", plain},
			{"/fs/b.txt", "", "bytes=-3,1-2", plain},
			{"/slow/b.txt", "", "bytes=-3,1-2", plain},
			{"/fs/a.txt", "gzip", "bytes=0-1,4-", []string{"text/plain; charset=utf-8, bytes 0-1/6: zi", "text/plain; charset=utf-8, bytes 4-5/6: ed"}},
			{"/type", "", "bytes=-3,1-2", as("text/tea; charset=utf-8")},
			{"/field", "", "bytes=-3,1-2", as("a/b; c=d")},
			{"/hook", "", "bytes=-3,1-2", plain},
			{"/late", "", "bytes=-3,1-2", plain},
			{"/length", "", "bytes=-3,1-2", plain},
			{"/large.bin", "", "bytes=0-2,499998-", []string{"application/octet-stream, bytes 0-2/500000: 012", "application/octet-stream, bytes 499998-499999/500000: 89"}},
		} {
			got := client.Do("GET", test.target, "", "", "Range", test.ranges, "Accept-Encoding", test.coding)
			if got.Status != 206 || got.Header.Get("Content-Range") != "" || got.Header.Get("Content-Encoding") != test.coding || got.Header.Get("ETag") == "" {
				t.Errorf("%s: got %d with %v, want 206 with an ETag and no Content-Range", test.target, got.Status, got.Header)
			}
			if parts := readRanges(t, got.Header.Get("Content-Type"), got.Body); strings.Join(parts, "\n") != strings.Join(test.want, "\n") {
				t.Errorf("%s: got parts %q, want %q", test.target, parts, test.want)
			}
			if length := got.Header.Get("Content-Length"); length != fmt.Sprint(len(got.Body)) {
				t.Errorf("%s: got Content-Length %s, want %d", test.target, length, len(got.Body))
			}
		}
		if strings.Contains(log.String(), "WARN") || strings.Contains(log.String(), "ERROR") {
			t.Errorf("got log %s", log)
		}
	})
}

// What is no range that a client asks for in earnest is answered with the whole file (RFC 9110 section 14.2).
func TestRangesIgnored(t *testing.T) {
	app := microroute.New()
	app.Static("/", tree(map[string]string{"a.txt": "0123456789"}))
	server := serve(t, app)
	for _, test := range []wireCase{
		{"HEAD /a.txt\nRange: bytes=1-2", "200 ", []string{"Content-Length: 10", "Content-Range:", "Accept-Ranges: bytes"}},
		{"HEAD /a.txt\nRange: bytes=1-2,4-5", "200 ", []string{"Content-Length: 10", "Content-Type: text/plain; charset=utf-8"}},
		{"HEAD /a.txt\nRange: bytes=10-", "200 ", []string{"Content-Length: 10", "Content-Range:"}},
		{"GET /a.txt\nRange: lines=1-2", "200 0123456789", []string{"Content-Range:"}},
		{"GET /a.txt\nRange: bytes=2-1", "200 0123456789", []string{"Content-Range:"}},
		{"GET /a.txt\nRange: bytes=0-0\nRange: bytes=1-1", "200 0123456789", []string{"Content-Range:"}},
		{"GET /a.txt\nRange: bytes=" + strings.Repeat("0-,", 20) + "1-", "200 0123456789", []string{"Content-Range:"}},
		{"GET /a.txt\nRange: bytes=20-,30-", "416 <!doctype…", []string{"Content-Range: bytes */10"}},
		{"GET /a.txt\nRange: bytes=20-,1-2", "206 12", []string{"Content-Range: bytes 1-2/10"}},
	} {
		test.check(t, server)
	}
}
