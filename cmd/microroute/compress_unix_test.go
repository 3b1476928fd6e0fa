//go:build unix

package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"strings"
	"testing"
)

func TestCompress(t *testing.T) {
	dir := site(t)
	p := start(t, dir, "--compress")
	long := strings.Repeat("a cup of tea\n", 1000)
	plain := get(t, p.url+"long.txt")
	packed := get(t, p.url+"long.txt", "Accept-Encoding", "br;q=0.5, gzip")
	if plain.body != long || plain.header.Get("Content-Encoding") != "" || plain.header.Get("Content-Length") != "13000" {
		t.Errorf("plain: got %d octets, %v", len(plain.body), plain.header)
	}
	if unzip(t, packed.body) != long || packed.header.Get("Content-Encoding") != "gzip" || packed.header.Get("Accept-Ranges") != "" {
		t.Errorf("compressed: got %d octets, %v", len(packed.body), packed.header)
	}
	tag, packedTag := plain.header.Get("ETag"), packed.header.Get("ETag")
	if tag == "" || packedTag != tagged(tag) {
		t.Errorf("the tags are %s and %s", tag, packedTag)
	}
	for _, tt := range []struct {
		name, path, method string
		fields             []string
		status             int
		coding, vary, tag  string
	}{
		{"HEAD as GET", "long.txt", "HEAD", []string{"Accept-Encoding", "gzip"}, 200, "gzip", "Accept-Encoding", packedTag},
		{"the client has it, compressed", "long.txt", "GET", []string{"Accept-Encoding", "gzip", "If-None-Match", `"x", ` + packedTag}, 304,
			"", "Accept-Encoding", packedTag},
		{"the client has it, plain", "long.txt", "GET", []string{"If-None-Match", tag}, 304, "", "Accept-Encoding", tag},
		{"the client has it compressed and wants it plain", "long.txt", "GET", []string{"If-None-Match", packedTag}, 200,
			"", "Accept-Encoding", tag},
		{"a part of the plain one", "long.txt", "GET", []string{"Accept-Encoding", "gzip", "Range", "bytes=0-1999"}, 206, "", "Accept-Encoding", tag},
		{"no part of the compressed one", "long.txt", "GET",
			[]string{"Accept-Encoding", "gzip", "Range", "bytes=0-1999", "If-Range", packedTag}, 200, "gzip", "Accept-Encoding", packedTag},
		{"refused", "long.txt", "GET", []string{"Accept-Encoding", "gzip;q=0, *"}, 200, "", "Accept-Encoding", tag},
		{"a picture", "picture.png", "GET", []string{"Accept-Encoding", "gzip"}, 200, "", "", ""},
		{"not worth it", "a.txt", "GET", []string{"Accept-Encoding", "gzip"}, 200, "", "Accept-Encoding", ""},
		{"not there", "none", "GET", []string{"Accept-Encoding", "gzip"}, 404, "", "Accept", ""},
	} {
		got := do(t, tt.method, p.url+tt.path, tt.fields...)
		if got.status != tt.status || got.header.Get("Content-Encoding") != tt.coding || got.header.Get("Vary") != tt.vary ||
			tt.tag != "" && got.header.Get("ETag") != tt.tag {
			t.Errorf("%s: got %d %v\nwant %d, Content-Encoding %q, Vary %q, ETag %s", tt.name, got.status, got.header,
				tt.status, tt.coding, tt.vary, tt.tag)
		}
	}
}

func TestPrecompressed(t *testing.T) {
	dir := site(t)
	for _, flags := range [][]string{nil, {"--compress"}} {
		p := start(t, dir, flags...)
		got := get(t, p.url+"packed.css", "Accept-Encoding", "gzip")
		if got.header.Get("Content-Encoding") != "gzip" || got.header.Get("Vary") != "Accept-Encoding" || unzip(t, got.body) != css() {
			t.Errorf("%q: got %v and %d octets", flags, got.header, len(got.body))
		}
		tag := got.header.Get("ETag")
		if got := get(t, p.url+"packed.css", "Accept-Encoding", "gzip", "If-None-Match", tag); got.status != 304 || got.header.Get("ETag") != tag {
			t.Errorf("%q, the client has %s: got %d with %s", flags, tag, got.status, got.header.Get("ETag"))
		}
		if got := get(t, p.url+"packed.css"); got.body != css() || got.header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q, plain: got %v and %d octets", flags, got.header, len(got.body))
		}
	}
}

// css returns text that is long when it is compressed, too.
func css() string {
	var b strings.Builder
	for i := range 500 {
		fmt.Fprintf(&b, ".c%d{}\n", i*i*i)
	}
	return b.String()
}

func zip(t *testing.T, plain string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, plain); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func unzip(t *testing.T, packed string) string {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader([]byte(packed)))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(plain)
}
