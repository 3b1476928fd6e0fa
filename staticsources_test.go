package microroute_test

import (
	"archive/zip"
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"testing"
	"testing/fstest"

	"github.com/microroute/microroute"
)

//go:embed examples/guide/files/www
var embedded embed.FS

// sequential is an fs.FS whose files can only be read from their beginning on.
type sequential struct{ fs.FS }

func (s sequential) Open(name string) (fs.File, error) {
	file, err := s.FS.Open(name)
	return struct{ fs.File }{file}, err
}

// zipped returns a zip file with a page that is compressed in it.
func zipped(t *testing.T, text string) fs.FS {
	t.Helper()
	var archive bytes.Buffer
	w := zip.NewWriter(&archive)
	for name, text := range map[string]string{"index.html": text, "sub/": "", "sub/index.html": "sub"} {
		entry, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: longAgo})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := entry.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := zip.NewReader(bytes.NewReader(archive.Bytes()), int64(archive.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Whatever kind of file system the files come from, they are served alike.
func TestStaticSources(t *testing.T) {
	www, err := fs.Sub(embedded, "examples/guide/files/www")
	if err != nil {
		t.Fatal(err)
	}
	page, err := fs.ReadFile(www, "index.html")
	if err != nil {
		t.Fatal(err)
	}
	text := string(page)
	mapped := fstest.MapFS{"index.html": {Data: page, ModTime: longAgo}, "sub/index.html": {Data: []byte("sub")}}
	root := site(t, map[string]string{"index.html": text, "sub/index.html": "sub"})
	opened, err := os.OpenRoot(root)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { opened.Close() })
	for name, fsys := range map[string]fs.FS{
		"embed.FS": www, "zip.Reader": zipped(t, text), "os.DirFS": os.DirFS(root), "os.Root": opened.FS(),
		"fstest.MapFS": mapped, "not seekable": sequential{mapped},
	} {
		sub := "sub"
		if name == "embed.FS" {
			sub = "teas"
		}
		t.Run(name, func(t *testing.T) {
			onEachEngine(t, func(t *testing.T, app *microroute.App) {
				app.Static("/shop", fsys)
				server := serve(t, app)
				length := fmt.Sprint(len(text))
				whole := ask(t, server, "/shop/")
				tag := whole.header.Get("ETag")
				if whole.body != text || tag == "" {
					t.Fatalf("got %q with %v, want the page, and an ETag", whole.body, whole.header)
				}
				for _, test := range []wireCase{
					{"GET /shop", "301 ", []string{"Location: /shop/", "Content-Length: 0"}},
					{"GET /shop/index.html", "200 " + text, []string{"Content-Type: text/html; charset=utf-8", "Content-Length: " + length, "ETag: " + tag}},
					{"HEAD /shop/", "200 ", []string{"Content-Length: " + length, "ETag: " + tag, "Accept-Ranges: bytes"}},
					{"GET /shop/\nRange: bytes=2-8", "206 " + text[2:9], []string{"Content-Range: bytes 2-8/" + length}},
					{"GET /shop/\nRange: bytes=-4", "206 " + text[len(text)-4:], []string{"Content-Length: 4"}},
					{"GET /shop/\nRange: bytes=1-2\nIf-Range: " + tag, "206 " + text[1:3], nil},
					{"GET /shop/\nRange: bytes=1-2\nIf-Range: \"other\"", "200 " + text, []string{"Content-Range:"}},
					{"GET /shop/\nRange: bytes=90000-", "416 <!doctype html>…", []string{"Content-Range: bytes */" + length, "ETag:"}},
					{"GET /shop/\nIf-None-Match: " + tag, "304 ", []string{"ETag: " + tag, "Content-Type:", "Content-Length:"}},
					{"HEAD /shop/\nIf-None-Match: " + tag, "304 ", []string{"ETag: " + tag}},
					{"GET /shop/\nIf-Match: \"other\"", "412 <!doctype html>…", []string{"ETag:", "Last-Modified:"}},
					{"GET /shop/" + sub + "?a=b", "301 ", []string{"Location: /shop/" + sub + "/?a=b"}},
					{"POST /shop/", "405 <!doctype html>…", []string{"Allow: GET, HEAD, OPTIONS"}},
					{"OPTIONS /shop/index.html", "204 ", []string{"Allow: GET, HEAD, OPTIONS"}},
					{"GET /shop/none.html", "404 <!doctype html>…", []string{"ETag:", "Allow:"}},
					{"GET /shop/index.html/", "404 <!doctype html>…", nil},
					{"GET /shop/../index.html", "404 <!doctype html>…", nil},
					{"GET /shopping", "404 <!doctype html>…", nil},
				} {
					test.check(t, server)
				}
			})
		})
	}
}
