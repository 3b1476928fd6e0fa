package files_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/microroute/microroute"
)

// TestCompressed has curl decode what lies beside a file. Each coding has a text of its own, so that one can tell which was
// sent.
func TestCompressed(t *testing.T) {
	root := newSite(t, map[string]string{
		"app.css": "plain", "app.css.gz": gzipped("from gzip"), "app.css.br": brotlied("from br"), "app.css.zst": zstded("from zstd"),
		"old.css": "plain", "old.css.gz": gzipped("out of date"), "alone.css": "plain",
	})
	before := made.AddDate(0, 0, -1)
	if err := os.Chtimes(filepath.Join(root, "old.css.gz"), before, before); err != nil {
		t.Fatal(err)
	}
	onEach(t, root, nil, func(t *testing.T, address string) {
		c := newCurl(t, address)
		tags := make(map[string]string)
		for _, test := range []struct {
			path, accept    string
			coding, content string
			vary            string
		}{
			{"/app.css", "gzip", "gzip", "from gzip", "Accept-Encoding"},
			{"/app.css", "br", "br", "from br", "Accept-Encoding"},
			{"/app.css", "zstd", "zstd", "from zstd", "Accept-Encoding"},
			{"/app.css", "gzip, br, zstd", "zstd", "from zstd", "Accept-Encoding"},
			{"/app.css", "gzip, br;q=0.5, zstd;q=0", "gzip", "from gzip", "Accept-Encoding"},
			{"/app.css", "*", "zstd", "from zstd", "Accept-Encoding"},
			{"/app.css", "deflate", "", "plain", "Accept-Encoding"},
			{"/app.css", "identity", "", "plain", "Accept-Encoding"},
			{"/old.css", "gzip", "", "plain", ""},
			{"/alone.css", "gzip", "", "plain", ""},
		} {
			got := c.get(test.path, "--compressed", "-H", "Accept-Encoding: "+test.accept)
			if got.code != 0 || got.status != 200 || got.content != test.content || got.header.Get("Content-Encoding") != test.coding {
				t.Errorf("%s, Accept-Encoding: %s: exit %d, status %d, %q from Content-Encoding %q, want 0, 200, %q from %q", test.path,
					test.accept, got.code, got.status, got.content, got.header.Get("Content-Encoding"), test.content, test.coding)
			}
			if got := got.header.Get("Vary"); got != test.vary {
				t.Errorf("%s, Accept-Encoding: %s: got Vary %q, want %q", test.path, test.accept, got, test.vary)
			}
			if got := got.header.Get("Content-Type"); got != "text/css; charset=utf-8" {
				t.Errorf("%s, Accept-Encoding: %s: got Content-Type %q, want that of the original", test.path, test.accept, got)
			}
			if tag := got.header.Get("ETag"); test.path == "/app.css" && tags[tag] != "" && tags[tag] != test.content {
				t.Errorf("got ETag %s for %q and for %q", tag, tags[tag], test.content)
			} else if test.path == "/app.css" {
				tags[tag] = test.content
			}
		}
		// What this curl knows by itself.
		if got := c.get("/app.css", "--compressed"); got.code != 0 || got.header.Get("Content-Encoding") == "" {
			t.Errorf("--compressed: exit %d, Content-Encoding %q, want 0 and one", got.code, got.header.Get("Content-Encoding"))
		}
		// A range is one of the coded octets.
		whole := zstded("from zstd")
		got := c.get("/app.css", "-r", "-9", "-H", "Accept-Encoding: zstd")
		if got.status != 206 || got.content != whole[len(whole)-9:] {
			t.Errorf("-r -9 of zstd: got %d %q, want 206 %q", got.status, got.content, whole[len(whole)-9:])
		}
	})
}

// TestAttachment has curl name a file as the server asks for.
func TestAttachment(t *testing.T) {
	root := newSite(t, map[string]string{"1234.pdf": "an invoice"})
	prepare := func(app *microroute.App) {
		app.Get("/invoice", func(c *microroute.Context) error {
			c.Response.Attachment("Invoice 7 \"paid\".pdf")
			return c.Response.SendFile(filepath.Join(root, "1234.pdf"))
		})
	}
	onEach(t, "", prepare, func(t *testing.T, address string) {
		c := newCurl(t, address)
		got := c.get("/invoice", "-O", "-J")
		names, err := filepath.Glob(filepath.Join(c.dir, "Invoice*"))
		if got.code != 0 || err != nil || len(names) != 1 || c.read(filepath.Base(names[0])) != "an invoice" {
			t.Errorf("-O -J: exit %d, files %q (%v), Content-Disposition %s, want one file of that name", got.code, names, err,
				got.header.Get("Content-Disposition"))
		}
	})
}

func gzipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(text))
	if err = errors.Join(err, w.Close()); err != nil {
		panic(err)
	}
	return b.String()
}

// zstded returns a frame of one block that is not compressed (RFC 8878 section 3.1.1).
func zstded(text string) string {
	const singleSegment, lastRaw = 1 << 5, 1
	frame := binary.LittleEndian.AppendUint32(nil, 0xFD2FB528)
	frame = append(frame, singleSegment, byte(len(text)))
	block := len(text)<<3 | lastRaw
	return string(append(frame, byte(block), byte(block>>8), byte(block>>16))) + text
}

// brotlied returns a stream of one meta-block that is not compressed, and an empty one at its end (RFC 7932 section 9.2).
func brotlied(text string) string {
	const uncompressed = 1 << 20
	head := (len(text)-1)<<4 | uncompressed // below it a window of 16 bits, not the last one, four nibbles of length
	return string([]byte{byte(head), byte(head >> 8), byte(head >> 16)}) + text + "\x03"
}
